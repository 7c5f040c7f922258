// Asks gateways of the field. Standard input: {name: {supergraph, operations: [{query, variables}]}}. Standard output:
// {name: {apollo: [answer], hive: [answer]}}, where an answer is {data, errors: [{message, path}]}; if a gateway does
// not take the supergraph, {refused: message}.
import { readFileSync } from "node:fs";
import { ApolloGateway } from "@apollo/gateway";
import { buildHTTPExecutor } from "@graphql-tools/executor-http";
import { getStitchedSchemaFromSupergraphSdl } from "@graphql-tools/federation";
import { execute, parse } from "graphql";

// What a gateway leaves unhandled is its own affair; the answer that never comes is an error.
process.on("unhandledRejection", () => {});
const late = () => new Promise((_, reject) => setTimeout(reject, 5000, "no answer came").unref());
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

async function apollo(supergraphSdl) {
  const gateway = new ApolloGateway({ supergraphSdl, logger: quiet });
  const { executor } = await gateway.load();
  const ask = ({ query, variables }) =>
    executor({
      request: { query, variables },
      document: parse(query),
      queryHash: query,
      source: query,
      context: {},
      logger: quiet,
      metrics: {},
    });
  return { ask, stop: () => gateway.stop() };
}

async function hive(supergraphSdl) {
  const onSubschemaConfig = (config) => {
    config.executor = buildHTTPExecutor({ endpoint: config.endpoint });
  };
  const schema = getStitchedSchemaFromSupergraphSdl({ supergraphSdl, onSubschemaConfig, batch: true });
  const ask = ({ query, variables }) => execute({ schema, document: parse(query), variableValues: variables });
  return { ask, stop() {} };
}

async function answers(start, { supergraph, operations }) {
  let gateway;
  try {
    gateway = await start(supergraph);
  } catch (error) {
    return { refused: String(error) };
  }
  const told = [];
  for (const operation of operations) {
    try {
      const { data, errors } = await Promise.race([gateway.ask(operation), late()]);
      told.push({ data: data ?? null, errors: (errors ?? []).map(({ message, path }) => ({ message, path })) });
    } catch (error) {
      told.push({ data: null, errors: [{ message: `${error}` }] });
    }
  }
  await gateway.stop();
  return told;
}

const worlds = JSON.parse(readFileSync(0, "utf8"));
const found = {};
for (const [name, world] of Object.entries(worlds)) {
  found[name] = { apollo: await answers(apollo, world), hive: await answers(hive, world) };
}
process.stdout.write(JSON.stringify(found), () => process.exit(0));
