"""Many users at once, each with a token of their own: each gets what was answered to themselves."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from pathlib import Path
from typing import Any

import httpx
import jwt
from faults_kit import Exchange, Subgraph, says, served
from federation_kit import library

from gateway.access.jws import TokenRules
from gateway.access.keys import KeySource
from gateway.access.tokens import Issuer, TokenVerifier
from gateway.federation.engine import Engine
from gateway.transport.app import create_app
from gateway.upstream.client import SubgraphClient
from gateway.upstream.signing import Signer, new_signer

ISSUER = "https://identity.example"
QUERIES = [
    "{ books { title copies } }",
    "{ books { t: title copies } }",
    '{ a: book(isbn: "1") { title copies } b: book(isbn: "2") { title } }',
]


def asker(exchange: Exchange) -> str:
    """Who asks, and why, by the gateway's signature."""
    claims = jwt.decode(exchange.headers["quipu-identity"], options={"verify_signature": False})
    return f"{claims['sub']} {claims['institution']} {claims['purpose']}"


async def echoes(exchange: Exchange) -> None:
    """Titles are who asks, and stocks what the gateway says that their representations are of."""
    await asyncio.sleep(hash(asker(exchange)) % 5 / 1000)
    await says(titled(exchange.answer, asker(exchange)))(exchange)


def titled(value: Any, title: str) -> Any:
    if isinstance(value, list):
        return [titled(item, title) for item in value]
    if isinstance(value, dict):
        return {key: title if key == "title" else titled(below, title) for key, below in value.items()}
    return value


def bearer(issuer: Signer, subject: str, institution: str) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": "quipu", "sub": subject, "iat": now, "exp": now + 300}
    headers = {"kid": issuer.current.key_id}
    claims |= {"institution": institution, "roles": ["judge"]}
    return "Bearer " + jwt.encode(claims, issuer.current.private, algorithm="EdDSA", headers=headers)


def titles(data: dict[str, Any]) -> set[str]:
    found = [book for value in data.values() for book in (value if isinstance(value, list) else [value])]
    return {book.get("title", book.get("t")) for book in found}


async def test_many_identities_at_once_each_see_their_own_answers(tmp_path: Path) -> None:
    issuer = new_signer()
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps(issuer.jwks()))
    catalogue, stock = Subgraph("catalogue", echoes), Subgraph("stock")
    async with catalogue.listening(), stock.listening():
        urls = {"catalogue": catalogue.url, "stock": stock.url, "loans": "http://127.0.0.1:1/"}
        client = SubgraphClient(urls, signer=new_signer())
        verifier = TokenVerifier(Issuer(KeySource(str(keys)), TokenRules(ISSUER, "quipu")))
        app = create_app(Engine(library(), client), client, verifier=verifier)
        async with served(app) as url, httpx.AsyncClient(base_url=url, timeout=60) as asking:

            async def ask(person: int, institution: str, purpose: str, query: str) -> None:
                token = bearer(issuer, f"persona.{person}", institution)
                headers = {"Authorization": token, "Quipu-Purpose": purpose}
                answer = (await asking.post("/graphql", json={"query": query}, headers=headers)).json()
                assert "errors" not in answer
                assert titles(answer["data"]) == {f"persona.{person} {institution} {purpose}"}

            people = itertools.product(range(8), ("PJ", "MP"), ("case_review", "audit"), QUERIES)
            await asyncio.gather(*(ask(*person) for person in [*people] * 2))
    assert len({asker(exchange) for exchange in catalogue.seen}) == 32
