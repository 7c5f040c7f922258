"""Equal queries of equal identities under way at the same time are one run, and nobody else's."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from faults_kit import until
from federation_kit import LocalSubgraphs, engine
from identity_kit import token, verifier_of

from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.transport.app import create_app
from gateway.upstream.client import SubgraphClient

QUERY = "query ($isbn: ID!) { book(isbn: $isbn) { title } }"
LEND = 'mutation { lend(isbn: "1") { day } }'


@dataclass
class Held(LocalSubgraphs):
    """Answers when it is let to; shares no fetches."""

    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        answer = await super().fetch(request, context)
        await self.open.wait()
        return answer


async def runs(*asked: dict[str, Any]) -> int:
    """How many runs these requests need, all under way at the same time; each gets an answer of its own."""
    held = Held()
    served = engine(held)
    app = create_app(served, SubgraphClient({}), verifier=verifier_of())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
        asking = [asyncio.create_task(ask(http, **each)) for each in asked]
        await until(lambda: served.plans.hits + served.plans.misses == len(asked))
        for _ in range(20):  # the last to be prepared begins, or joins
            await asyncio.sleep(0.002)
        held.open.set()
        responses = await asyncio.gather(*asking)
    assert len({response.headers["X-Request-Id"] for response in responses}) == len(asked)
    assert all("errors" not in response.json() for response in responses)
    return len(held.sent)


async def ask(
    http: httpx.AsyncClient, query: str, variables: dict[str, Any], token_changes: dict[str, Any], purpose: str
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token(**token_changes)}", "Quipu-Purpose": purpose}
    return await http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def asking(**changes: Any) -> dict[str, Any]:
    who = {"token_changes": {"sub": "jueza.uno"}, "purpose": "case_review"}
    return {"query": QUERY, "variables": {"isbn": "1"}, **who, **changes}


async def test_equal_queries_of_one_person_are_one_run() -> None:
    assert await runs(asking(), asking(), asking()) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"token_changes": {"sub": "juez.dos"}},
        {"purpose": "audit"},
        {"variables": {"isbn": "2"}},
        {"variables": {"isbn": 1}},
        {"variables": {"isbn": 10**30}},
        {"query": f"{QUERY} # another document"},
    ],
    ids=["subject", "purpose", "variable", "a variable's type", "a variable's size", "document"],
)
async def test_whatever_could_change_the_answer_makes_another_run(other: dict[str, Any]) -> None:
    assert await runs(asking(), asking(**other)) == 2


async def test_a_mutation_is_never_shared() -> None:
    assert await runs(asking(query=LEND, variables={}), asking(query=LEND, variables={})) == 2
