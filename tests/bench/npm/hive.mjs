// Hive Gateway, with its own bounds on the depth and tokens of an operation off: ours are wider.
export const gatewayConfig = { maxDepth: false, maxTokens: false };
