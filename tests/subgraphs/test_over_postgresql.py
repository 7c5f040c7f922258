"""Each institution answers over PostgreSQL as it does over SQLite: the same data, in as many statements, by index.

An institution joins with a line in `ASKED`: its doors, its lists, entities to ask in a batch, and the tables that are
too large to be read whole. All the fields that need no argument are asked for.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Institutions
from graphql import GraphQLObjectType, get_named_type, is_required_argument
from postgres_kit import PASSWORD, READER
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.common.case_number import canonical_case
from subgraphs.common.database import counted, open_read_only
from subgraphs.common.identity import Caller
from subgraphs.judiciary.tables import judges
from subgraphs.sample.offices import build_institutions
from subgraphs.sample.worked_cases import C_COMPANY_RUC, WORKED_CASES

CALLERS = [Caller("x", "PJ", ("judge",)), Caller("x", "TC", ("court_adviser",)), Caller("x", "PJ", ("citizen_desk",))]
CASES = [number for worked in WORKED_CASES for number in (*worked.cases, *worked.incidents)]
PROCEEDINGS = [number for worked in WORKED_CASES for number in worked.proceedings]
MAGISTRATES = [magistrate.code for magistrate in build_institutions().magistrates]
PROCEEDING_FILTERS = (
    "{}",
    "{status: RETURNED}",
    '{type: AMPARO, filedFrom: "2022-01-01", filedTo: "2023-12-31"}',
    f'{{plaintiffDocument: "{C_COMPANY_RUC}"}}',
    "{unlinked: true}",
)


@dataclass(frozen=True)
class Asked:
    """`entities`: the keys of each type, the sample's cases where there are none; `citing` come with a case cited."""

    doors: dict[str, list[str]]
    entities: dict[str, list[str]]
    large: tuple[str, ...]
    lists: tuple[str, ...] = ()
    citing: tuple[str, ...] = ()


ASKED = {
    "judiciary": Asked(
        doors={"case(number: %s)": CASES},
        entities={"Case": [], "ProsecutionFile": ["999014502-2021-99006-0"], "ConstitutionalProceeding": PROCEEDINGS},
        large=("TB_",),
        citing=("ProsecutionFile", "ConstitutionalProceeding"),
    ),
    "constitutional_court": Asked(
        doors={"constitutionalProceeding(number: %s)": PROCEEDINGS},
        entities={"Case": [], "ConstitutionalProceeding": PROCEEDINGS},
        large=("expedientes",),
        lists=tuple(f"constitutionalProceedings(filter: {given}, first: 100)" for given in PROCEEDING_FILTERS),
    ),
    "academy": Asked(
        doors={"magistrate(code: %s)": MAGISTRATES[:20]},
        entities={"Magistrate": MAGISTRATES[:100]},
        large=("MATRICULAS", "MAGISTRADOS"),
    ),
}


@dataclass(frozen=True)
class Over:
    """One institution over both databases."""

    name: str
    sqlite: AsyncEngine
    postgres: AsyncEngine
    cases: Sequence[str]

    @property
    def module(self) -> Any:
        return importlib.import_module(f"subgraphs.{self.name}.schema")

    async def ask(self, engine: AsyncEngine, query: str, caller: Caller, **variables: Any) -> dict[str, Any]:
        context = self.module.context(engine, caller)
        answer = await self.module.schema.execute(query, variable_values=variables, context_value=context)
        return {"data": answer.data, "errors": [error.formatted for error in answer.errors or ()]}

    def questions(self) -> list[str]:
        asked = ASKED[self.name]
        fields = self.module.schema._schema.query_type.fields
        doors = [door % f'"{value}"' for door, values in asked.doors.items() for value in values]
        return [
            f"{{ {field} {{ {everything(fields[field.partition('(')[0]].type)} }} }}"
            for field in (*doors, *asked.lists)
        ]

    def entities(self, many: int) -> tuple[str, list[dict[str, Any]]]:
        """The query of a batch, and so many representations of each type."""
        types = self.module.schema._schema.type_map
        asked = ASKED[self.name].entities
        # Two types of a batch may not differ under one name.
        parts = " ".join(f"... on {name} {{ {everything(types[name], 3, name)} }}" for name in asked)
        these = [
            representation
            for name, keys in asked.items()
            for representation in (self._representation(name, keys, types, line) for line in range(many))
        ]
        return f"query ($these: [_Any!]!) {{ _entities(representations: $these) {{ {parts} }} }}", these

    def _representation(self, name: str, keys: list[str], types: Any, line: int) -> dict[str, Any]:
        given = keys or self.cases
        key = "code" if "code" in types[name].fields else "number"
        representation: dict[str, Any] = {"__typename": name, key: given[line % len(given)]}
        if name in ASKED[self.name].citing:
            representation["caseReference"] = {"asWritten": self.cases[line], "normalised": None}
        return representation


def everything(type_: Any, depth: int = 4, prefix: str = "") -> str:
    """A selection of all that the type has, without fields that need arguments; with a prefix, under other names."""
    fields = []
    for name, field in get_named_type(type_).fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        shown = f"{prefix}_{name}: {name}" if prefix else name
        if not isinstance(get_named_type(field.type), GraphQLObjectType):
            fields.append(shown)
        elif depth:
            fields.append(f"{shown} {{ {everything(field.type, depth - 1)} }}")
    return " ".join(fields)


@pytest.fixture(params=list(ASKED))
async def over(request: pytest.FixtureRequest, institutions: Institutions) -> AsyncIterator[Over]:
    name = request.param
    file = open_read_only(institutions.folder / f"{name}.db")
    server = open_read_only(institutions.server.url(name, READER, PASSWORD))
    yield Over(name, file, server, case_numbers(institutions.folder))
    await file.dispose()
    await server.dispose()


def case_numbers(folder: Path) -> list[str]:
    """Cases that the Court cites, then others: a hundred at least."""
    with closing(sqlite3.connect(folder / "constitutional_court.db")) as court:
        cited = [canonical_case(row[0] or "") for row in court.execute("SELECT exp_origen FROM expedientes")]
    with closing(sqlite3.connect(folder / "judiciary.db")) as judiciary:
        rows = judiciary.execute(
            "SELECT EXP_NRO||'-'||EXP_ANO||'-0-'||EXP_DIST||'-'||EXP_ORG||'-'||EXP_ESP||'-'||EXP_JUZ"
            " FROM TB_EXPEDIENTE WHERE N_INCIDENTE = 0 AND L_ACTIVO = 'S' LIMIT 200"
        )
        return [*dict.fromkeys([number for number in cited[:50] if number] + [row[0] for row in rows])]


MOST_STATEMENTS = 40
"""For all relations of a batch: a turn of the event loop may cut one in two, but one a case would be a hundred."""


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.roles[0])
async def test_every_door_and_list_answers_as_over_sqlite(over: Over, caller: Caller) -> None:
    answered = 0
    for question in over.questions():
        expected = await over.ask(over.sqlite, question, caller)
        assert await over.ask(over.postgres, question, caller) == expected
        answered += any((expected["data"] or {}).values())
    assert answered > 4


async def test_batches_are_answered_alike_in_statements_that_do_not_grow_with_them(over: Over) -> None:
    for many in (50, 100):
        query, these = over.entities(many)
        with counted(over.sqlite) as on_sqlite:
            expected = await over.ask(over.sqlite, query, CALLERS[0], these=these)
        with counted(over.postgres) as on_postgres:
            assert await over.ask(over.postgres, query, CALLERS[0], these=these) == expected
        assert expected["errors"] == []
        assert len([entity for entity in expected["data"]["_entities"] if entity]) >= many
        assert max(on_sqlite.statements, on_postgres.statements) <= MOST_STATEMENTS


@pytest.mark.parametrize(
    ("code", "found"), [("M99002    ", True), ("M99002", True), ("M99002    X", False), ("M9900", False)]
)
async def test_blanks_on_the_right_make_no_difference_and_more_does(
    institutions: Institutions, code: str, found: bool
) -> None:
    engine = open_read_only(institutions.server.url("judiciary", READER, PASSWORD))
    async with engine.connect() as connection:
        rows = await connection.execute(select(judges.c.C_JUEZ).where(code == judges.c.C_JUEZ))
        assert [row[0] for row in rows] == (["M99002    "] if found else [])
        rows = await connection.execute(select(judges.c.C_JUEZ).where(judges.c.C_JUEZ.in_([code, "-"])))
        assert len(rows.all()) == found
    await engine.dispose()


async def test_no_large_table_is_read_whole(over: Over) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(over.postgres.sync_engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
    query, these = over.entities(100)
    await over.ask(over.postgres, query, CALLERS[0], these=these)
    for question in over.questions():
        await over.ask(over.postgres, question, CALLERS[0])
    # To count a whole list is to read it.
    statements = {statement: given for statement, given in asked if not statement.startswith("SELECT count(")}
    assert len(statements) > 1
    async with over.postgres.connect() as connection:
        # The sample is small beside an institution's: without this reading a table whole would be the better choice.
        for way in ("seqscan", "hashjoin", "mergejoin"):
            await connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        for statement, given in statements.items():
            rows = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", given)
            plan = rows.scalar_one()[0]["Plan"]
            whole = [name for name in read_whole(plan) if name.startswith(ASKED[over.name].large)]
            assert not whole, statement


def read_whole(node: dict[str, Any], limited: bool = False) -> Iterator[str]:
    """The tables that a plan reads from end to end; a walk along an index that a page's limit ends is not that."""
    limited = node["Node Type"] == "Limit" or (limited and node["Node Type"] not in ("Sort", "Hash", "Materialize"))
    searched = "Index Cond" in node or node["Node Type"] == "Bitmap Heap Scan"
    walked = limited and node["Node Type"].startswith("Index")
    if "Relation Name" in node and not (searched or walked):
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from read_whole(child, limited)
