"""An account that could write is refused before anything is answered, and the advice that comes with it mends it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from conftest import Institutions
from postgres_kit import PASSWORD, READER, PostgresServer

from subgraphs.common.postgresql import DatabaseError
from subgraphs.common.server import SubgraphSettings, check_database, create_app

ACADEMY, ACCOUNT, SECRET = "academy", "Lee", "clave"
MADE = [
    f"CREATE ROLE \"{ACCOUNT}\" LOGIN PASSWORD '{SECRET}'",
    "CREATE ROLE grupo",
    f'GRANT SELECT ON "MAGISTRADOS", "CURSOS", "MATRICULAS", "CERTIFICADOS" TO "{ACCOUNT}"',
]
UNMADE = [
    f'REASSIGN OWNED BY "{ACCOUNT}", grupo TO postgres',
    f'DROP OWNED BY "{ACCOUNT}", grupo',
    f'DROP ROLE "{ACCOUNT}", grupo',
]


@pytest.fixture
async def server(institutions: Institutions) -> AsyncIterator[PostgresServer]:
    """The server, with an account that reads the Academy and an empty role."""
    await institutions.server.run(ACADEMY, *MADE)
    yield institutions.server
    await institutions.server.run(ACADEMY, *UNMADE)


async def refusal(server: PostgresServer, account: str = ACCOUNT, database: str = ACADEMY) -> str:
    with pytest.raises(DatabaseError) as raised:
        await check_database(database, server.url(database, account, SECRET))
    assert "\n" not in str(raised.value)
    return str(raised.value)


async def test_an_account_that_reads_and_no_more_is_accepted(institutions: Institutions) -> None:
    for name in ("judiciary", "prosecution", "constitutional_court", ACADEMY):
        await check_database(name, institutions.server.url(name, READER, PASSWORD))


@pytest.mark.parametrize(
    ("granted", "told"),
    [
        ('GRANT INSERT ON "CURSOS" TO "Lee"', 'INSERT on public."CURSOS"'),
        ('GRANT UPDATE ON "MATRICULAS" TO "Lee"', 'UPDATE on public."MATRICULAS"'),
        ('GRANT DELETE ON "CURSOS" TO PUBLIC', 'DELETE on public."CURSOS" through PUBLIC'),
        ('GRANT TRUNCATE ON "CURSOS" TO "Lee"', 'TRUNCATE on public."CURSOS"'),
        ('GRANT TRIGGER ON "CURSOS" TO "Lee"', 'TRIGGER on public."CURSOS"'),
        ('GRANT UPDATE ("NOTA") ON "MATRICULAS" TO "Lee"', 'UPDATE on public."MATRICULAS"'),
        ('GRANT INSERT ON "CURSOS" TO grupo; GRANT grupo TO "Lee"', 'INSERT on public."CURSOS" through grupo'),
        (
            'GRANT INSERT ON "CURSOS" TO grupo; GRANT grupo TO "Lee" WITH INHERIT FALSE',
            'INSERT on public."CURSOS" through grupo',
        ),
        ('GRANT pg_write_all_data TO "Lee"', "WRITE on every table through pg_write_all_data"),
        ('GRANT CREATE ON SCHEMA public TO "Lee"', "CREATE on SCHEMA public"),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "CREATE on SCHEMA public through PUBLIC"),
        ('GRANT INSERT, DELETE ON "CURSOS", "MATRICULAS" TO "Lee"', 'DELETE on public."CURSOS", and 3 more'),
    ],
)
async def test_a_privilege_to_write_is_refused_however_it_is_held_and_the_advice_takes_it_away(
    server: PostgresServer, granted: str, told: str
) -> None:
    await server.run(ACADEMY, granted)
    message = await refusal(server)
    _, separator, advice = message.partition("Let it only read: ")
    assert separator
    await server.run(ACADEMY, advice)
    assert f'the account "Lee" could write, as it has {told}.' in message
    await check_database(ACADEMY, server.url(ACADEMY, ACCOUNT, SECRET))


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ('ALTER ROLE "Lee" SUPERUSER', "is a superuser"),
        ('ALTER ROLE grupo SUPERUSER; GRANT grupo TO "Lee"', "is a superuser through grupo"),
        ('ALTER TABLE "CURSOS" OWNER TO "Lee"', 'owns public."CURSOS"'),
        (
            'ALTER TABLE "CURSOS" OWNER TO grupo; REVOKE ALL ON "CURSOS" FROM grupo; GRANT grupo TO "Lee"',
            'owns public."CURSOS" through grupo',
        ),
        ('ALTER DATABASE academy OWNER TO "Lee"', "owns SCHEMA public through pg_database_owner"),
    ],
)
async def test_an_owner_and_a_superuser_are_told_to_make_another_account(
    server: PostgresServer, made: str, told: str
) -> None:
    await server.run(ACADEMY, made)
    message = await refusal(server)
    advice = message.partition("Let it only read: ")[2].replace("'…'", f"'{SECRET}'")
    try:
        assert told in message
        await server.run(ACADEMY, advice)
        await check_database(ACADEMY, server.url(ACADEMY, "quipu_reader", SECRET))
    finally:
        await server.run(ACADEMY, "DROP OWNED BY quipu_reader", "DROP ROLE quipu_reader")


async def test_a_table_that_may_not_be_read_or_is_not_there_is_named(server: PostgresServer) -> None:
    await server.run(ACADEMY, 'REVOKE SELECT ON "CURSOS" FROM "Lee"')
    message = await refusal(server)
    assert 'the account "Lee" may not read public."CURSOS"' in message
    await server.run(ACADEMY, message.partition(": ")[2])
    await check_database(ACADEMY, server.url(ACADEMY, ACCOUNT, SECRET))
    with pytest.raises(DatabaseError, match="sees no table CERTIFICADOS, CURSOS, MAGISTRADOS, MATRICULAS"):
        await check_database(ACADEMY, server.url("postgres", ACCOUNT, SECRET))


async def test_who_a_protected_witness_is_may_be_read_by_no_account(institutions: Institutions) -> None:
    table = "public.tb_clave_reserva"
    await institutions.server.run("prosecution", f"GRANT SELECT ON {table} TO {READER}")
    with pytest.raises(DatabaseError, match=f"may read {table}") as raised:
        await check_database("prosecution", institutions.server.url("prosecution", READER, PASSWORD))
    await institutions.server.run("prosecution", str(raised.value).rpartition(": ")[2])
    await check_database("prosecution", institutions.server.url("prosecution", READER, PASSWORD))


async def test_a_subgraph_does_not_start_over_an_account_that_could_write(institutions: Institutions) -> None:
    app = create_app(ACADEMY, SubgraphSettings(institutions.server.url(ACADEMY), "keys"))
    with pytest.raises(DatabaseError, match="is a superuser"):
        async with app.router.lifespan_context(app):
            raise AssertionError("it started")
