// GraphiQL over this gateway. In the demo the two selectors say who asks and why; whatever is typed into GraphiQL's
// own header editor comes after them and wins.
"use strict";

(async function () {
  const page = await (await fetch("/graphiql/page.json")).json();
  const identity = document.getElementById("identity");
  const purpose = document.getElementById("purpose");
  const tokens = new Map();

  async function sampleHeaders() {
    if (!page.identities.length) return {};
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
    return { Authorization: "Bearer " + tokens.get(identity.value).token, "Quipu-Purpose": purpose.value };
  }

  async function fetcher(asked, options) {
    const headers = new Headers({ Accept: "application/graphql-response+json", "Content-Type": "application/json" });
    for (const given of [await sampleHeaders(), (options && options.headers) || {}])
      for (const [name, value] of Object.entries(given)) headers.set(name, value);
    return (await fetch(page.endpoint, { method: "POST", headers, body: JSON.stringify(asked) })).json();
  }

  function fill(select, values) {
    for (const value of values) select.add(new Option(value, value));
  }

  fill(identity, page.identities.map((sample) => sample.name));
  fill(purpose, page.purposes);
  const usual = () => {
    const chosen = page.identities.find((sample) => sample.name === identity.value);
    if (chosen) purpose.value = chosen.purpose;
  };
  identity.addEventListener("change", usual);
  usual();
  document.getElementById("sample").hidden = !page.identities.length;
  document.getElementById("notice").hidden = !page.fictitious;

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
