"""Refusals of identity, end to end over a real socket: the status, the challenge and the code, and nothing fetched."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from federation_kit import LocalSubgraphs, engine
from http_kit import RawResponse, send, serving
from identity_kit import hmac_with_the_public_key, token, unsigned, verifier_of

from gateway.transport.app import create_app
from gateway.upstream.client import SubgraphClient

BODY = json.dumps({"query": "{ books { title } }"}).encode()
MEDIA = ["application/json", "application/graphql-response+json"]
STRANGER = rsa.generate_private_key(65537, 2048)


@pytest.fixture
def subgraphs() -> LocalSubgraphs:
    return LocalSubgraphs()


@pytest.fixture
async def gateway(subgraphs: LocalSubgraphs) -> AsyncIterator[str]:
    async with serving(create_app(engine(subgraphs), SubgraphClient({}), verifier=verifier_of())) as address:
        yield address


async def ask(gateway: str, *authorization: str, accept: str = MEDIA[0]) -> RawResponse:
    head = ["Content-Type: application/json", f"Content-Length: {len(BODY)}", f"Accept: {accept}"]
    return await send(gateway, [*head, *(f"Authorization: {given}" for given in authorization)], BODY)


REFUSED = {
    "no token": ([], "UNAUTHENTICATED"),
    "an empty header": ([""], "TOKEN_INVALID"),
    "signed by another key": ([f"Bearer {token(STRANGER)}"], "TOKEN_INVALID"),
    "alg none": ([f"Bearer {unsigned()}"], "TOKEN_INVALID"),
    "HS256 with the public key": ([f"Bearer {hmac_with_the_public_key()}"], "TOKEN_INVALID"),
    "expired": ([f"Bearer {token(exp=int(time.time()) - 60)}"], "TOKEN_EXPIRED"),
    "not yet valid": ([f"Bearer {token(nbf=int(time.time()) + 600)}"], "TOKEN_INVALID"),
    "another audience": ([f"Bearer {token(aud='other')}"], "TOKEN_INVALID"),
    "no audience": ([f"Bearer {token(aud=None)}"], "TOKEN_INVALID"),
    "an unknown key id": ([f"Bearer {token(kid='k2')}"], "TOKEN_INVALID"),
    "a key id with a path": ([f"Bearer {token(kid='../../../dev/null')}"], "TOKEN_INVALID"),
    "a key id with an address": ([f"Bearer {token(kid='http://127.0.0.1:1/jwks.json')}"], "TOKEN_INVALID"),
    "two good tokens": ([f"Bearer {token()}", f"Bearer {token()}"], "TOKEN_INVALID"),
    "two in one header": ([f"Bearer {token()}, Bearer {token()}"], "TOKEN_INVALID"),
    "the gateway's own kind": ([f"Bearer {token(iss='quipu-gateway')}"], "TOKEN_INVALID"),
}


@pytest.mark.parametrize("accept", MEDIA)
@pytest.mark.parametrize("case", REFUSED)
async def test_a_caller_who_is_not_known_is_refused_with_401_in_either_media_type(
    gateway: str, subgraphs: LocalSubgraphs, case: str, accept: str
) -> None:
    authorization, code = REFUSED[case]
    response = await ask(gateway, *authorization, accept=accept)
    assert (response.status, response.code, response.headers["www-authenticate"]) == (401, code, "Bearer")
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert "data" not in json.loads(response.body)
    assert subgraphs.sent == []


async def test_a_good_token_gets_in_and_the_same_token_in_the_address_does_not(
    gateway: str, subgraphs: LocalSubgraphs
) -> None:
    assert (await ask(gateway, f"Bearer {token()}")).status == 200
    assert len(subgraphs.sent) == 1
    head = ["Content-Type: application/json", f"Content-Length: {len(BODY)}"]
    for name in ("access_token", "token", "authorization", "Authorization"):
        refused = await send(gateway, head, BODY, path=f"/graphql?{name}={token()}")
        assert (refused.status, refused.code) == (401, "UNAUTHENTICATED")
    assert len(subgraphs.sent) == 1


async def test_who_is_not_known_is_refused_before_the_body_is_read(gateway: str) -> None:
    response = await send(gateway, ["Content-Type: application/json", "Content-Length: 1000000"])
    assert (response.status, response.code) == (401, "UNAUTHENTICATED")
