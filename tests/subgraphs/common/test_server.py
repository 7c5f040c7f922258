"""A subgraph as the gateway meets it: signed identities only, and a bad item is its own error."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from subgraphs.common.database import counted, open_read_only
from subgraphs.common.postgresql import DatabaseError
from subgraphs.common.privacy import pseudonym_key
from subgraphs.common.server import INSTITUTIONS, SubgraphSettings, check_database, create_app, schema_sdl
from subgraphs.sample import worked_cases as worked
from subgraphs.sample.generate import generate

KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
CASE, PROCEEDING = worked.G.cases[0], worked.G.proceedings[0]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, 50, seed=5)
    jwk = jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    (folder / "jwks.json").write_bytes(orjson.dumps({"keys": [{**jwk, "kid": "one", "alg": "EdDSA"}]}))
    return folder


@asynccontextmanager
async def served(sample: Path, institution: str) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(institution, SubgraphSettings(sample / f"{institution}.db", str(sample / "jwks.json")))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://subgraph") as client:
            yield client


@pytest.fixture
async def client(sample: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with served(sample, "constitutional_court") as client:
        yield client


def identity(key: Ed25519PrivateKey = KEY, kid: str = "one", typ: str = "quipu-identity+jwt", **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": "quipu-gateway", "aud": "constitutional_court", "sub": "someone", "institution": "PJ",
        "roles": ["judge"], "iat": now, "exp": now + 30,
    }  # fmt: skip
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": kid, "typ": typ})


async def ask(client: httpx.AsyncClient, query: str, token: str | None = None, **variables: Any) -> httpx.Response:
    headers = {"Quipu-Identity": identity() if token is None else token}
    return await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


async def test_a_signed_identity_is_answered(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "query ($n: ID!) { constitutionalProceeding(number: $n) { number } }", n=PROCEEDING)
    assert answer.json() == {"data": {"constitutionalProceeding": {"number": PROCEEDING}}}


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="none"),
        pytest.param("nonsense", id="no token at all"),
        pytest.param(identity(OTHER_KEY), id="signed by another key"),
        pytest.param(identity(kid="two"), id="unknown key"),
        pytest.param(identity(typ="JWT"), id="a token of another type"),
        pytest.param(identity(aud="judiciary"), id="made for another subgraph"),
        pytest.param(identity(aud=None), id="made for nobody"),
        pytest.param(identity(iss="someone-else"), id="of another issuer"),
        pytest.param(identity(exp=int(time.time()) - 5), id="expired"),
        pytest.param(identity(iat=int(time.time()) + 3600, exp=int(time.time()) + 3630), id="of the future"),
        pytest.param(identity(exp=int(time.time()) + 3600), id="long-lived"),
        pytest.param(identity(sub=None), id="without a subject"),
        pytest.param(identity(roles="judge"), id="roles that are no list"),
        pytest.param(
            jwt.encode({"sub": "x"}, "k" * 32, algorithm="HS256", headers={"kid": "one", "typ": "quipu-identity+jwt"}),
            id="signed with a shared secret",
        ),
    ],
)
@pytest.mark.parametrize("query", ["{ _service { sdl } }", "{ __schema { queryType { name } } }"])
async def test_any_other_identity_is_refused(client: httpx.AsyncClient, token: str, query: str) -> None:
    answer = await ask(client, query, token)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNIDENTIFIED"
    assert "data" not in answer.json()


async def test_a_bad_representation_is_its_own_error(client: httpx.AsyncClient) -> None:
    query = """query ($these: [_Any!]!) { _entities(representations: $these) {
      ... on ConstitutionalProceeding { number } ... on Case { constitutionalProceedings { number } } } }"""
    these = [
        {"__typename": "Case", "number": CASE},
        {"__typename": "Case", "number": "no such form"},
        {"__typename": "Nothing", "number": "1"},
        {"__typename": "__class__", "number": "1"},
        {"__typename": "ConstitutionalProceeding"},
        {"__typename": "ConstitutionalProceeding", "number": PROCEEDING},
    ]
    answer = (await ask(client, query, these=these)).json()
    first, *bad, last = answer["data"]["_entities"]
    assert PROCEEDING in {each["number"] for each in first["constitutionalProceedings"]}
    assert bad == [None] * 4
    assert last == {"number": PROCEEDING}
    assert [error["path"] for error in answer["errors"]] == [["_entities", place] for place in (1, 2, 3, 4)]


async def test_too_many_representations_are_refused(client: httpx.AsyncClient) -> None:
    query = "query ($these: [_Any!]!) { _entities(representations: $these) { __typename } }"
    answer = (await ask(client, query, these=[{"__typename": "Case", "number": CASE}] * 1001)).json()
    assert answer["errors"][0]["extensions"]["code"] == "TOO_MANY_REPRESENTATIONS"


async def test_a_body_that_is_too_large_is_refused(client: httpx.AsyncClient) -> None:
    assert (await ask(client, "#" * 2_000_001)).status_code == 413


async def test_health_needs_no_identity(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).status_code == 200
    assert (await client.get("/health/ready")).status_code == 200


async def test_nothing_can_be_written(sample: Path) -> None:
    engine = open_read_only(sample / "academy.db")
    async with engine.connect() as connection:
        with counted(engine) as count, pytest.raises(OperationalError):
            await connection.execute(text("DELETE FROM CURSOS"))
        assert count.statements == 1
    await engine.dispose()


async def test_a_statement_that_runs_too_long_is_interrupted(sample: Path) -> None:
    engine = open_read_only(sample / "academy.db", statement_seconds=0.0)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    async with engine.connect() as connection:
        with pytest.raises(OperationalError, match="interrupted"):
            await connection.execute(text(endless))
    await engine.dispose()


@pytest.mark.parametrize("institution", INSTITUTIONS)
def test_the_sdl_is_a_federation_2_schema(institution: str) -> None:
    sdl = schema_sdl(institution)
    assert "https://specs.apollo.dev/federation/v2.9" in sdl
    assert "@key(" in sdl


@pytest.mark.parametrize(("institution", "shown"), [("PJ", True), ("MP", False), ("CGR", False)])
async def test_a_judge_is_one_at_the_judiciary_alone(client: httpx.AsyncClient, institution: str, shown: bool) -> None:
    query = f'{{ constitutionalProceeding(number: "{PROCEEDING}") {{ plaintiff {{ documentNumber }} }} }}'
    answer = (await ask(client, query, identity(institution=institution))).json()
    document = answer["data"]["constitutionalProceeding"]["plaintiff"]["documentNumber"]
    assert document == (worked.G_FATHER_DOCUMENT if shown else None)


@pytest.mark.parametrize(
    ("institution", "role", "name"),
    [("PJ", "judge", "CHOQUELUNA INVENTADA, DELIA FLOR"), ("MP", "judge", None), ("CGR", "auditor", None)],
)
async def test_the_judiciary_shows_a_reserved_case_to_its_own_judges(
    sample: Path, institution: str, role: str, name: str | None
) -> None:
    query = f'{{ case(number: "{worked.B.cases[0]}") {{ reserved parties {{ nodes {{ name }} }} }} }}'
    async with served(sample, "judiciary") as judiciary:
        token = identity(aud="judiciary", institution=institution, roles=[role])
        case = (await ask(judiciary, query, token)).json()["data"]["case"]
        assert (await ask(judiciary, query)).status_code == 401
    first = case["parties"]["nodes"][0]["name"]
    assert (first == name) if name else first.startswith("PARTE RESERVADA ")


def test_a_key_of_pseudonyms_that_is_too_short_serves_nothing(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIPU_PSEUDONYM_KEY", "k" * 31)
    pseudonym_key.cache_clear()
    with pytest.raises(ValueError, match="at least 32"):
        create_app("academy", SubgraphSettings(sample / "academy.db", "none"))
    pseudonym_key.cache_clear()


async def test_a_file_that_is_not_the_institutions_database_is_refused_by_name(sample: Path, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_bytes(b"this is no database, " * 100)
    with pytest.raises(DatabaseError, match="no SQLite database"):
        await check_database("academy", rubbish)
    with pytest.raises(DatabaseError, match="has no table CERTIFICADOS, "):
        await check_database("academy", sample / "judiciary.db")
    await check_database("academy", sample / "academy.db")
