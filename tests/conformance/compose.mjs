// Composes sets of subgraphs. Standard input: {name: [{name, url, sdl}]}. Standard output:
// {name: {errors: [[code, message]], hints: [[code, message, coordinate]], sdl}}, where `sdl` is left out if there are
// errors. An error of code BROKE_DOWN is the composer's own.
import { readFileSync } from "node:fs";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";

function verdict(subgraphs) {
  let services;
  try {
    services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  } catch (error) {
    return { errors: [["INVALID_GRAPHQL", String(error)]], hints: [] };
  }
  try {
    const { errors, hints, supergraphSdl } = composeServices(services);
    return {
      errors: (errors ?? []).map((error) => [error.extensions?.code ?? "INVALID_GRAPHQL", error.message]),
      hints: (hints ?? []).map((hint) => [hint.definition.code, hint.message, hint.coordinate ?? ""]),
      sdl: supergraphSdl,
    };
  } catch (error) {
    const code = error.extensions?.code ?? "INVALID_GRAPHQL";
    return { errors: [[code === "INVALID_GRAPHQL" ? "BROKE_DOWN" : code, String(error)]], hints: [] };
  }
}

const cases = JSON.parse(readFileSync(0, "utf8"));
const verdicts = Object.entries(cases).map(([name, subgraphs]) => [name, verdict(subgraphs)]);
process.stdout.write(JSON.stringify(Object.fromEntries(verdicts)));
