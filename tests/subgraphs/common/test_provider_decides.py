"""An institution gives what its own copies of its agreements say, whatever the gateway asks."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import orjson
import pytest
from agreements_kit import rewrite
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.access.agreements.signatures import signature, signature_file
from gateway.cli.sample_agreements import make_agreements
from subgraphs.common.agreements.held import read_held
from subgraphs.common.agreements.text import AgreementError
from subgraphs.common.lima import lima_today
from subgraphs.common.server import SubgraphSettings, create_app
from subgraphs.sample import worked_cases as worked
from subgraphs.sample.generate import generate

KEY = Ed25519PrivateKey.generate()
CASE, FILE, PROCEEDING = worked.G.cases[0], worked.G.prosecution_files[0], worked.G.proceedings[0]
RESERVED = "99002-2023-0-1801-JR-FT-05"
JUDGE = {"sub": "jueza", "institution": "PJ", "roles": ["judge"], "purpose": "case_review"}
JUDGE_OF_G = {**JUDGE, "claims": {"magistrate": "M99058"}}
PROSECUTOR = {"sub": "fiscal", "institution": "MP", "roles": ["prosecutor"], "purpose": "prosecution"}
PROSECUTOR_OF_G = {**PROSECUTOR, "claims": {"magistrate": "M99356"}}
ADVISER = {"sub": "asesora", "institution": "TC", "roles": ["court_adviser"], "purpose": "constitutional_review"}
AUDITOR = {"sub": "auditora", "institution": "CGR", "roles": ["auditor"], "purpose": "audit"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, 30, seed=5)
    make_agreements(folder)
    jwk = jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    (folder / "jwks.json").write_bytes(orjson.dumps({"keys": [{**jwk, "kid": "one", "alg": "EdDSA"}]}))
    return folder


class Subgraph:
    """One institution's, asked with the gateway's signature."""

    def __init__(self, name: str, http: httpx.AsyncClient) -> None:
        self.name, self.http = name, http

    async def ask(self, query: str, who: dict[str, Any], **variables: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": "quipu-gateway", "aud": self.name, "iat": now, "exp": now + 30, **who}
        token = jwt.encode(claims, KEY, algorithm="EdDSA", headers={"kid": "one", "typ": "quipu-identity+jwt"})
        body = {"query": query, "variables": variables}
        answer: dict[str, Any] = (await self.http.post("/graphql", json=body, headers={"Quipu-Identity": token})).json()
        return answer


@asynccontextmanager
async def served(name: str, sample: Path, agreements: Path | None = None) -> AsyncIterator[Subgraph]:
    held = sample / "agreements" if agreements is None else agreements
    app = create_app(name, SubgraphSettings(sample / f"{name}.db", str(sample / "jwks.json"), held))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://subgraph") as http,
    ):
        yield Subgraph(name, http)


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", ())]


@pytest.mark.parametrize(
    ("who", "query"),
    [
        pytest.param(AUDITOR, "{ case(number: $n) { parties { nodes { name } } } }", id="a field nobody granted"),
        pytest.param(AUDITOR, "{ case(number: $n) { ...F } } fragment F on Case { summary }", id="in a fragment"),
        pytest.param(AUDITOR, "{ case(number: $n) { number: summary } }", id="under another name"),
        pytest.param(AUDITOR, "{ a: case(number: $n) { court { name } judge { code } } }", id="one among granted ones"),
        pytest.param({**AUDITOR, "purpose": None}, "{ case(number: $n) { status } }", id="no purpose"),
        pytest.param({**AUDITOR, "purpose": "case_review"}, "{ case(number: $n) { status } }", id="another purpose"),
        pytest.param({**AUDITOR, "roles": ["judge"]}, "{ case(number: $n) { status } }", id="a role without a seat"),
        pytest.param({**JUDGE, "institution": "XX"}, "{ case(number: $n) { status } }", id="an institution of nobody"),
        pytest.param({**JUDGE, "roles": ["clerk"]}, "{ case(number: $n) { status } }", id="at home, without a role"),
        pytest.param(
            {**AUDITOR, "purpose": "audit"},
            '{ _entities(representations: [{__typename: "Case", number: $n}]) { ... on Case { subject summary } } }',
            id="through an entity",
        ),
    ],
)
async def test_what_no_agreement_gives_answers_nothing_at_all(sample: Path, who: dict[str, Any], query: str) -> None:
    text = query.replace("$n", f'"{CASE}"')
    async with served("judiciary", sample) as judiciary:
        answer = await judiciary.ask(text, who)
    assert answer["data"] is None
    assert codes(answer) == ["AGREEMENT_REQUIRED"]


async def test_what_is_granted_is_given_with_keys_for_the_gateway(sample: Path) -> None:
    query = "query ($n: CaseNumber!) { case(number: $n) { __typename number status court { name } reserved } }"
    async with served("judiciary", sample) as judiciary:
        answer = await judiciary.ask(query, AUDITOR, n=CASE)
    assert "errors" not in answer
    assert answer["data"]["case"]["number"] == CASE


async def test_a_row_outside_the_conditions_is_a_number_that_does_not_exist(sample: Path) -> None:
    query = "query ($n: CaseNumber!) { case(number: $n) { number status } }"
    async with served("judiciary", sample) as judiciary:
        hidden = await judiciary.ask(query, AUDITOR, n=RESERVED)
        absent = await judiciary.ask(query, AUDITOR, n="99999-2023-0-1801-JR-FT-05")
    assert hidden == absent == {"data": {"case": None}}


async def test_rows_outside_the_conditions_are_in_no_list_below_others(sample: Path) -> None:
    query = """query ($these: [_Any!]!) { _entities(representations: $these) { ... on Case {
      prosecutionFiles { number kind } } } }"""
    these = [{"__typename": "Case", "number": number} for number in (CASE, worked.A.cases[0])]
    async with served("prosecution", sample) as prosecution:
        family, criminal = (await prosecution.ask(query, ADVISER, these=these))["data"]["_entities"]
        home = (await prosecution.ask(query, PROSECUTOR, these=these))["data"]["_entities"]
    assert [file["kind"] for file in family["prosecutionFiles"]] == ["FAMILY"]
    assert criminal["prosecutionFiles"] == []
    assert [file["kind"] for file in home[1]["prosecutionFiles"]] == ["CRIMINAL"]


async def test_lists_are_for_those_to_whom_no_row_is_hidden(sample: Path, tmp_path: Path) -> None:
    folder = changed(tmp_path, "CONVENIO-FICTICIO-10", '"Query.case",', '"Query.case", "Query.cases",')
    query = "{ cases(first: 5) { edges { cursor } } }"
    async with served("judiciary", sample, folder) as judiciary:
        assert codes(await judiciary.ask("{ cases { __typename } }", AUDITOR)) == ["LIST_NOT_GRANTED"]
        assert (await judiciary.ask("{ cases { __typename } }", JUDGE))["data"]["cases"]
        assert (await judiciary.ask(query, JUDGE))["data"]["cases"]["edges"]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        pytest.param(PROSECUTOR_OF_G, [], id="its prosecutor"),
        pytest.param(PROSECUTOR, ["ASSIGNMENT_REQUIRED"], id="another prosecutor"),
        pytest.param({**PROSECUTOR, "claims": {"officer": "M99356"}}, ["ASSIGNMENT_REQUIRED"], id="of another kind"),
        pytest.param({**PROSECUTOR, "exceptional_reason": "turno"}, [], id="with an exceptional reason"),
    ],
)
async def test_need_to_know(sample: Path, who: dict[str, Any], expected: list[str]) -> None:
    query = "query ($n: CaseNumber!) { case(number: $n) { status parties { nodes { name } } } }"
    async with served("judiciary", sample) as judiciary:
        answer = await judiciary.ask(query, who, n=CASE)
    assert codes(answer) == expected
    assert answer["data"]["case"]["status"] == "IN_EXECUTION"
    assert (answer["data"]["case"]["parties"] is None) == bool(expected)


async def test_a_reserved_case_at_home_is_for_its_own_judge(sample: Path) -> None:
    query = "query ($n: CaseNumber!) { case(number: $n) { status summary judge { code } } }"
    async with served("judiciary", sample) as judiciary:
        other = await judiciary.ask(query, JUDGE_OF_G, n=RESERVED)
        own = other["data"]["case"]["judge"]["code"]
        mine = await judiciary.ask(query, {**JUDGE, "claims": {"magistrate": own}}, n=RESERVED)
        reason = await judiciary.ask(query, {**JUDGE, "exceptional_reason": "visita de control"}, n=RESERVED)
    assert codes(other) == ["ASSIGNMENT_REQUIRED"]
    assert other["data"]["case"]["summary"] is None
    assert mine["data"]["case"]["summary"]
    assert reason["data"] == mine["data"]


SECRET_WAYS = """query ($n: ID!, $these: [_Any!]!, $f: ProsecutionFileFilter) {
  prosecutionFile(number: $n) { number stage summary }
  prosecutionFiles(filter: $f, first: 1) { totalCount nodes { number } pageInfo { hasNextPage endCursor } }
  _entities(representations: $these) { ... on ProsecutionFile { number stage summary }
    ... on Case { prosecutionFiles { number } citedProsecutionFile { number } citedFileLink { match } } } }"""
SECRET, ABSENT, SECRET_OFFICE = worked.D.prosecution_files[0], "999014503-2024-98004-0", "999014503"
IN_CHARGE = {**PROSECUTOR, "claims": {"magistrate": "M99359"}}
REASON = {"exceptional_reason": "turno"}


@pytest.mark.parametrize(
    "who",
    [
        pytest.param(PROSECUTOR_OF_G, id="another prosecutor"),
        pytest.param({**PROSECUTOR_OF_G, **REASON}, id="with a reason"),
        pytest.param({**PROSECUTOR, **REASON}, id="a reason and no code"),
        pytest.param({**PROSECUTOR, "claims": {"officer": "M99359"}, **REASON}, id="the code under another name"),
        pytest.param({**JUDGE, "claims": {"magistrate": "M99359"}, **REASON}, id="a judge with the code"),
        pytest.param({**IN_CHARGE, "institution": "PJ", "purpose": "case_review"}, id="a prosecutor of elsewhere"),
    ],
)
async def test_a_secret_file_is_a_number_that_does_not_exist_whatever_reason_is_stated(
    sample: Path, tmp_path: Path, who: dict[str, Any]
) -> None:
    emptied = tmp_path / "emptied"
    shutil.copytree(sample, emptied)
    with closing(sqlite3.connect(emptied / "prosecution.db")) as rows, rows:
        rows.execute("DELETE FROM tb_caso WHERE nuCaso = ?", (SECRET,))
    async with served("prosecution", sample) as prosecution, served("prosecution", emptied) as without:
        hidden = await prosecution.ask(SECRET_WAYS, who, **ways(SECRET))
        assert hidden == await prosecution.ask(SECRET_WAYS, who, **ways(ABSENT))
        assert hidden == await without.ask(SECRET_WAYS, who, **ways(SECRET))
        shown = await prosecution.ask(SECRET_WAYS, IN_CHARGE, **ways(SECRET))
    assert SECRET not in str(hidden)
    assert shown["data"]["prosecutionFile"]["number"] == SECRET
    assert shown["data"]["_entities"][1]["citedFileLink"] == {"match": "EXACT"}


def ways(number: str) -> dict[str, Any]:
    """Every way to come upon a file of this number."""
    these = [
        {"__typename": "ProsecutionFile", "number": number},
        {"__typename": "Case", "number": CASE, "prosecutionFileReference": number},
    ]
    return {"n": number, "these": these, "f": {"office": SECRET_OFFICE}}


async def test_obligations_cut_pages_and_mask_documents(sample: Path, tmp_path: Path) -> None:
    query = """query ($n: CaseNumber!) { case(number: $n) { parties(first: 50) { totalCount nodes { documentNumber }
      pageInfo { hasNextPage } } } }"""
    folder = changed(tmp_path, "CONVENIO-FICTICIO-1", "page_limit = 100", "page_limit = 1\nmask_documents = true")
    async with served("judiciary", sample, folder) as judiciary:
        masked = (await judiciary.ask(query, PROSECUTOR_OF_G, n=CASE))["data"]["case"]["parties"]
    async with served("judiciary", sample) as judiciary:
        plain = (await judiciary.ask(query, PROSECUTOR_OF_G, n=CASE))["data"]["case"]["parties"]
    assert (len(plain["nodes"]), plain["pageInfo"]["hasNextPage"]) == (3, False)
    assert plain["nodes"][0]["documentNumber"]
    assert masked == {"totalCount": 3, "nodes": [{"documentNumber": None}], "pageInfo": {"hasNextPage": True}}


def changed(folder: Path, number: str, old: str, new: str) -> Path:
    """The agreements with one text changed and signed again by its parties."""
    made = make_agreements(folder)
    rewrite(folder, number, old, new)
    return made


@pytest.mark.parametrize(("until", "given"), [(0, True), (-1, False)], ids=["on its last day", "the day after"])
async def test_an_agreement_ends_with_its_last_day_in_lima(
    sample: Path, tmp_path: Path, until: int, given: bool
) -> None:
    last = lima_today() + timedelta(days=until)
    folder = changed(
        tmp_path, "CONVENIO-FICTICIO-10", "in_force_until = 2030-12-31", f"in_force_until = {last.isoformat()}"
    )
    async with served("judiciary", sample, folder) as judiciary:
        answer = await judiciary.ask(f'{{ case(number: "{CASE}") {{ status }} }}', AUDITOR)
    assert (answer["data"] is not None) == given


def _edit(folder: Path) -> None:
    file = folder / "CONVENIO-FICTICIO-1.toml"
    file.write_text(file.read_text().replace("assignment = true\n", ""))


def _forge(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    file = folder / "CONVENIO-FICTICIO-1.toml"
    signature_file(file, "MP").write_text(signature(file.read_bytes(), key))


def _unsign(folder: Path) -> None:
    (folder / "CONVENIO-FICTICIO-1.toml.PJ.sig").unlink()


def _add_key(folder: Path) -> None:
    file = folder / "CONVENIO-FICTICIO-1.toml"
    file.write_text("waiver = true\n" + file.read_text())


def _nobodys(folder: Path) -> None:
    (folder / "parties.toml").write_text((folder / "parties.toml").read_text().replace('"judiciary"', '"another"'))


@pytest.mark.parametrize("spoil", [_edit, _forge, _unsign, _add_key, _nobodys])
def test_a_folder_that_was_tampered_with_refuses_the_start(
    sample: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    folder = make_agreements(tmp_path)
    spoil(folder)
    with pytest.raises(AgreementError):
        create_app("judiciary", SubgraphSettings(sample / "judiciary.db", str(sample / "jwks.json"), folder))


def test_agreements_by_which_others_give_are_not_this_institutions_business(tmp_path: Path) -> None:
    folder = make_agreements(tmp_path)
    (folder / "CONVENIO-FICTICIO-2.toml.PJ.sig").unlink()  # of the prosecutors, who give by it
    assert {one.agreement.provider for one in read_held(folder, "judiciary").held} == {"PJ"}
    with pytest.raises(AgreementError, match="CONVENIO-FICTICIO-2"):
        read_held(folder, "prosecution")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('field = "Case.reserved"', 'field = "Case.secrets"', "Case.secrets is no field"),
        ('field = "Case.reserved"', 'field = "Case.court"', "Case.court is no field"),
        ('"Case.reserved",\n]', '"Case.reserved",\n  "Party.name",\n]', "Party.name is a part"),
        ('"Case.reserved",\n]', '"Case.reserved",\n  "*.name",\n]', "*.name is a part"),
    ],
)
def test_what_could_not_be_enforced_refuses_the_start(
    sample: Path, tmp_path: Path, old: str, new: str, told: str
) -> None:
    folder = changed(tmp_path, "CONVENIO-FICTICIO-10", old, new)
    with pytest.raises(AgreementError) as caught:
        create_app("judiciary", SubgraphSettings(sample / "judiciary.db", str(sample / "jwks.json"), folder))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("name", "query", "who"),
    [
        ("judiciary", '{ cases(filter: {partyDocument: "99990001"}) { __typename } }', JUDGE_OF_G),
        ("prosecution", '{ prosecutionFiles(filter: {partyDocument: "99990001"}) { __typename } }', PROSECUTOR_OF_G),
        (
            "constitutional_court",
            '{ constitutionalProceedings(filter: {plaintiffDocument: "99990001"}) { __typename } }',
            {**ADVISER, "claims": {"adviser": "AS-TC03"}},
        ),
    ],
)
async def test_searching_by_person_states_what_it_is_for(
    sample: Path, name: str, query: str, who: dict[str, Any]
) -> None:
    async with served(name, sample) as subgraph:
        assert codes(await subgraph.ask(query, who)) == ["PURPOSE_REFERENCE_REQUIRED"]
        assert codes(await subgraph.ask(query, {**who, "purpose_reference": "99006-2022"})) == []
