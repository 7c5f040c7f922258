"""What the account on a database server may do: read the mapped tables, and write nothing, or nothing is served.

A privilege counts however it is held: granted to the account or to everybody, on a table or some of its columns,
through a role that the account could put on, by owning the table or its schema, or by being a superuser.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import MetaData, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.common.postgresql import DatabaseError

WITHHELD = "withheld"
"""In a table's `info`: no mapping names it, so no account of ours reads it."""

_FILE_TABLES = text("SELECT name FROM sqlite_master WHERE type = 'table'")

_ACCOUNT = text("SELECT quote_ident(CAST(session_user AS text))")

_TABLES = text("""
    SELECT asked.name, c.oid IS NOT NULL, coalesce(has_any_column_privilege(c.oid, 'SELECT'), false),
           quote_ident(nspname) || '.' || quote_ident(relname)
    FROM unnest(CAST(:names AS text[])) AS asked (name)
    LEFT JOIN pg_class c ON c.oid = to_regclass(quote_ident(asked.name))
    LEFT JOIN pg_namespace n ON n.oid = relnamespace
    ORDER BY asked.name
""")

_WRITES = text("""
    WITH held AS (
      SELECT oid, rolname, rolsuper FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')
    ), mapped AS (
      SELECT c.oid, relowner, relacl, nspname, nspowner, nspacl, format('%I.%I', nspname, relname) AS place
      FROM unnest(CAST(:names AS text[])) AS asked (name)
      JOIN pg_class c ON c.oid = to_regclass(quote_ident(asked.name)) JOIN pg_namespace n ON n.oid = relnamespace
    ), granted (privilege, place, holder) AS (
      SELECT privilege_type, place, grantee FROM mapped, aclexplode(relacl)
      UNION SELECT privilege_type, place, grantee
        FROM mapped JOIN pg_attribute ON attrelid = mapped.oid, aclexplode(attacl)
      UNION SELECT privilege_type, format('SCHEMA %I', nspname), grantee FROM mapped, aclexplode(nspacl)
      UNION SELECT 'OWNER', place, relowner FROM mapped
      UNION SELECT 'OWNER', format('SCHEMA %I', nspname), nspowner FROM mapped
      UNION SELECT 'WRITE', 'every table', oid FROM held WHERE rolname = 'pg_write_all_data'
      UNION SELECT 'SUPERUSER', 'every table', oid FROM held WHERE rolsuper
    )
    SELECT privilege, place, coalesce(quote_ident(rolname), 'PUBLIC')
    FROM granted LEFT JOIN held ON held.oid = holder
    WHERE (holder = 0 OR held.oid IS NOT NULL)
      AND privilege IN ('SUPERUSER', 'OWNER', 'WRITE', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'CREATE')
    ORDER BY privilege = 'SUPERUSER' DESC, privilege = 'OWNER' DESC, rolname = session_user DESC, place, privilege
""")


class _Mapped(NamedTuple):
    name: str
    present: bool
    readable: bool
    place: str


class _Grant(NamedTuple):
    privilege: str
    place: str
    holder: str


async def check_account(engine: AsyncEngine, metadata: MetaData) -> None:
    """Does nothing if the account reads every mapped table and could write none. Raises `DatabaseError`.

    An SQLite file has no accounts: it is opened so that it cannot be written, and has to have the tables.
    """
    if engine.dialect.name == "sqlite":
        await _check_file(engine, metadata)
        return
    names = {"names": [table.name for table in metadata.sorted_tables]}
    withheld = {table.name for table in metadata.sorted_tables if table.info.get(WITHHELD)}
    async with engine.connect() as connection:
        account = (await connection.execute(_ACCOUNT)).scalar_one()
        found = [_Mapped(*row) for row in await connection.execute(_TABLES, names)]
        grants = [_Grant(*row) for row in await connection.execute(_WRITES, names)]
    served = [table for table in found if table.name not in withheld]
    if missing := [table.name for table in served if not table.present]:
        raise DatabaseError(f"the account {account} sees no table {', '.join(missing)} in its search path.")
    if grants:
        raise DatabaseError(_could_write(grants, account, [table.place for table in served]))
    if unread := ", ".join(table.place for table in served if not table.readable):
        raise DatabaseError(f"the account {account} may not read {unread}: GRANT SELECT ON {unread} TO {account};")
    if read := ", ".join(table.place for table in found if table.name in withheld and table.readable):
        recipe = f"REVOKE SELECT ON {read} FROM PUBLIC, {account};"  # noqa: S608 - advice, never run
        raise DatabaseError(f"the account {account} may read {read}, which nobody is to: {recipe}")


async def _check_file(engine: AsyncEngine, metadata: MetaData) -> None:
    try:
        async with engine.connect() as connection:
            present = set((await connection.execute(_FILE_TABLES)).scalars())
    except SQLAlchemyError as error:
        raise DatabaseError("the file is no SQLite database that can be read.") from error
    if missing := [table.name for table in metadata.sorted_tables if table.name not in present]:
        raise DatabaseError(f"the database has no table {', '.join(missing)}.")


def _could_write(grants: Sequence[_Grant], account: str, places: Sequence[str]) -> str:
    first = grants[0]
    through = "" if first.holder == account else f" through {first.holder}"
    if first.privilege == "SUPERUSER":
        what, recipe = f"is a superuser{through}", _new_reader(places)
    elif first.privilege == "OWNER":
        what, recipe = f"owns {first.place}{through}", _new_reader(places)
    else:
        others = f", and {len(grants) - 1} more" if len(grants) > 1 else ""
        what, recipe = f"has {first.privilege} on {first.place}{through}{others}", _revoke(grants, account)
    return f"the account {account} could write, as it {what}. Let it only read: {recipe}"


def _new_reader(places: Sequence[str]) -> str:
    schemas = dict.fromkeys(place.partition(".")[0] for place in places)
    return (
        "CREATE ROLE quipu_reader LOGIN PASSWORD '…'; "
        f"GRANT USAGE ON SCHEMA {', '.join(schemas)} TO quipu_reader; "
        f"GRANT SELECT ON {', '.join(places)} TO quipu_reader;"
    )


def _revoke(grants: Sequence[_Grant], account: str) -> str:
    """What takes these away: from the account and from everybody where it was given, or the role that has it."""
    places: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    roles: dict[str, None] = {}
    for privilege, place, holder in grants:
        if holder in (account, "PUBLIC"):
            places[privilege, holder].append(place)
        else:
            roles[holder] = None
    revoked = [f"REVOKE {what} ON {', '.join(on)} FROM {holder};" for (what, holder), on in places.items()]
    return " ".join([*revoked, *(f"REVOKE {role} FROM {account};" for role in roles)])
