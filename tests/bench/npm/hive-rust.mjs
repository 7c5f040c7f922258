// Hive Gateway with the planner and runtime written in Rust.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { unifiedGraphHandler } = require("@graphql-hive/router-runtime");

export const gatewayConfig = { maxDepth: false, maxTokens: false, unifiedGraphHandler };
