"""Who gets in, who does not, and what a subgraph is told of it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from federation_kit import LocalSubgraphs, engine
from identity_kit import ISSUER, deep_header, hmac_with_the_public_key, token, unsigned
from identity_kit import jwks as published

from gateway.access.identity import Identity
from gateway.access.jws import TokenRules
from gateway.access.keys import KeySource
from gateway.access.tokens import Issuer, TokenVerifier
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.transport.app import create_app
from gateway.upstream.client import SubgraphClient
from gateway.upstream.context import RequestContext
from gateway.upstream.signing import TOKEN_TYPE, load_signer


@pytest.fixture
def jwks(tmp_path: Path) -> Path:
    file = tmp_path / "jwks.json"
    file.write_text(published())
    return file


class Seen(LocalSubgraphs):
    """Keeps the context of each fetch."""

    contexts: list[RequestContext]

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        assert isinstance(context, RequestContext)
        self.contexts.append(context)
        return await super().fetch(request, context)


@pytest.fixture
def subgraphs() -> Seen:
    seen = Seen()
    seen.contexts = []
    return seen


@pytest.fixture
async def http(jwks: Path, subgraphs: Seen) -> AsyncIterator[httpx.AsyncClient]:
    verifier = TokenVerifier(Issuer(KeySource(str(jwks)), TokenRules(ISSUER, "quipu")))
    app = create_app(engine(subgraphs), SubgraphClient({}), verifier=verifier)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        yield client


async def ask(http: httpx.AsyncClient, authorization: str | None, **headers: str) -> httpx.Response:
    given = {"Authorization": authorization} if authorization else {}
    return await http.post("/graphql", json={"query": "{ books { title } }"}, headers={**given, **headers})


async def test_a_good_token_is_an_identity_with_the_stated_purpose(http: httpx.AsyncClient, subgraphs: Seen) -> None:
    purpose = {"Quipu-Purpose": "case_review", "Quipu-Purpose-Reference": "99006-2022-0-1801-JR-DC-04"}
    response = await ask(http, f"Bearer {token()}", **purpose)
    assert response.json()["data"]["books"]
    assert subgraphs.contexts[0].identity == Identity(
        "jueza.uno", "PJ", ("judge",), "case_review", "99006-2022-0-1801-JR-DC-04", "escritorio"
    )


REFUSED = {
    "no token": (None, "UNAUTHENTICATED"),
    "not a bearer": ("Basic abc", "TOKEN_INVALID"),
    "not a token": ("Bearer abc", "TOKEN_INVALID"),
    "another key": (f"Bearer {token(rsa.generate_private_key(65537, 2048))}", "TOKEN_INVALID"),
    "an unknown key": (f"Bearer {token(kid='k2')}", "TOKEN_INVALID"),
    "a key id with a path": (f"Bearer {token(kid='../../etc/passwd')}", "TOKEN_INVALID"),
    "a key of its own": (f"Bearer {token(headers={'jku': 'http://127.0.0.1:1/'}, kid='x')}", "TOKEN_INVALID"),
    "alg none": (f"Bearer {unsigned()}", "TOKEN_INVALID"),
    "the public key as a secret": (f"Bearer {hmac_with_the_public_key()}", "TOKEN_INVALID"),
    "another algorithm": (f"Bearer {token(Ed25519PrivateKey.generate(), 'EdDSA')}", "TOKEN_INVALID"),
    "expired": (f"Bearer {token(exp=int(time.time()) - 60)}", "TOKEN_EXPIRED"),
    "no expiry": (f"Bearer {token(exp=None)}", "TOKEN_INVALID"),
    "another audience": (f"Bearer {token(aud='other')}", "TOKEN_INVALID"),
    "no audience": (f"Bearer {token(aud=None)}", "TOKEN_INVALID"),
    "another issuer": (f"Bearer {token(iss='https://other.example')}", "TOKEN_INVALID"),
    "no institution": (f"Bearer {token(institution=None)}", "TOKEN_INVALID"),
    "roles that are no list": (f"Bearer {token(roles='judge')}", "TOKEN_INVALID"),
    "a token for another use": (f"Bearer {token(headers={'typ': 'logout+jwt'})}", "TOKEN_INVALID"),
    "the gateway's word to a subgraph": (f"Bearer {token(headers={'typ': TOKEN_TYPE})}", "TOKEN_INVALID"),
    "claims that are no object": ("Bearer e30.W10.AAAA", "TOKEN_INVALID"),
    "a header too deep to read": (f"Bearer {deep_header()}", "TOKEN_INVALID"),
    "a huge token": (f"Bearer {token(sub='x' * 20_000)}", "TOKEN_INVALID"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_bad_token_is_refused_and_leaves_no_trace_of_itself(
    http: httpx.AsyncClient, subgraphs: Seen, caplog: pytest.LogCaptureFixture, case: str
) -> None:
    authorization, code = REFUSED[case]
    with caplog.at_level(logging.DEBUG, logger="gateway"):
        response = await ask(http, authorization)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["errors"][0]["extensions"]["code"] == code
    assert "data" not in response.json()
    assert subgraphs.sent == []
    if authorization is not None:
        assert authorization.partition(" ")[2] not in caplog.text


async def test_two_authorization_headers_are_refused(http: httpx.AsyncClient) -> None:
    headers = [("Authorization", f"Bearer {token()}"), ("Authorization", f"Bearer {token()}")]
    response = await http.post("/graphql", json={"query": "{ books { title } }"}, headers=headers)
    assert response.status_code == 401


async def test_a_token_in_the_query_string_is_not_looked_at(http: httpx.AsyncClient) -> None:
    response = await http.post(f"/graphql?access_token={token()}", json={"query": "{ books { title } }"})
    assert response.status_code == 401


async def test_a_purpose_of_another_form_is_refused(http: httpx.AsyncClient) -> None:
    response = await ask(http, f"Bearer {token()}", **{"Quipu-Purpose": "'; drop"})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "PURPOSE_INVALID")


def publish_second_key(jwks: Path) -> None:
    written = json.loads(jwks.read_text())
    jwks.write_text(json.dumps({"keys": [*written["keys"], {**written["keys"][0], "kid": "k2"}]}))


async def test_a_rotated_key_is_found_and_a_lost_source_keeps_the_known_keys(jwks: Path) -> None:
    source = KeySource(str(jwks), refetch_after=0)
    assert await source.key("k1") is not None
    publish_second_key(jwks)
    assert await source.key("k2") is not None
    await asyncio.to_thread(jwks.unlink)
    assert await source.key("k3") is None
    assert await source.key("k1") is not None


async def test_keys_that_cannot_be_read_are_an_outage_not_a_refusal(tmp_path: Path) -> None:
    verifier = TokenVerifier(Issuer(KeySource(str(tmp_path / "none.json")), TokenRules(ISSUER, "quipu")))
    app = create_app(engine(LocalSubgraphs()), SubgraphClient({}), verifier=verifier)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        response = await ask(client, f"Bearer {token()}")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (503, "IDENTITY_UNAVAILABLE")


def test_the_gateway_signs_for_one_subgraph_and_reuses_the_token_for_seconds(tmp_path: Path) -> None:
    now = [1_000_000.0]
    signer = load_signer(tmp_path / "keys")
    signer.clock = lambda: now[0]
    judge = Identity("jueza.uno", "PJ", ("judge",), "case_review", None, None)
    first = signer.token("judiciary", judge)
    key = jwt.PyJWK(next(key for key in signer.jwks()["keys"] if key["kid"] == jwt.get_unverified_header(first)["kid"]))
    options = {"verify_exp": False, "verify_iat": False}
    told = jwt.decode(first, key, algorithms=["EdDSA"], audience="judiciary", issuer="quipu-gateway", options=options)
    assert jwt.get_unverified_header(first)["typ"] == TOKEN_TYPE
    assert (told["sub"], told["institution"], told["roles"], told["purpose"]) == (
        "jueza.uno",
        "PJ",
        ["judge"],
        "case_review",
    )
    assert told["exp"] - told["iat"] == 30
    assert signer.token("prosecution", judge) != first
    now[0] += 9
    assert signer.token("judiciary", judge) == first
    now[0] += 2
    assert signer.token("judiciary", judge) != first


def test_signing_keys_are_kept_private_and_rotate_without_a_gap(tmp_path: Path) -> None:
    signer = load_signer(tmp_path / "keys")
    assert {oct(file.stat().st_mode & 0o777) for file in (tmp_path / "keys").iterdir()} == {"0o600"}
    assert load_signer(tmp_path / "keys").jwks() == signer.jwks()
    before = {key["kid"] for key in signer.jwks()["keys"]}
    signing = signer.next_key.key_id
    signer.rotate()
    assert signer.current.key_id == signing in before
    assert before <= {key["kid"] for key in signer.jwks()["keys"]}
    assert all("d" not in key for key in signer.jwks()["keys"])
