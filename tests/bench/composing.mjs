// Composes subgraphs with the field's own composer. Arguments: a file of [{name, sdl}], then `merge` to leave out the
// proof that every query can be answered, or `whole`. Standard output: what came of it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../conformance/", import.meta.url));
const { composeServices } = require("@apollo/composition");
const { parse } = require("graphql");

const [file, extent] = process.argv.slice(2);
const services = JSON.parse(readFileSync(file, "utf8")).map(({ name, sdl }) => ({ name, url: "", typeDefs: parse(sdl) }));
const { errors } = composeServices(services, { runSatisfiability: extent === "whole" });
console.log(errors ? `refused: ${errors[0].extensions?.code}` : "composed");
