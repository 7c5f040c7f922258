"""An institution's PostgreSQL: nothing is written or runs long, no password is told, a restart is survived."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import jwt
import orjson
import pytest
from conftest import Institutions
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from postgres_kit import PASSWORD, READER
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.common.database import open_read_only
from subgraphs.common.postgresql import POOL_SIZE, DatabaseError, DatabaseUrl
from subgraphs.common.server import SubgraphSettings, check_database, create_app
from subgraphs.sample import worked_cases as worked

KEY = Ed25519PrivateKey.generate()


@pytest.fixture
async def superuser(institutions: Institutions) -> AsyncIterator[AsyncEngine]:
    """The engine of an account that may write, to see that the session does not let it."""
    engine = open_read_only(institutions.server.url("academy"), statement_seconds=0.3)
    yield engine
    await engine.dispose()


@pytest.mark.parametrize(
    "statement", ['DELETE FROM "CURSOS"', 'CREATE TABLE "OTRA" (a int)', "CREATE ROLE otro", "SELECT lo_create(0)"]
)
async def test_a_session_refuses_writes_whatever_the_account(superuser: AsyncEngine, statement: str) -> None:
    async with superuser.connect() as connection:
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await connection.execute(text(statement))


async def test_the_setting_and_each_transaction_are_read_only_both(superuser: AsyncEngine) -> None:
    async with superuser.connect() as connection:
        assert (await connection.execute(text("SHOW default_transaction_read_only"))).scalar_one() == "on"
        await connection.execute(text("SET default_transaction_read_only = off"))
        await connection.commit()
        assert (await connection.execute(text("SHOW transaction_read_only"))).scalar_one() == "on"
        assert (await connection.execute(text("SHOW application_name"))).scalar_one() == "quipu"


async def test_a_url_cannot_make_the_session_writable(institutions: Institutions) -> None:
    options = "&default_transaction_read_only=off&statement_timeout=0"
    engine = open_read_only(DatabaseUrl.parse(institutions.server.text("academy") + options), 0.3)
    async with engine.connect() as connection:
        assert (await connection.execute(text("SHOW default_transaction_read_only"))).scalar_one() == "on"
        assert (await connection.execute(text("SHOW statement_timeout"))).scalar_one() == "300ms"
    await engine.dispose()


async def test_a_slow_statement_is_cut_by_the_server(superuser: AsyncEngine) -> None:
    async with superuser.connect() as connection:
        with pytest.raises(DBAPIError, match="statement timeout"):
            await connection.execute(text("SELECT pg_sleep(30)"))
        await connection.rollback()
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


async def test_connections_are_bounded(superuser: AsyncEngine) -> None:
    held = [await superuser.connect() for _ in range(POOL_SIZE)]
    with pytest.raises(PoolTimeoutError):
        await superuser.connect()
    for connection in held:
        await connection.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://reader:s3cret%2Fword@/academy?host={folder}", "password authentication failed"),
        ("postgresql://postgres:s3cret%2Fword@/nowhere?host={folder}", "does not exist"),
        ("postgresql://reader:s3cret%2Fword@127.0.0.1:1/academy", "cannot be reached"),
        ("postgresql://postgres:s3cret%2Fword@/academy?host={folder}&strange=1", "strange"),
        ("postgresql://reader:s3cret/word@127.0.0.1/academy", "as %XX"),
        ("postgresql://reader:1/s3cret/word@127.0.0.1/academy", "as %XX"),
        ("postgresql://reader:s3cret@word@127.0.0.1/academy", "as %XX"),
        ("postgresql://reader:s3cret%2Fword@127.0.0.1:s3cret/academy", "as %XX"),
        ("postgresql://127.0.0.1/academy?s3cret", "as %XX"),
        ("mysql://reader:s3cret%2Fword@127.0.0.1/academy", "postgresql://"),
    ],
)
async def test_a_database_that_cannot_be_used_is_said_in_a_line_without_the_password(
    institutions: Institutions, url: str, expected: str
) -> None:
    with pytest.raises(DatabaseError, match=expected) as raised:
        await check_database("academy", DatabaseUrl.parse(url.format(folder=institutions.server.folder)))
    assert "s3cret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_nothing_that_may_be_printed_has_the_password() -> None:
    url = DatabaseUrl.parse("postgresql+asyncpg://reader:s3cret@127.0.0.1/academy")
    engine = open_read_only(url)
    assert "s3cret" not in f"{url!r} {url} {engine!r} {engine.url!r} {SubgraphSettings(url, 'keys')!r}"


@pytest.fixture
async def client(institutions: Institutions, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    jwk = jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    (tmp_path / "jwks.json").write_bytes(orjson.dumps({"keys": [{**jwk, "kid": "one", "alg": "EdDSA"}]}))
    url = institutions.server.url("constitutional_court", READER, PASSWORD)
    app = create_app("constitutional_court", SubgraphSettings(url, str(tmp_path / "jwks.json")))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://subgraph") as client:
            yield client


async def ask(client: httpx.AsyncClient) -> httpx.Response:
    now = int(time.time())
    claims = {
        "iss": "quipu-gateway", "aud": "constitutional_court", "sub": "someone", "institution": "PJ",
        "roles": ["judge"], "iat": now, "exp": now + 30,
    }  # fmt: skip
    token = jwt.encode(claims, KEY, algorithm="EdDSA", headers={"kid": "one", "typ": "quipu-identity+jwt"})
    query = f'{{ constitutionalProceeding(number: "{worked.G.proceedings[0]}") {{ number }} }}'
    return await client.post("/graphql", json={"query": query}, headers={"Quipu-Identity": token})


async def test_a_restart_of_the_server_costs_errors_for_that_moment_alone(
    client: httpx.AsyncClient, institutions: Institutions
) -> None:
    answered = {"data": {"constitutionalProceeding": {"number": worked.G.proceedings[0]}}}
    assert (await ask(client)).json() == answered
    institutions.server.stop()
    try:
        down = (await ask(client)).json()
        ready = await client.get("/health/ready")
        live = await client.get("/health/live")
    finally:
        institutions.server.start()
    assert [error["extensions"]["code"] for error in down["errors"]] == ["INTERNAL"]
    assert str(institutions.server.folder) not in str(down)
    assert (ready.status_code, live.status_code) == (503, 200)
    assert (await ask(client)).json() == answered
    assert (await client.get("/health/ready")).status_code == 200


async def test_connections_lost_in_a_restart_that_nobody_saw_are_made_again(
    client: httpx.AsyncClient, institutions: Institutions
) -> None:
    answered = (await ask(client)).json()
    institutions.server.stop()
    institutions.server.start()
    assert (await ask(client)).json() == answered
