"""The prosecutors' schema as the gateway uses it: entities in batches, doors by number, links, lists in pages."""

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.common.database import counted, open_read_only
from subgraphs.common.identity import Caller
from subgraphs.judiciary import schema as judiciary
from subgraphs.prosecution.schema import schema
from subgraphs.sample import worked_cases as worked
from subgraphs.sample.offices import build_institutions

from .conftest import Alter, Ask

G_CASE, G_FILE = worked.G.cases[0], worked.G.prosecution_files[0]
INSTITUTIONS = build_institutions()
OFFICE = INSTITUTIONS.offices["1801", "02"]
WHOLE = """number kind stage reserved reportedOn formalisedOn accusedOn shelvedOn registeredAt summary
  office { code name district kind } prosecutor { code prosecutor { name office { code } active } }
  offences { code name article }
  parties { totalCount nodes { role name documentNumber person { documentNumber } victim minor protectedKey } }
  dispositions { totalCount nodes { number kind issuedOn summary digest prosecutor { code } } }
  opinions { nodes { issuedOn opinion digest prosecutor { code } } } caseReference { asWritten normalised }"""
ENTITIES = f"""query ($these: [_Any!]!) {{ _entities(representations: $these) {{
  ... on ProsecutionFile {{ {WHOLE} }}
  ... on Case {{ caseNumber: number prosecutionFiles {{ {WHOLE} }} citedProsecutionFile {{ number }}
    citedFileLink {{ match reciprocal conflicts }} }}
  ... on Magistrate {{ code post: prosecutor {{ name office {{ name }} active }} }}
  ... on Person {{ documentType documentNumber }} }} }}"""
LIST = """query ($f: ProsecutionFileFilter, $first: Int! = 20, $after: String) {
  prosecutionFiles(filter: $f, first: $first, after: $after) {
    totalCount nodes { number registeredAt } pageInfo { hasNextPage endCursor } } }"""


async def entities(ask: Ask, engine: AsyncEngine, *these: dict[str, Any], role: str = "prosecutor") -> list[Any]:
    answer = await ask(engine, ENTITIES, role, these=list(these))
    assert answer.errors is None
    return answer.data["_entities"]


def citing(case: str, written: str | None) -> dict[str, Any]:
    return {"__typename": "Case", "number": case, "prosecutionFileReference": written}


@pytest.mark.parametrize(
    "spelling", [G_FILE, f"0{G_FILE}", "999014502-2021-99006", "0999014502-2021-099006", f" {G_FILE} "]
)
async def test_the_worked_file_is_reached_by_any_spelling_of_its_number(
    ask: Ask, engine: AsyncEngine, spelling: str
) -> None:
    answer = await ask(engine, f"query ($n: ID!) {{ prosecutionFile(number: $n) {{ {WHOLE} }} }}", n=spelling)
    assert answer.errors is None
    seen = answer.data["prosecutionFile"]
    assert (seen["number"], seen["kind"], seen["stage"], seen["reserved"]) == (G_FILE, "FAMILY", "SHELVED", False)
    assert (seen["reportedOn"], seen["formalisedOn"], seen["shelvedOn"]) == ("2021-10-04", None, "2022-01-28")
    assert seen["registeredAt"] == "2021-10-04T10:15:00-05:00"
    assert seen["office"] == {"code": OFFICE.code, "name": OFFICE.name, "district": "1801", "kind": "FAMILY"}
    assert seen["prosecutor"]["code"] == OFFICE.prosecutors[0]
    assert seen["prosecutor"]["prosecutor"]["office"] == {"code": OFFICE.code}
    assert [party["role"] for party in seen["parties"]["nodes"]] == ["COMPLAINANT", "DEFENDANT", "MINOR"]
    assert seen["dispositions"]["totalCount"] == 3
    assert seen["opinions"]["nodes"][0]["opinion"] == "Opina que se confirme la sentencia apelada."
    assert seen["caseReference"] == {"asWritten": G_CASE, "normalised": G_CASE}


@pytest.mark.parametrize("number", ["999014501-2022-99024-0", "999014501-2022-99025-0"])
async def test_offices_with_and_without_their_zero_are_one(ask: Ask, engine: AsyncEngine, number: str) -> None:
    plain, padded = await entities(
        ask, engine, *({"__typename": "ProsecutionFile", "number": f"{zero}{number}"} for zero in ("", "0"))
    )
    assert plain == padded
    assert plain["number"] == number
    for office in ("999014501", "0999014501"):
        nodes = (await ask(engine, LIST, f={"office": office}, first=100)).data["prosecutionFiles"]["nodes"]
        assert number in {node["number"] for node in nodes}


@pytest.mark.parametrize("number", ["999014502-2021-98006-0", "no number", "", "x" * 10_000])
async def test_an_unknown_number_is_null_at_every_door(ask: Ask, engine: AsyncEngine, number: str) -> None:
    answer = await ask(engine, "query ($n: ID!) { prosecutionFile(number: $n) { number } }", n=number)
    assert (answer.errors, answer.data) == (None, {"prosecutionFile": None})
    assert await entities(ask, engine, {"__typename": "ProsecutionFile", "number": number}) == [None]


@pytest.mark.parametrize(
    ("written", "match"),
    [
        (G_FILE, "EXACT"),
        (f"0{G_FILE}", "NORMALISED"),
        ("999014502-2021-99006", "NORMALISED"),
        ("999014502-2020-99006-0", "BROKEN"),
        ("CF 99006", "BROKEN"),
    ],
)
async def test_the_file_that_a_case_cites_is_found_or_it_is_told_how_the_link_failed(
    ask: Ask, engine: AsyncEngine, written: str, match: str
) -> None:
    [case] = await entities(ask, engine, citing(G_CASE, written), role="judge")
    broken = match == "BROKEN"
    assert case["citedProsecutionFile"] == (None if broken else {"number": G_FILE})
    assert case["citedFileLink"] == {"match": match, "reciprocal": None if broken else True, "conflicts": []}


@pytest.mark.parametrize("written", [None, "", "  "])
async def test_a_case_that_cites_no_file_has_no_link(ask: Ask, engine: AsyncEngine, written: str | None) -> None:
    [case] = await entities(ask, engine, citing(G_CASE, written))
    assert (case["citedProsecutionFile"], case["citedFileLink"]) == (None, None)
    assert [file["number"] for file in case["prosecutionFiles"]] == [G_FILE]


async def test_a_silent_file_is_found_by_the_case_that_cites_it_and_is_not_reciprocal(
    ask: Ask, engine: AsyncEngine
) -> None:
    case = "99030-2022-0-1801-JR-FC-01"
    one_way, another = await entities(ask, engine, citing(case, "999014502-2022-99030-0"), citing(case, G_FILE))
    assert one_way["prosecutionFiles"] == []
    assert one_way["citedProsecutionFile"] == {"number": "999014502-2022-99030-0"}
    assert one_way["citedFileLink"] == {"match": "EXACT", "reciprocal": False, "conflicts": []}
    assert another["citedFileLink"] == {"match": "EXACT", "reciprocal": False, "conflicts": ["FILE_CITES_ANOTHER"]}


async def test_a_number_that_stands_twice_is_ambiguous_and_a_secret_twin_is_not(ask: Ask, alter: Alter) -> None:
    twin = f"UPDATE tb_caso SET nuCaso = '0{G_FILE}', flReserva = {{}} WHERE idCaso = 28"  # noqa: S608
    open_, secret = alter(twin.format("'0'")), alter(twin.format("'1'"))
    [case] = await entities(ask, open_, citing(G_CASE, G_FILE), role="judge")
    assert case["citedProsecutionFile"] is None
    assert case["citedFileLink"] == {"match": "AMBIGUOUS", "reciprocal": None, "conflicts": []}
    [case] = await entities(ask, secret, citing(G_CASE, G_FILE), role="judge")
    assert case["citedFileLink"] == {"match": "EXACT", "reciprocal": True, "conflicts": []}


async def test_a_case_cited_without_its_zeros_has_its_file(ask: Ask, engine: AsyncEngine) -> None:
    [case] = await entities(ask, engine, {"__typename": "Case", "number": "991-2022-0-1801-jr-ci-5"}, role="judge")
    assert case["caseNumber"] == "00991-2022-0-1801-JR-CI-05"
    [file] = case["prosecutionFiles"]
    assert file["caseReference"] == {
        "asWritten": "991-2022-0-1801-JR-CI-5",
        "normalised": "00991-2022-0-1801-JR-CI-05",
    }


async def test_a_dni_that_lost_its_zero_is_found_by_the_whole_and_is_a_person_s_key(
    ask: Ask, engine: AsyncEngine
) -> None:
    query = """query ($d: DocumentNumber!) { prosecutionFiles(filter: {partyDocument: $d}) {
      nodes { number parties { nodes { person { documentType documentNumber } } } } } }"""
    for asked in ("09990001", "9990001", "09990001-7"):
        answer = await ask(engine, query, d=asked)
        [file] = answer.data["prosecutionFiles"]["nodes"]
        assert file["number"] == "999014504-2022-99026-0"
        assert file["parties"]["nodes"] == [{"person": {"documentType": "DNI", "documentNumber": "09990001"}}]


async def test_a_foreigner_s_card_is_found_and_is_no_dni(ask: Ask, engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT nuDocumento FROM tb_caso_parte WHERE tiDocumento = 'CE' AND flMenor = '0' LIMIT 1"
        )
        card = rows.scalar_one()
    answer = await ask(engine, LIST, f={"partyDocument": card})
    assert answer.data["prosecutionFiles"]["totalCount"] >= 1
    [person] = await entities(ask, engine, {"__typename": "Person", "documentType": "CE", "documentNumber": card})
    assert person == {"documentType": "CE", "documentNumber": card}


async def test_a_prosecutor_has_a_post_and_another_magistrate_none(ask: Ask, engine: AsyncEngine) -> None:
    judge = INSTITUTIONS.judges["1801", "JR", "DC", "04"]
    these = [{"__typename": "Magistrate", "code": code} for code in (OFFICE.prosecutors[0], judge, "M00000")]
    prosecutor, *others = await entities(ask, engine, *these, role="citizen_desk")
    assert prosecutor["post"]["office"] == {"name": OFFICE.name}
    assert prosecutor["post"]["active"] is True
    assert others == [{"code": judge, "post": None}, {"code": "M00000", "post": None}]


async def test_a_prosecutor_sees_the_judiciary_s_response_to_a_file(
    ask: Ask, engine: AsyncEngine, sample: Path
) -> None:
    courts = open_read_only(sample / "judiciary.db")
    caller = judiciary.context(courts, Caller("someone", "MP", ("prosecutor",)))
    query = """query ($these: [_Any!]!) { _entities(representations: $these) { ... on ProsecutionFile {
      case { number prosecutionFileReference acts(last: 5) { nodes { kind date } } }
      caseLink { match reciprocal } } } }"""
    [file] = await entities(ask, engine, {"__typename": "ProsecutionFile", "number": G_FILE})
    these = [{"__typename": "ProsecutionFile", "number": file["number"], "caseReference": file["caseReference"]}]
    answer = await judiciary.schema.execute(query, variable_values={"these": these}, context_value=caller)
    await courts.dispose()
    assert answer.errors is None
    [answered] = answer.data["_entities"]
    assert (answered["case"]["number"], len(answered["case"]["acts"]["nodes"])) == (G_CASE, 5)
    assert answered["caseLink"] == {"match": "EXACT", "reciprocal": True}
    [back] = await entities(ask, engine, citing(G_CASE, answered["case"]["prosecutionFileReference"]))
    assert back["citedProsecutionFile"] == {"number": G_FILE}
    assert back["citedFileLink"] == {"match": "EXACT", "reciprocal": True, "conflicts": []}


async def test_a_hundred_cases_cost_as_many_statements_as_one(ask: Ask, engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT nuExpediente, nuCaso FROM tb_caso WHERE nuExpediente LIKE '9____-____-0-____-__-__-__' LIMIT 100"
        )
        these = [citing(case, file) for case, file in rows]
    costs = []
    for many in (1, 100):
        with counted(engine) as count:
            found = await entities(ask, engine, *these[:many])
        assert all(case["prosecutionFiles"] for case in found)
        costs.append(count.statements)
    assert costs == [7, 7]


async def test_pages_put_together_are_the_whole_list_the_newest_first(ask: Ask, engine: AsyncEngine) -> None:
    seen, after, more, total = [], None, True, 0
    while more:
        answer = await ask(engine, LIST, f={"office": OFFICE.code}, first=100, after=after)
        page = answer.data["prosecutionFiles"]
        seen += [(node["registeredAt"], node["number"]) for node in page["nodes"]]
        more, after, total = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"], page["totalCount"]
    assert len(seen) == len(set(seen)) == total > 200
    assert [day for day, _ in seen] == sorted((day for day, _ in seen), reverse=True)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"prosecutor": OFFICE.prosecutors[0], "stage": "SHELVED", "kind": "FAMILY"}, [G_FILE]),
        ({"kind": "CRIMINAL", "stage": "SHELVED"}, ["999014501-2022-99033-0"]),
        ({"offence": "317000"}, [worked.D.prosecution_files[0]]),
        ({"office": "999014504", "filedFrom": "2022-03-07", "filedTo": "2022-03-07", "unlinked": True}, None),
    ],
)
async def test_filters_narrow_the_list(
    ask: Ask, engine: AsyncEngine, wanted: dict[str, Any], expected: list[str] | None
) -> None:
    nodes = (await ask(engine, LIST, "prosecutor M99359", f=wanted)).data["prosecutionFiles"]["nodes"]
    assert [node["number"] for node in nodes] == (
        ["999014504-2022-99028-0", "999014504-2022-99026-0"] if expected is None else expected
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("first: 0", "BAD_PAGE_SIZE"), ("first: 101", "BAD_PAGE_SIZE"), ('after: "what"', "BAD_CURSOR")],
)
async def test_a_page_that_cannot_be_is_refused_with_its_code(
    ask: Ask, engine: AsyncEngine, arguments: str, code: str
) -> None:
    answer = await ask(engine, f"{{ prosecutionFiles({arguments}) {{ totalCount }} }}")
    assert [error.extensions["code"] for error in answer.errors] == [code]
    parts = f'{{ prosecutionFile(number: "{G_FILE}") {{ dispositions({arguments}) {{ totalCount }} }} }}'
    assert [error.extensions["code"] for error in (await ask(engine, parts)).errors] == [code]


async def test_a_code_that_the_tables_do_not_know_costs_its_field_alone(ask: Ask, alter: Alter) -> None:
    engine = alter("UPDATE tb_caso SET coEtapa = 'X', coFiscalia = '999999999' WHERE idCaso = 6")
    query = "query ($n: ID!) { prosecutionFile(number: $n) { number stage office { code name kind } } }"
    answer = await ask(engine, query, n=G_FILE)
    assert [error.path for error in answer.errors] == [["prosecutionFile", "stage"]]
    office = {"code": "999999999", "name": None, "kind": None}
    assert answer.data["prosecutionFile"] == {"number": G_FILE, "stage": None, "office": office}


def test_everything_in_the_schema_says_its_spanish_term() -> None:
    types = [
        t for name, t in schema._schema.type_map.items() if name[0] != "_" and "__" not in name and name != "Query"
    ]
    silent = [t.name for t in types if not t.description]
    for t in (*types, schema._schema.query_type):
        if isinstance(t, GraphQLEnumType):
            silent += [f"{t.name}.{name}" for name, value in t.values.items() if not value.description]
        if isinstance(t, GraphQLObjectType | GraphQLInputObjectType):
            silent += [f"{t.name}.{name}" for name, f in t.fields.items() if not f.description and name[0] != "_"]
        if isinstance(t, GraphQLObjectType):
            silent += [
                f"{t.name}.{name}({argument})"
                for name, f in t.fields.items()
                for argument, given in f.args.items()
                if not given.description and name[0] != "_"
            ]
    assert silent == []
