"""`quipu subgraph`: one institution's subgraph over its database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from gateway.access.loopback import is_loopback
from gateway.cli.errors import CommandError
from gateway.cli.ledger.place import LEDGER_FILE
from gateway.cli.network import LOOPBACK, Tls, serve_on
from gateway.cli.sample_agreements import FOLDER

if TYPE_CHECKING:
    from subgraphs.common.postgresql import DatabaseUrl

PORTS = {"judiciary": 4001, "prosecution": 4002, "constitutional_court": 4003, "academy": 4004, "ledger": 4005}
"""Where each institution listens unless told otherwise."""


def subgraph(
    name: Annotated[str, typer.Argument(help=f"The institution: {', '.join(PORTS)}.")],
    data: Annotated[Path | None, typer.Option(help="The folder that has its database, NAME.db.")] = None,
    database: Annotated[
        str | None,
        typer.Option(
            envvar="QUIPU_DATABASE",
            help="In place of --data: its database on a server, postgresql://ACCOUNT:PASSWORD@HOST:PORT/DATABASE. "
            "The account must not be able to write.",
        ),
    ] = None,
    port: Annotated[int | None, typer.Option(help="The port; the institution's own if not given.")] = None,
    host: Annotated[str, typer.Option(help="The address; one that other machines reach needs TLS.")] = LOOPBACK,
    certificate: Annotated[Path | None, typer.Option(help="TLS: this server's certificate, a PEM file.")] = None,
    certificate_key: Annotated[Path | None, typer.Option(help="TLS: the certificate's key, a PEM file.")] = None,
    client_ca: Annotated[
        Path | None, typer.Option(help="TLS: the authority (PEM) that clients need a certificate of.")
    ] = None,
    gateway_keys: Annotated[
        str, typer.Option(help="The gateway's public keys: a JWKS file or URL.")
    ] = "http://127.0.0.1:4000/.well-known/jwks.json",
    agreements: Annotated[
        Path | None,
        typer.Option(help="The folder of the agreements that the institution signed; DATA/agreements if not given."),
    ] = None,
    served: Annotated[
        Path | None,
        typer.Option(help="The file of the institution's own record of what it serves; none is kept if not given."),
    ] = None,
    no_agreements: Annotated[
        bool, typer.Option("--no-agreements", help="Decide by no agreements, for trying it on loopback.")
    ] = False,
    sdl: Annotated[bool, typer.Option("--sdl", help="Print the schema for composition, and serve nothing.")] = False,
) -> None:
    """Serve an institution's subgraph. It answers requests that the gateway signed, and no others.

    Reserved people appear under pseudonyms keyed by QUIPU_PSEUDONYM_KEY (at least 32 characters); without it they
    change whenever the subgraph starts.
    """
    from subgraphs.common.agreements.text import AgreementError
    from subgraphs.common.postgresql import DatabaseError
    from subgraphs.common.served import RecordUnavailableError
    from subgraphs.common.server import INSTITUTIONS, SubgraphSettings, check_database, create_app, schema_sdl

    if name not in INSTITUTIONS:
        raise CommandError(f"no subgraph is called {name}: there are {', '.join(INSTITUTIONS)}.")
    if sdl:
        typer.echo(schema_sdl(name))
        return
    tls = _tls(certificate, certificate_key, client_ca)
    if tls is None and not is_loopback(host):
        raise CommandError(f"{host} is reached by other machines: pass --certificate and --certificate-key.")
    _check_keys(gateway_keys)
    try:
        source = _database(name, data, database)
        asyncio.run(check_database(name, source))
    except DatabaseError as error:
        raise CommandError(str(error)) from error
    held = _agreements(data, agreements, no_agreements, host)
    try:
        app = create_app(name, SubgraphSettings(source, gateway_keys, held, served))
    except (ValueError, AgreementError, RecordUnavailableError) as error:
        raise CommandError(str(error)) from error
    serve_on(app, host, PORTS[name] if port is None else port, tls)


def database_file(name: str, data: Path) -> Path:
    """Where the demo's folder has the database of a subgraph."""
    return data / LEDGER_FILE if name == "ledger" else data / f"{name}.db"


def _database(name: str, data: Path | None, url: str | None) -> Path | DatabaseUrl:
    """Raises `CommandError`, or `DatabaseError` for what is no URL."""
    from subgraphs.common.postgresql import DatabaseUrl

    if data is not None and url is not None:
        raise CommandError("pass --data or --database (QUIPU_DATABASE), not both.")
    if url is not None:
        return DatabaseUrl.parse(url)
    if data is None:
        raise CommandError(
            "pass --data, the folder that has the database (`quipu sample --data DIR` makes one), or --database."
        )
    file = database_file(name, data)
    if not file.is_file() and name == "ledger":
        raise CommandError(f"there is no {file}: the gateway makes the ledger when it first starts.")
    if not file.is_file():
        raise CommandError(f"there is no {file}: `quipu sample --data {data}` makes sample databases.")
    return file


def _agreements(data: Path | None, folder: Path | None, none: bool, host: str) -> Path | None:
    """The folder that decides; None for no agreements. Raises `CommandError`."""
    if none:
        if folder is not None or not is_loopback(host):
            raise CommandError("--no-agreements is for trying a subgraph on loopback, without --agreements.")
        return None
    if folder is None and data is not None and (data / FOLDER).is_dir():
        return data / FOLDER
    if folder is None:
        raise CommandError("pass --agreements, the folder of what was signed, or --no-agreements to try it without.")
    return folder


def _tls(certificate: Path | None, key: Path | None, client_ca: Path | None) -> Tls | None:
    if certificate is not None and key is not None:
        return Tls(certificate, key, client_ca)
    if certificate or key or client_ca:
        raise CommandError("TLS needs both --certificate and --certificate-key; --client-ca comes on top.")
    return None


def _check_keys(source: str) -> None:
    """Keys read in the clear from another machine would be anyone's. Raises `CommandError`."""
    parts = urlsplit(source)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise CommandError("--gateway-keys from another machine come over https, or as a file.")
