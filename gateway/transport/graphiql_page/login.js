// Logging in at an institution's own provider: authorization code with PKCE (RFC 7636). The verifier and the state wait
// in this tab's session storage for the browser to come back; the token stays in memory and goes with the page.
"use strict";

const login = (function () {
  const KEPT = "quipu-login";

  function random() {
    return base64url(crypto.getRandomValues(new Uint8Array(32)));
  }

  function base64url(bytes) {
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  }

  async function post(path, body) {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(response.status === 503 ? "El proveedor de identidad no responde." : "No se pudo ingresar.");
    return response.json();
  }

  async function begin(institution) {
    const told = await post("/graphiql/login", { institution });
    const verifier = random();
    const state = random();
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    const expected = told.statesIssuer ? told.issuer : null;
    sessionStorage.setItem(KEPT, JSON.stringify({ institution, verifier, state, expected }));
    const address = new URL(told.address);
    const asked = { ...told.parameters, state, code_challenge: base64url(new Uint8Array(digest)) };
    for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
    location.assign(address);
  }

  // Who came back from a provider: {institution, token}, or null for who opens the page. What is in the address is used
  // once, and only if this very tab asked for it.
  async function finish() {
    if (location.pathname !== "/graphiql/callback") return null;
    const given = new URLSearchParams(location.search);
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    sessionStorage.removeItem(KEPT);
    history.replaceState(null, "", "/graphql");
    if (!kept || given.get("state") !== kept.state) throw new Error("Este ingreso no empezó aquí. Vuelva a ingresar.");
    if (kept.expected && given.get("iss") !== kept.expected) throw new Error("Respondió otro proveedor. Vuelva a ingresar.");
    if (!given.get("code")) throw new Error("El proveedor de identidad no dio acceso.");
    const asked = { institution: kept.institution, code: given.get("code"), verifier: kept.verifier };
    return { institution: kept.institution, token: (await post("/graphiql/token", asked)).token };
  }

  return { begin, finish };
})();
