"""Machine clients: who gets a token by its own key, who does not, and what the token is good for."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import orjson
import pytest
from federation_kit import LocalSubgraphs, engine
from identity_kit import GATEWAY, assertion, assertion_form
from starlette.datastructures import Headers

from gateway.access.clients import Clients
from gateway.access.identity import Identity
from gateway.access.issuers import IssuersError, read_issuers
from gateway.access.jws import TokenRules
from gateway.access.keys import KeySource
from gateway.access.tokens import Issuer, TokenVerifier
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.store.marks import MarksUnavailableError, MemoryMarks
from gateway.transport.app import create_app
from gateway.transport.oauth import TokenEndpoint
from gateway.upstream.client import SubgraphClient
from gateway.upstream.context import RequestContext
from gateway.upstream.signing import new_signer

FILE = f"""
gateway = "{GATEWAY}"

[[client]]
name = "cgr-audit"
institution = "CGR"
roles = ["auditor"]
jwks = "cgr.json"
scopes = ["ledger", "cases"]
attributes = {{ office = "lima" }}
purposes = ["audit"]

[[client]]
name = "other"
institution = "MP"
roles = ["clerk"]
jwks = "other.json"
"""


class Keeping(LocalSubgraphs):
    """Keeps who asked last."""

    identity: Identity | None = None

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        assert isinstance(context, RequestContext)
        self.identity = context.identity
        return await super().fetch(request, context)


class Gateway:
    """A gateway that knows two clients; each has a key, and so has the gateway."""

    def __init__(self, folder: Path) -> None:
        self.audit, self.other, self.signer = new_signer(), new_signer(), new_signer()
        for name, key in (("cgr", self.audit), ("other", self.other)):
            (folder / f"{name}.json").write_bytes(orjson.dumps(key.jwks()))
        (folder / "issuers.toml").write_text(FILE)
        trusted = read_issuers(folder / "issuers.toml")
        self.marks = MemoryMarks()
        self.tokens = TokenEndpoint(Clients(trusted.gateway, trusted.clients), self.signer, self.marks)
        self.subgraphs = Keeping()
        self.app = create_app(
            engine(self.subgraphs),
            SubgraphClient({}, signer=self.signer),
            verifier=TokenVerifier(self.tokens.issuer()),
            tokens=self.tokens,
        )


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return Gateway(tmp_path)


@pytest.fixture
async def http(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gateway.app), base_url=GATEWAY) as client:
        yield client


async def books(http: httpx.AsyncClient, token: str, **headers: str) -> httpx.Response:
    given = {"Authorization": f"Bearer {token}", **headers}
    return await http.post("/graphql", json={"query": "{ books { title } }"}, headers=given)


async def test_a_client_proves_itself_and_asks_as_what_it_is(http: httpx.AsyncClient, gateway: Gateway) -> None:
    answer = await http.post("/oauth/token", data=assertion_form(assertion(gateway.audit)))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    told = answer.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 300, "ledger cases")
    assert (await books(http, told["access_token"])).json()["data"]["books"]
    assert gateway.subgraphs.identity == Identity(
        subject="client:cgr-audit",
        institution="CGR",
        roles=("auditor",),
        purpose="audit",
        purpose_reference=None,
        client="cgr-audit",
        claims=(("office", "lima"),),
        scopes=("cases", "ledger"),
    )
    refused = await books(http, told["access_token"], **{"Quipu-Purpose": "case_review"})
    assert refused.json()["errors"][0]["extensions"]["code"] == "PURPOSE_INVALID"


async def test_a_client_may_ask_for_less_and_not_for_more(http: httpx.AsyncClient, gateway: Gateway) -> None:
    less = await http.post("/oauth/token", data=assertion_form(assertion(gateway.audit), scope="ledger"))
    assert less.json()["scope"] == "ledger"
    more = await http.post("/oauth/token", data=assertion_form(assertion(gateway.audit), scope="ledger admin"))
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize("audience", [GATEWAY, f"{GATEWAY}/oauth/token"])
async def test_an_assertion_is_good_once(http: httpx.AsyncClient, gateway: Gateway, audience: str) -> None:
    form = assertion_form(assertion(gateway.audit, aud=audience))
    answers = [(await http.post("/oauth/token", data=form)).status_code for _ in range(3)]
    assert answers == [200, 401, 401]


INVALID: dict[str, dict[str, Any]] = {
    "for another server": {"aud": "https://other.example"},
    "for two servers": {"aud": [GATEWAY, "https://other.example"]},
    "for nobody": {"aud": None},
    "without an end": {"exp": None},
    "without a beginning": {"iat": None},
    "without an id": {"jti": None},
    "with an empty id": {"jti": ""},
    "with a long id": {"jti": "x" * 200},
    "ended": {"exp": int(time.time()) - 60},
    "good for an hour": {"exp": int(time.time()) + 3600},
    "of another subject": {"sub": "other"},
    "without a subject": {"sub": None},
    "of another client": {"iss": "other", "sub": "other"},
    "of an unknown client": {"iss": "nobody", "sub": "nobody"},
    "of another type": {"typ": "at+jwt"},
}


@pytest.mark.parametrize("case", INVALID)
async def test_an_assertion_that_proves_nothing_gives_no_token(
    http: httpx.AsyncClient, gateway: Gateway, case: str
) -> None:
    answer = await http.post("/oauth/token", data=assertion_form(assertion(gateway.audit, **INVALID[case])))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "access_token" not in answer.text


async def test_an_assertion_signed_by_another_key_gives_no_token(http: httpx.AsyncClient, gateway: Gateway) -> None:
    answer = await http.post("/oauth/token", data=assertion_form(assertion(gateway.other)))
    assert answer.json()["error"] == "invalid_client"


FORMS: dict[str, tuple[dict[str, str], str]] = {
    "another grant": ({"grant_type": "password"}, "unsupported_grant_type"),
    "another kind of assertion": ({"client_assertion_type": "saml"}, "invalid_client"),
    "a secret too": ({"client_secret": "s"}, "invalid_request"),
    "another client's name": ({"client_id": "other"}, "invalid_client"),
    "no JWT": ({"client_assertion": "x.y.z"}, "invalid_client"),
}


@pytest.mark.parametrize("case", FORMS)
async def test_a_form_that_says_something_else_is_refused(http: httpx.AsyncClient, gateway: Gateway, case: str) -> None:
    changes, error = FORMS[case]
    answer = await http.post("/oauth/token", data=assertion_form(assertion(gateway.audit), **changes))
    assert answer.json()["error"] == error
    assert answer.status_code in (400, 401)


RAW: dict[str, tuple[bytes, dict[str, str], int]] = {
    "JSON": (b"{}", {"Content-Type": "application/json"}, 400),
    "a parameter twice": (b"grant_type=client_credentials&grant_type=client_credentials", {}, 400),
    "no pairs": (b"&&&", {}, 400),
    "no text": (b"grant_type=\xff", {}, 400),
    "too many": (b"&".join(b"a%d=1" % i for i in range(100)), {}, 400),
    "too large": (b"grant_type=" + b"x" * 20_000, {}, 413),
}


@pytest.mark.parametrize("case", RAW)
async def test_a_body_that_is_no_form_is_refused(http: httpx.AsyncClient, case: str) -> None:
    body, headers, status = RAW[case]
    given = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    answer = await http.post("/oauth/token", content=body, headers=given)
    assert (answer.status_code, answer.json()["error"]) == (status, "invalid_request")


async def test_no_token_is_given_while_nobody_can_tell_whether_it_was_used(
    http: httpx.AsyncClient, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(key: str, life: float) -> bool:
        raise MarksUnavailableError("away")

    monkeypatch.setattr(gateway.marks, "first", away)
    answer = await http.post("/oauth/token", data=assertion_form(assertion(gateway.audit)))
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")


async def test_neither_kind_of_the_gateways_tokens_is_good_for_the_other(
    http: httpx.AsyncClient, gateway: Gateway, tmp_path: Path
) -> None:
    judge = Identity("jueza.uno", "PJ", ("judge",), None, None, None)
    for_subgraph = gateway.signer.token(GATEWAY, judge)
    assert (await books(http, for_subgraph)).status_code == 401
    renamed = jwt.decode(for_subgraph, options={"verify_signature": False}) | {"iss": GATEWAY, "aud": GATEWAY}
    key = gateway.signer.current
    for typ in ("quipu-identity+jwt", "JWT"):
        forged = jwt.encode(renamed, key.private, algorithm="EdDSA", headers={"kid": key.key_id, "typ": typ})
        assert (await books(http, forged)).status_code == 401
    assert (await books(http, assertion(gateway.audit))).status_code == 401


async def test_a_person_whom_an_institution_calls_like_a_client_is_not_the_client(tmp_path: Path) -> None:
    key = new_signer()
    (tmp_path / "keys.json").write_bytes(orjson.dumps(key.jwks()))
    issuer = Issuer(
        KeySource(str(tmp_path / "keys.json")), TokenRules("https://cgr.example", "quipu"), institution="CGR"
    )
    told = assertion(key, iss="https://cgr.example", aud="quipu", roles=["auditor"])
    identity = await TokenVerifier(issuer).identify(Headers({"Authorization": f"Bearer {told}"}))
    assert identity.subject == "cgr-audit"


async def test_the_server_says_what_it_is(http: httpx.AsyncClient) -> None:
    told = (await http.get("/.well-known/oauth-authorization-server")).json()
    assert (told["issuer"], told["token_endpoint"]) == (GATEWAY, f"{GATEWAY}/oauth/token")
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]


UNSOUND = {
    "no address": (FILE.replace(f'gateway = "{GATEWAY}"', ""), "need the gateway"),
    "an address with a path": (FILE.replace(GATEWAY, f"{GATEWAY}/a"), "without a path"),
    "an address in the clear": (FILE.replace("https", "http"), "use https"),
    "two of one name": (FILE.replace('"other"', '"cgr-audit"'), "two clients have the name cgr-audit"),
    "an unknown key": (FILE + "secret = 's'", "secret"),
    "no roles": (FILE.replace('["clerk"]', "[]"), "roles"),
    "no keys": (FILE.replace("other.json", "none.json"), "none.json is no file"),
    "the gateway as an issuer": (
        FILE + f'[[issuer]]\nissuer = "{GATEWAY}"\ninstitution = "PJ"\n',
        "the gateway's own address",
    ),
}


@pytest.mark.parametrize("case", UNSOUND)
def test_clients_that_cannot_be_taken_are_told_why(gateway: Gateway, tmp_path: Path, case: str) -> None:
    text, said = UNSOUND[case]
    (tmp_path / "issuers.toml").write_text(text)
    with pytest.raises(IssuersError, match=said):
        read_issuers(tmp_path / "issuers.toml")
