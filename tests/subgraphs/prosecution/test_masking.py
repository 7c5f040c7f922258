# ruff: noqa: S608 - queries of our own over invented data
"""What the prosecutors show to whom, and on which day."""

from datetime import date
from typing import Any

import pytest

from subgraphs.common.privacy import WITHHELD
from subgraphs.sample import worked_cases as worked

from .conftest import TODAY, Alter, Ask, listen

D_FILE, B_FILE, G_FILE, G_CASE = (
    worked.D.prosecution_files[0],
    worked.B.prosecution_files[0],
    worked.G.prosecution_files[0],
    worked.G.cases[0],
)
NO_FILE = "999014503-2024-98004-0"
ROLES = ["judge", "prosecutor", "court_adviser", "auditor", "citizen_desk"]
IN_CHARGE = "prosecutor M99359"  # of D
NOT_IN_CHARGE = ["prosecutor M99357", "judge M99359", "auditor M99359"]
OTHERS = [*ROLES, *NOT_IN_CHARGE]
WORKERS = ("judge", "prosecutor", "court_adviser")
BEFORE, FIRST, LAST, AFTER = date(2024, 5, 5), date(2024, 5, 6), date(2024, 5, 25), date(2024, 5, 26)
OPEN_D = "UPDATE tb_caso SET flReserva = '0' WHERE idCaso = 5"  # its act stays secret, its existence does not
OPEN_B = "UPDATE tb_caso SET flReserva = '0' WHERE idCaso = 2"

FILE = """query ($n: ID!) { prosecutionFile(number: $n) { number stage office { code } reportedOn summary reserved
  offences { code } parties { totalCount nodes { role name documentType documentNumber victim minor protectedKey
    person { documentType documentNumber } } }
  dispositions { totalCount nodes { number summary digest } } opinions { nodes { opinion } } } }"""
COUNT = "query ($f: ProsecutionFileFilter) { prosecutionFiles(filter: $f, first: 100) { totalCount nodes { number } } }"
ENTITIES = """query ($these: [_Any!]!) { _entities(representations: $these) {
  ... on ProsecutionFile { number parties { totalCount } dispositions { totalCount } }
  ... on Case { prosecutionFiles { number } citedProsecutionFile { number summary }
    citedFileLink { match reciprocal conflicts } } } }"""


async def file(ask: Ask, engine: Any, number: str, role: str, today: date = TODAY) -> Any:
    answer = await ask(engine, FILE, role, today, n=number)
    assert answer.errors is None
    return answer.data["prosecutionFile"]


def traces(number: str) -> list[dict[str, str]]:
    """Every way by which the gateway could come upon a file."""
    return [
        {"__typename": "ProsecutionFile", "number": number},
        {"__typename": "Case", "number": G_CASE, "prosecutionFileReference": number},
    ]


# -- files whose existence is secret ------------------------------------------------------------------------


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("today", [BEFORE, FIRST, LAST, AFTER], ids=str)
async def test_a_reserved_file_does_not_exist_but_for_its_prosecutor(
    ask: Ask, alter: Alter, role: str, today: date
) -> None:
    engine = alter(f"UPDATE tb_caso SET nuExpediente = '{G_CASE}' WHERE idCaso = 5")
    assert await file(ask, engine, D_FILE, role, today) is None
    secret, absent = [await ask(engine, ENTITIES, role, today, these=traces(n)) for n in (D_FILE, NO_FILE)]
    assert secret.errors is absent.errors is None
    assert secret.data == absent.data
    assert secret.data["_entities"][0] is None
    assert secret.data["_entities"][1] == {
        "prosecutionFiles": [{"number": G_FILE}],
        "citedProsecutionFile": None,
        "citedFileLink": {"match": "BROKEN", "reciprocal": None, "conflicts": []},
    }


@pytest.mark.parametrize("today", [BEFORE, FIRST, LAST, AFTER], ids=str)
async def test_its_prosecutor_sees_the_file_and_its_secret_act_on_every_day(
    ask: Ask, alter: Alter, today: date
) -> None:
    engine = alter()
    seen = await file(ask, engine, D_FILE, IN_CHARGE, today)
    assert seen["reserved"] is True
    assert [act["number"] for act in seen["dispositions"]["nodes"]] == [1, 2]
    link = (await ask(engine, ENTITIES, IN_CHARGE, today, these=traces(D_FILE))).data["_entities"][1]
    assert link["citedFileLink"]["match"] == "EXACT"


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("wanted", [{}, {"office": "999014503"}, {"stage": "PRELIMINARY"}, {"offence": "317000"}])
async def test_lists_and_counts_leave_reserved_files_out(
    ask: Ask, alter: Alter, role: str, wanted: dict[str, str]
) -> None:
    with_it, without = alter(), alter("DELETE FROM tb_caso WHERE flReserva = '1'")
    lists = [(await ask(engine, COUNT, role, f=wanted)).data["prosecutionFiles"] for engine in (with_it, without)]
    assert lists[0] == lists[1]
    everything = (await ask(with_it, COUNT, IN_CHARGE, f=wanted)).data["prosecutionFiles"]
    assert everything["totalCount"] > lists[0]["totalCount"]


@pytest.mark.parametrize("role", [IN_CHARGE, *OTHERS])
@pytest.mark.parametrize(("today", "secret"), [(BEFORE, False), (FIRST, True), (LAST, True), (AFTER, False)], ids=str)
async def test_a_secrecy_of_no_single_act_hides_the_whole_file_while_it_is_in_force(
    ask: Ask, alter: Alter, role: str, today: date, secret: bool
) -> None:
    engine = alter(OPEN_D, "UPDATE tb_secreto SET nuDisposicion = NULL WHERE idCaso = 5")
    seen = await file(ask, engine, D_FILE, role, today)
    counted = (await ask(engine, COUNT, role, today, f={"office": "999014503"})).data["prosecutionFiles"]
    assert (seen is None) is (secret and role != IN_CHARGE)
    assert (D_FILE in {node["number"] for node in counted["nodes"]}) is (seen is not None)
    if seen is not None:
        assert seen["reserved"] is secret


@pytest.mark.parametrize("role", OTHERS)
async def test_a_secret_file_is_asked_for_by_the_same_statements_as_one_that_does_not_exist(
    ask: Ask, alter: Alter, role: str
) -> None:
    engine = alter()
    asked = listen(engine)
    shapes = []
    for number in (D_FILE, NO_FILE):
        asked.clear()
        await ask(engine, FILE, role, n=number)
        await ask(engine, ENTITIES, role, these=traces(number))
        shapes.append(sorted((statement, len(parameters)) for statement, parameters in asked))
    assert shapes[0] == shapes[1] != []


# -- acts under secrecy -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [IN_CHARGE, *OTHERS])
@pytest.mark.parametrize(("today", "secret"), [(BEFORE, False), (FIRST, True), (LAST, True), (AFTER, False)], ids=str)
async def test_an_act_under_secrecy_leaves_for_its_prosecutor_alone(
    ask: Ask, alter: Alter, role: str, today: date, secret: bool
) -> None:
    acts = (await file(ask, alter(OPEN_D), D_FILE, role, today))["dispositions"]
    known = [1] if secret and role != IN_CHARGE else [1, 2]
    assert [act["number"] for act in acts["nodes"]] == known
    assert acts["totalCount"] == len(known)


@pytest.mark.parametrize(
    ("change", "today", "secret"),
    [
        ("flProrroga = '1', feProrroga = '14/06/2024'", date(2024, 6, 14), True),
        ("flProrroga = '1', feProrroga = '14/06/2024'", date(2024, 6, 15), False),
        ("flProrroga = '0', feProrroga = '14/06/2024'", date(2024, 6, 14), False),
        ("flProrroga = '1', feProrroga = ''", date(2025, 1, 1), True),
        ("feHasta = ''", date(2025, 1, 1), True),
        ("feHasta = '99/99/9999'", date(2025, 1, 1), True),
        ("feDesde = 'ayer'", date(2024, 1, 1), True),
        ("flActivo = '0'", FIRST, False),
    ],
)
async def test_a_secrecy_lasts_to_its_extension_and_holds_while_its_dates_cannot_be_read(
    ask: Ask, alter: Alter, change: str, today: date, secret: bool
) -> None:
    engine = alter(OPEN_D, f"UPDATE tb_secreto SET {change} WHERE idCaso = 5")
    acts = (await file(ask, engine, D_FILE, "judge", today))["dispositions"]
    assert acts["totalCount"] == (1 if secret else 2)


@pytest.mark.parametrize(("today", "secret"), [(date(2024, 3, 29), True), (date(2024, 3, 30), False)], ids=str)
async def test_a_secrecy_beyond_forty_days_holds_while_its_row_says_so(
    ask: Ask, alter: Alter, today: date, secret: bool
) -> None:
    engine = alter("UPDATE tb_caso SET flReserva = '0' WHERE idCaso = 36")
    assert (await file(ask, engine, "999014503-2024-99036-0", "judge", today) is None) is secret


# -- investigations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
async def test_an_investigation_before_formalisation_is_reserved_to_those_who_work_on_cases(
    ask: Ask, alter: Alter, role: str
) -> None:
    engine = alter(
        OPEN_D,
        "INSERT INTO tb_dictamen SELECT 5, 1, feEmision, coFiscal, deOpinion, coHash, '0' FROM tb_dictamen"
        " WHERE idCaso = 6",
    )
    seen = await file(ask, engine, D_FILE, role)
    assert (seen["stage"], seen["office"], seen["reportedOn"]) == (
        "PRELIMINARY",
        {"code": "999014503"},
        "2024-04-15",
    )
    told = [seen["summary"], *(act["summary"] for act in seen["dispositions"]["nodes"]), seen["opinions"]["nodes"][0]["opinion"]]  # noqa: E501  # fmt: skip
    if role in WORKERS:
        assert WITHHELD not in told
        assert (seen["offences"], seen["parties"]["totalCount"]) == ([{"code": "317000"}], 2)
    else:
        assert set(told) == {WITHHELD}
        assert (seen["offences"], seen["parties"]) == (None, None)
    found = (await ask(engine, COUNT, role, f={"offence": "317000"})).data["prosecutionFiles"]
    assert (D_FILE in {node["number"] for node in found["nodes"]}) is (role in WORKERS)


@pytest.mark.parametrize(
    ("change", "reserved"),
    [
        ("coEtapa = 'C'", True),
        ("coEtapa = 'F'", False),
        ("coEtapa = 'I'", False),
        ("coEtapa = 'J'", False),
        ("coEtapa = 'A'", True),
        ("coEtapa = 'E'", True),
        ("coEtapa = 'A', feFormalizacion = '20/05/2024'", False),
        ("coEtapa = 'E', feAcusacion = '20/05/2024'", False),
        ("coEtapa = 'A', feFormalizacion = 'pendiente'", True),
        ("tiCaso = 'F'", False),
    ],
)
async def test_the_reserve_of_an_investigation_ends_when_a_judge_knows_of_it(
    ask: Ask, alter: Alter, change: str, reserved: bool
) -> None:
    engine = alter(OPEN_D, f"UPDATE tb_caso SET {change} WHERE idCaso = 5")
    seen = await file(ask, engine, D_FILE, "auditor")
    assert (seen["parties"] is None) is reserved
    assert (seen["summary"] == WITHHELD) is reserved


# -- people -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", WORKERS)
async def test_a_protected_witness_is_a_key_and_nothing_else_even_where_a_row_says_more(
    ask: Ask, alter: Alter, role: str
) -> None:
    engine = alter(
        OPEN_D,
        "UPDATE tb_caso_parte SET tiDocumento = 'DNI', nuDocumento = '99990032', apPaterno = 'IDENTIDAD',"
        " apMaterno = 'RESERVADA', noPersona = 'FICTICIA' WHERE coClave = 'TP-01'",
        "UPDATE tb_caso SET deSumilla = 'Declara IDENTIDAD RESERVADA, FICTICIA.' WHERE idCaso = 5",
    )
    seen = await file(ask, engine, D_FILE, role)
    assert seen["parties"]["nodes"][1] == {
        "role": "WITNESS", "name": None, "documentType": None, "documentNumber": None, "victim": None, "minor": None,
        "protectedKey": "TP-01", "person": None,
    }  # fmt: skip
    assert "IDENTIDAD" not in str(seen)
    found = (await ask(engine, COUNT, role, f={"partyDocument": "99990032"})).data["prosecutionFiles"]
    assert found["totalCount"] == 0


async def test_no_statement_needs_the_table_of_protected_identities(ask: Ask, alter: Alter) -> None:
    engine = alter("DROP TABLE tb_clave_reserva")
    asked = listen(engine)
    for number in (D_FILE, B_FILE, G_FILE):
        assert await file(ask, engine, number, IN_CHARGE) is not None
    answer = await ask(engine, ENTITIES, IN_CHARGE, these=traces(D_FILE))
    assert answer.errors is None
    assert (await ask(engine, COUNT, IN_CHARGE, f={"partyDocument": "99990031"})).data["prosecutionFiles"][
        "totalCount"
    ] == 1
    assert asked
    assert not [statement for statement, _ in asked if "clave_reserva" in statement]


@pytest.mark.parametrize("role", ROLES)
async def test_victims_of_family_violence_are_pseudonyms_but_for_prosecutors_and_judges(
    ask: Ask, alter: Alter, role: str
) -> None:
    text = "Medidas para CHOQUELUNA INVENTADA, DELIA FLOR, contra BARRIOFINO FICTICIO, ABEL IVÁN."
    engine = alter(OPEN_B, f"UPDATE tb_caso SET deSumilla = '{text}' WHERE idCaso = 2")
    seen = await file(ask, engine, B_FILE, role)
    victim, accused, _ = seen["parties"]["nodes"]
    if role in ("prosecutor", "judge"):
        assert (victim["name"], victim["documentNumber"]) == ("CHOQUELUNA INVENTADA, DELIA FLOR", "99990021")
    else:
        assert victim["name"].startswith("PARTE RESERVADA ")
        assert (victim["documentNumber"], victim["person"]) == (None, None)
        assert not {"CHOQUELUNA", "DELIA", "99990021"} & set(str(seen).replace(",", " ").split())
    assert accused["name"] == "BARRIOFINO FICTICIO, ABEL IVÁN"
    assert (accused["person"] is not None) is (role in WORKERS)


@pytest.mark.parametrize(("role", "found"), [("prosecutor", 1), ("judge", 1), ("court_adviser", 0)])
async def test_a_victim_is_found_by_document_only_by_those_who_see_it(
    ask: Ask, alter: Alter, role: str, found: int
) -> None:
    answer = await ask(alter(OPEN_B), COUNT, role, f={"partyDocument": "99990021"})
    assert answer.data["prosecutionFiles"]["totalCount"] == found


async def test_victims_of_sexual_offences_are_protected_whatever_the_flag_says(ask: Ask, alter: Alter) -> None:
    engine = alter(
        OPEN_B,
        "UPDATE tb_caso SET flViolencia = '0' WHERE idCaso = 2",
        "UPDATE tb_caso_delito SET coDelito = '170000' WHERE idCaso = 2",
    )
    victim = (await file(ask, engine, B_FILE, "court_adviser"))["parties"]["nodes"][0]
    assert victim["name"].startswith("PARTE RESERVADA ")


@pytest.mark.parametrize("role", ROLES)
async def test_a_minor_is_initials_for_everyone_and_is_not_found_by_document(ask: Ask, alter: Alter, role: str) -> None:
    text = "Visitas de NICOLÁS PEÑALUZ WAYRAPOMA."
    engine = alter(f"UPDATE tb_disposicion SET deSumilla = '{text}' WHERE idCaso = 6 AND nuDisposicion = 2")
    seen = await file(ask, engine, G_FILE, role)
    child = seen["parties"]["nodes"][2]
    assert (child["name"], child["minor"], child["documentNumber"], child["person"]) == ("N. P. W.", True, None, None)
    assert "NICOLÁS" not in str(seen)
    assert worked.G_CHILD_DOCUMENT not in str(seen)
    if role in WORKERS:
        answer = await ask(engine, COUNT, role, f={"partyDocument": worked.G_CHILD_DOCUMENT})
        assert answer.data["prosecutionFiles"]["totalCount"] == 0


@pytest.mark.parametrize(
    ("change", "today", "minor"),
    [
        ("flMenor = '1'", date(2040, 1, 1), True),
        ("flMenor = '0'", date(2032, 9, 11), True),
        ("flMenor = '0'", date(2032, 9, 12), False),
        ("flMenor = '0', feNacimiento = '29/02/2008'", date(2026, 2, 28), True),
        ("flMenor = '0', feNacimiento = '29/02/2008'", date(2026, 3, 1), False),
        ("flMenor = '0', feNacimiento = ''", TODAY, True),
        ("flMenor = '0', feNacimiento = '', tiParte = '04'", TODAY, False),
    ],
)
async def test_who_is_a_minor_is_told_and_found_alike(
    ask: Ask, alter: Alter, change: str, today: date, minor: bool
) -> None:
    engine = alter(f"UPDATE tb_caso_parte SET {change} WHERE idCaso = 6 AND nuParte = 3")
    child = (await file(ask, engine, G_FILE, "prosecutor", today))["parties"]["nodes"][2]
    found = await ask(engine, COUNT, "prosecutor", today, f={"partyDocument": worked.G_CHILD_DOCUMENT})
    assert child["minor"] is minor
    assert (child["documentNumber"] is None) is minor
    assert (found.data["prosecutionFiles"]["totalCount"] == 0) is minor


@pytest.mark.parametrize("role", ROLES)
async def test_documents_are_for_those_who_work_on_cases(ask: Ask, alter: Alter, role: str) -> None:
    engine = alter()
    father = (await file(ask, engine, G_FILE, role))["parties"]["nodes"][1]
    found = await ask(engine, COUNT, role, f={"partyDocument": worked.G_FATHER_DOCUMENT})
    assert father["name"] == "PEÑALUZ FICTICIO, MATEO ANDRÉS"
    if role in WORKERS:
        assert father["person"] == {"documentType": "DNI", "documentNumber": worked.G_FATHER_DOCUMENT}
        assert found.data["prosecutionFiles"]["nodes"] == [{"number": G_FILE}]
    else:
        assert (father["documentType"], father["documentNumber"], father["person"]) == (None, None, None)
        assert [error.extensions["code"] for error in found.errors] == ["FORBIDDEN"]


async def test_the_name_of_a_deleted_minor_is_struck_all_the_same(ask: Ask, alter: Alter) -> None:
    engine = alter(
        "UPDATE tb_caso_parte SET flBorrado = '1' WHERE idCaso = 6 AND nuParte = 3",
        "UPDATE tb_caso SET deSumilla = 'A favor de NICOLÁS.' WHERE idCaso = 6",
    )
    seen = await file(ask, engine, G_FILE, "prosecutor")
    assert seen["parties"]["totalCount"] == 2
    assert "NICOLÁS" not in seen["summary"]


@pytest.mark.parametrize(("stored", "written"), [("NUÃ‘EZ", "NUÑEZ"), ("NUÑEZ", "NUÃ‘EZ")])
async def test_a_name_decoded_twice_is_struck_in_both_forms(ask: Ask, alter: Alter, stored: str, written: str) -> None:
    engine = alter(
        f"UPDATE tb_caso_parte SET apPaterno = '{stored}' WHERE idCaso = 6 AND nuParte = 3",
        f"UPDATE tb_caso SET deSumilla = 'A favor de {written}.' WHERE idCaso = 6",
    )
    assert written not in (await file(ask, engine, G_FILE, "prosecutor"))["summary"]


async def test_a_name_decoded_twice_is_shown_as_it_stands(ask: Ask, alter: Alter) -> None:
    (party,) = (await file(ask, alter(), "999014504-2022-99028-0", "prosecutor"))["parties"]["nodes"]
    assert party["name"] == "PEÃ‘A FICTICIO, TOMÃ¡S"
