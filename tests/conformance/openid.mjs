// A real OpenID provider on loopback: `node openid.mjs REDIRECT_URI` prints its address. Whoever types a name is in, and
// the name is the role that its tokens say. Access tokens are JWTs for the audience `quipu` (RFC 9068).
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [callback] = process.argv.slice(2);
const RESOURCE = "urn:quipu";
const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "quipu-graphiql",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code"],
      response_types: ["code"],
      redirect_uris: [callback],
    },
  ],
  cookies: { keys: ["of-the-tests"] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (_, token) => ({ roles: [token.accountId], institution: "MP" }),
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: "cases",
        audience: "quipu",
        accessTokenTTL: 300,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid");
    grant.addResourceScope(RESOURCE, "cases");
    await grant.save();
    return grant;
  },
});

async function form(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = '<link rel="icon" href="data:,"><form method="post"><input name="login"><button>Entrar</button></form>';
    return;
  }
  const name = (await form(ctx.req)).get("login");
  const result = name ? { login: { accountId: name } } : { error: "access_denied", error_description: "no" };
  await provider.interactionFinished(ctx.req, ctx.res, result);
  ctx.respond = false;
});

server.on("request", provider.callback());
console.log(issuer);
