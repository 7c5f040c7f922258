"""The institutions' subgraphs, asked by whoever comes: without the gateway's signature, and with texts that would like
to be SQL."""

from __future__ import annotations

import asyncio
import importlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from conftest import Institutions
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLScalarType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_required_argument,
)
from identity_kit import token
from ledger_kit import leaves, sqlite_ledger
from postgres_kit import PASSWORD, READER
from sqlalchemy import Engine, event

from gateway.access.identity import Identity
from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.supergraph.read import read_supergraph
from gateway.ledger.ledger import open_ledger
from gateway.upstream.signing import new_signer
from subgraphs.common.federation import SubgraphSchema
from subgraphs.common.postgresql import DatabaseUrl
from subgraphs.common.server import INSTITUTIONS, SubgraphSettings, create_app, schema_sdl
from subgraphs.sample import worked_cases as worked
from subgraphs.sample.generate import generate

SIGNER = new_signer()
WHO = Identity("jueza.uno", "PJ", ("judge",), "case_review", "99001-2023-0-1801-JR-CI-05", None)
HOSTILE = "ZQ9' OR '1'='1\"; DROP TABLE x; -- \\\n\r\t%_{0}:ZQ9 ?$1\u2028é\x00"
MARK = "ZQ9"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, 10, seed=5)
    (folder / "jwks.json").write_bytes(orjson.dumps(SIGNER.jwks()))

    async def record() -> None:
        async with open_ledger(sqlite_ledger(folder)) as ledger:
            await ledger.append(leaves([1]))

    asyncio.run(record())
    return folder


@asynccontextmanager
async def served(
    sample: Path, institution: str, record: Path | None = None, database: DatabaseUrl | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """`database`: another than the sample's file."""
    source = database or sample / f"{institution}.db"
    app = create_app(institution, SubgraphSettings(source, str(sample / "jwks.json"), served=record))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://subgraph") as http,
    ):
        yield http


@pytest.mark.parametrize("institution", INSTITUTIONS)
async def test_whoever_asks_a_subgraph_directly_is_not_even_told_its_schema(sample: Path, institution: str) -> None:
    gateways_other = SIGNER.token(next(name for name in INSTITUTIONS if name != institution), WHO)
    attempts: list[dict[str, str]] = [
        {},
        {"Authorization": f"Bearer {token()}"},
        {"Quipu-Identity": token()},
        {"Authorization": f"Bearer {SIGNER.token(institution, WHO)}"},
        {"Quipu-Identity": gateways_other},
        {"Quipu-Identity": new_signer().token(institution, WHO)},
        {"Quipu-Identity": SIGNER.token(institution, WHO)[:-8]},
    ]
    query = "{ _service { sdl } __schema { types { name } } _entities(representations: []) { __typename } }"
    async with served(sample, institution) as http:
        for headers in attempts:
            answer = await http.post("/graphql", json={"query": query}, headers=headers)
            assert (answer.status_code, "data" in answer.json()) == (401, False), headers
        signed = {"Quipu-Identity": SIGNER.token(institution, WHO)}
        assert (await http.post("/graphql", json={"query": query}, headers=signed)).json()["data"]["_service"]["sdl"]


async def test_an_institution_serves_nothing_that_it_cannot_record_itself(sample: Path, tmp_path: Path) -> None:
    headers = {"Quipu-Identity": SIGNER.token("constitutional_court", WHO)}
    body = {"query": f'{{ constitutionalProceeding(number: "{worked.G.proceedings[0]}") {{ number status }} }}'}
    async with served(sample, "constitutional_court", tmp_path / "served.db") as http:
        assert (await http.post("/graphql", json=body, headers=headers)).json()["data"]["constitutionalProceeding"]
        with closing(sqlite3.connect(tmp_path / "served.db")) as record, record:
            assert record.execute("SELECT count(*) FROM served").fetchone() == (1,)
            record.execute("ALTER TABLE served RENAME TO taken_away")
        refused = (await http.post("/graphql", json=body, headers=headers)).json()
    assert refused["data"] is None
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["RECORD_UNAVAILABLE"]


def test_clients_of_the_gateway_have_no_field_of_the_subgraphs_machinery() -> None:
    shown = read_supergraph(compose(Source(name, schema_sdl(name)) for name in INSTITUTIONS).sdl).api_schema
    assert shown.query_type is not None
    assert not {"_service", "_entities"} & set(shown.query_type.fields)
    assert not {"_Service", "_Entity", "_Any", "join__Graph"} & set(shown.type_map)


@contextmanager
def statements() -> Iterator[list[tuple[str, str]]]:
    """All that databases are asked for, each with its values."""
    asked: list[tuple[str, str]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append((statement, str(values)))

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", listen)


def hostile_values(type_: Any) -> Iterator[Any]:
    """Values of an input type of which one text at a time is hostile."""
    nullable, named = get_nullable_type(type_), get_named_type(type_)
    if isinstance(nullable, GraphQLList):
        yield from ([value] for value in hostile_values(nullable.of_type))
    elif isinstance(named, GraphQLInputObjectType):
        for name, field in named.fields.items():
            yield from ({name: value} for value in hostile_values(field.type))
    elif isinstance(named, GraphQLScalarType) and named.name not in ("Int", "Float", "Boolean"):
        yield HOSTILE


def attacks(schema: SubgraphSchema) -> Iterator[tuple[str, Any]]:
    """Queries with a hostile text in each argument of each root field, and in the key of each entity."""
    known = schema.graphql_schema
    assert known.query_type is not None
    for name, field in known.query_type.fields.items():
        for argument, taken in field.args.items() if not name.startswith("_") else ():
            for value in hostile_values(taken.type):
                yield f"query ($x: {taken.type}) {{ {name}({argument}: $x) {{ __typename }} }}", value
    for entity in sorted({coordinate.partition(".")[0] for coordinate in schema.keys}):
        keys = [name for name in known.type_map[entity].fields if f"{entity}.{name}" in schema.keys]  # type: ignore[attr-defined]
        fields = " ".join(_free(known.type_map[entity]))
        query = f"query ($x: [_Any!]!) {{ _entities(representations: $x) {{ ... on {entity} {{ {fields} }} }} }}"
        yield query, [{"__typename": entity, **dict.fromkeys(keys, HOSTILE)}]


def _free(entity: Any) -> Iterator[str]:
    """Selections of every field that needs no argument."""
    for name, field in entity.fields.items():
        if not any(is_required_argument(taken) for taken in field.args.values()):
            yield f"{name} {{ __typename }}" if is_composite_type(get_named_type(field.type)) else name


async def reached(http: httpx.AsyncClient, institution: str) -> int:
    """How many statements had a hostile text among their values; none had it in themselves, and none failed."""
    reached = 0
    headers = {"Quipu-Identity": SIGNER.token(institution, WHO)}
    for query, value in attacks(importlib.import_module(f"subgraphs.{institution}.schema").schema):
        with statements() as asked:
            body = {"query": query, "variables": {"x": value}}
            answer = await http.post("/graphql", json=body, headers=headers)
        assert answer.status_code == 200
        assert "INTERNAL" not in answer.text, query
        assert not any(MARK in statement for statement, _ in asked), query
        reached += sum(MARK in values for _, values in asked)
    return reached


@pytest.mark.parametrize("institution", INSTITUTIONS)
async def test_no_text_of_a_client_becomes_sql(sample: Path, institution: str) -> None:
    async with served(sample, institution) as http:
        assert await reached(http, institution) > 0


@pytest.mark.parametrize("institution", [name for name in INSTITUTIONS if name != "ledger"])
async def test_no_text_of_a_client_becomes_sql_of_postgresql(
    sample: Path, institutions: Institutions, institution: str
) -> None:
    database = institutions.server.url(institution, READER, PASSWORD)
    async with served(sample, institution, database=database) as http:
        assert await reached(http, institution) > 0
