// GraphiQL over this gateway. The selectors say who asks and why; whatever is typed into GraphiQL's own header editor
// comes after them and wins.
"use strict";

(async function () {
  const page = await (await fetch("/graphiql/page.json")).json();
  const identity = document.getElementById("identity");
  const purpose = document.getElementById("purpose");
  const reference = document.getElementById("reference");
  const tokens = new Map();
  let session = null;

  async function sampleToken() {
    const known = tokens.get(identity.value);
    // Sample tokens live for some minutes; one from the last minute is good for this request.
    if (!known || Date.now() - known.at > 60000) {
      const response = await fetch("/graphiql/sample-token", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ as: identity.value }),
      });
      if (!response.ok) throw new Error("No sample token for " + identity.value + ": " + response.status);
      tokens.set(identity.value, { at: Date.now(), token: (await response.json()).token });
    }
    return tokens.get(identity.value).token;
  }

  async function askingHeaders() {
    if (!session && !page.identities.length) return {};
    const headers = { Authorization: "Bearer " + (session ? session.token : await sampleToken()) };
    if (purpose.value) headers["Quipu-Purpose"] = purpose.value;
    if (reference.value.trim()) headers["Quipu-Purpose-Reference"] = reference.value.trim();
    return headers;
  }

  async function fetcher(asked, options) {
    const headers = new Headers({ Accept: "application/graphql-response+json", "Content-Type": "application/json" });
    for (const given of [await askingHeaders(), (options && options.headers) || {}])
      for (const [name, value] of Object.entries(given)) headers.set(name, value);
    return (await fetch(page.endpoint, { method: "POST", headers, body: JSON.stringify(asked) })).json();
  }

  function fill(select, values) {
    for (const value of values) select.add(new Option(value, value));
  }

  function show(id, shown) {
    document.getElementById(id).hidden = !shown;
  }

  function button(text, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", () => Promise.resolve(action()).catch((error) => say(error.message)));
    document.getElementById("logins").append(made);
  }

  function say(text) {
    document.getElementById("graphiql").textContent = text;
  }

  async function loggedIn() {
    show("logins", page.logins.length);
    let problem = "Ingrese con la cuenta de su institución.";
    try {
      session = await login.finish();
    } catch (error) {
      problem = error.message;
    }
    if (session) {
      button("Salir (" + session.institution + ")", () => location.assign("/graphql"));
      return true;
    }
    for (const institution of page.logins) button("Ingresar (" + institution + ")", () => login.begin(institution));
    say(problem);
    return false;
  }

  show("notice", page.fictitious);
  if (page.logins.length && !(await loggedIn())) return;
  fill(identity, page.identities.map((sample) => sample.name));
  fill(purpose, page.logins.length ? ["", ...page.purposes] : page.purposes);
  const usual = () => {
    const chosen = page.identities.find((sample) => sample.name === identity.value);
    if (chosen) purpose.value = chosen.purpose;
  };
  identity.addEventListener("change", usual);
  usual();
  show("asking", session || page.identities.length);
  show("who", page.identities.length);
  show("on", session);

  const editor = React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: page.query,
    query: page.query,
    variables: page.variables,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  });
  ReactDOM.render(editor, document.getElementById("graphiql"));
})();
