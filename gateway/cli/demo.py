"""`quipu demo`: the whole of Quipu over invented data on this machine, in one terminal."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shlex
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.arguments import read_signer
from gateway.cli.errors import CommandError
from gateway.cli.full_case import WORKED_CASE, worked_query
from gateway.cli.gateway_app import gateway_app, settings_with
from gateway.cli.identities import AUDIENCE, DEFAULT_DATA, ISSUER, SAMPLES, jwks_file, make_issuer, sample_token
from gateway.cli.institutions import Institution, running
from gateway.cli.ledger.place import LEDGER_FILE, LEDGER_KEYS
from gateway.cli.network import listen, run_server, server_config
from gateway.cli.sample import FILES, make_sample
from gateway.cli.sample_agreements import FOLDER as AGREEMENTS
from gateway.cli.sample_agreements import make_agreements
from gateway.cli.subgraph import PORTS, database_file
from gateway.cli.trust import Trust

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from gateway.ledger.settings import LedgerSettings

SERVED = "served"
"""Under the demo's folder: each institution's own record of what it served, `NAME.db`."""
MAY_INTROSPECT = ("judge", "prosecutor", "court_adviser")
"""The roles that GraphiQL shows the schema to: an auditor reads what it is given, and the citizen desk asks what is
public, neither with the schema."""
_URL_FILE = "gateway.url"
_WORKED_REQUEST = "worked_case.json"


def demo(
    port: Annotated[
        int, typer.Option(help="The gateway's port on loopback; the subgraphs take the five after it.")
    ] = 4000,
    data: Annotated[Path, typer.Option(help="The folder for everything that the demo keeps.")] = DEFAULT_DATA,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make the sample databases anew.")] = False,
    cases: Annotated[int, typer.Option(min=0, help="Invented cases, where databases are made.")] = 1000,
) -> None:
    """Run sample databases, five subgraphs, the gateway and GraphiQL, until Ctrl-C (DATOS FICTICIOS)."""
    with contextlib.suppress(KeyboardInterrupt):
        _prepare(data, cases, fresh)
        _run(port, data)
    typer.echo("Stopped.", err=True)


def _run(port: int, data: Path) -> None:
    """All sockets are bound before anything starts, so that a port that is taken is known at once."""
    with ExitStack() as stack:
        ports = [port + place if port else 0 for place in range(1 + len(PORTS))]
        gateway, *sockets = [stack.enter_context(listen(wanted)) for wanted in ports]
        url = f"http://127.0.0.1:{gateway.getsockname()[1]}"
        institutions = {
            name: Institution(
                name,
                database_file(name, data),
                data / AGREEMENTS,
                data / SERVED / f"{name}.db",
                f"{url}/.well-known/jwks.json",
                listener,
            )
            for name, listener in zip(PORTS, sockets, strict=True)
        }
        app = _gateway(data, {name: institution.url for name, institution in institutions.items()})
        typer.echo("Starting five subgraphs and the gateway…", err=True)
        stack.enter_context(running(institutions))
        gateway.listen()  # whoever reads the address may ask at once
        (data / _WORKED_REQUEST).write_text(json.dumps({"query": worked_query()}), encoding="utf-8")
        (data / _URL_FILE).write_text(url, encoding="utf-8")
        typer.echo(_banner(url, data))
        run_server(server_config(app), gateway)


def demo_url(data: Path) -> str:
    """The address of the gateway of the demo that uses, or used, this folder. Raises `CommandError`."""
    try:
        return (data / _URL_FILE).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{data} is not a demo's folder: run `quipu demo --data {data}` first.") from error


def _prepare(data: Path, cases: int, fresh: bool) -> None:
    import sqlite3

    present = [name for name in FILES if (data / name).exists()]
    if present and len(present) < len(FILES) and not fresh:
        missing = ", ".join(name for name in FILES if name not in present)
        raise CommandError(f"{data} lacks {missing}: pass --fresh to make the sample databases anew.")
    try:
        if fresh or not present:
            make_sample(data, cases)
        make_issuer(data)
        make_agreements(data)
        (data / _URL_FILE).unlink(missing_ok=True)
    except (OSError, ValueError, sqlite3.OperationalError) as error:
        raise CommandError(f"the demo's folder {data} cannot be used: {error}") from error
    _make_ledger(data)
    for name in PORTS:
        _check(name, database_file(name, data))


def _ledger(data: Path) -> LedgerSettings:
    from gateway.ledger.settings import LedgerSettings

    return LedgerSettings(url=str(database_file("ledger", data)), keys=data / LEDGER_KEYS)


def _make_ledger(data: Path) -> None:
    """The ledger's file, which its subgraph reads from the start. Raises `CommandError` if it cannot be used."""
    from gateway.ledger.errors import LedgerError
    from gateway.ledger.ledger import open_ledger

    async def make() -> None:
        async with open_ledger(_ledger(data)):
            pass

    try:
        asyncio.run(make())
    except (LedgerError, OSError, ValueError) as error:
        raise CommandError(f"the ledger in {data / LEDGER_FILE.parent} cannot be used: {error}") from error


def _check(name: str, database: Path) -> None:
    from subgraphs.common.postgresql import DatabaseError
    from subgraphs.common.server import check_database

    try:
        asyncio.run(check_database(name, database))
    except DatabaseError as error:
        raise CommandError(f"{database}: {error} Pass --fresh to make the sample databases anew.") from error


def _gateway(data: Path, urls: dict[str, str]) -> Starlette:
    """The gateway over the composed subgraphs, trusting the demo's issuer."""
    from gateway.access.jws import TokenRules
    from gateway.access.keys import KeySource
    from gateway.access.tokens import Issuer, TokenVerifier
    from gateway.federation.composition.compose import compose
    from gateway.federation.composition.subgraph import Source
    from gateway.federation.supergraph.read import read_supergraph
    from gateway.transport.graphiql import GraphiQLConfig, SampleIdentity
    from subgraphs.common.server import schema_sdl

    supergraph = compose(Source(name, schema_sdl(name), url) for name, url in urls.items()).sdl
    (data / "supergraph.graphql").write_text(supergraph, encoding="utf-8")
    trust = Trust(TokenVerifier(Issuer(KeySource(str(jwks_file(data))), TokenRules(ISSUER, AUDIENCE))))
    page = GraphiQLConfig(
        query=worked_query(),
        identities=tuple(SampleIdentity(role, sample.purpose) for role, sample in SAMPLES.items()),
        purposes=tuple(dict.fromkeys(sample.purpose for sample in SAMPLES.values())),
        sample_token=lambda role: sample_token(data, role),
        fictitious=True,
    )
    settings = settings_with(
        http={"query_plans": True},
        identity={"introspection": MAY_INTROSPECT},
        agreements={"folder": data / AGREEMENTS},
        ledger=_ledger(data),
        server={"name": "demo"},
    )
    return gateway_app(read_supergraph(supergraph), urls, settings, read_signer(data / "keys"), trust, page)


def _banner(url: str, data: Path) -> str:
    folder = shlex.quote(str(data))
    quipu = shlex.quote(sys.argv[0]) if Path(sys.argv[0]).name == "quipu" else "quipu"
    people = "\n".join(f"  {role:14} {sample.institution:4} {sample.purpose}" for role, sample in SAMPLES.items())
    return f"""
Quipu · DATOS FICTICIOS

GraphiQL   {url}/graphql
Data       {data.resolve()}

Sample identities (role, institution, purpose):
{people}

The worked case in the terminal:
  {quipu} case {WORKED_CASE} --as judge --data {folder}

Its query, with curl:
  curl -s {url}/graphql -d @{folder}/{_WORKED_REQUEST} -H 'Content-Type: application/json' \\
    -H 'Quipu-Purpose: case_review' -H "Authorization: Bearer $({quipu} token --as judge --data {folder})"

Ctrl-C stops everything.
"""
