"""`quipu agreements`: the agreements between institutions, one file a sub-command."""

from __future__ import annotations

import typer

from gateway.cli.agreements.check import check
from gateway.cli.agreements.differ import diff
from gateway.cli.agreements.explain import explain
from gateway.cli.agreements.read import list_, schema, show
from gateway.cli.agreements.sign import sign

agreements = typer.Typer(
    name="agreements", help="The agreements between institutions (convenios).", no_args_is_help=True
)
agreements.command()(check)
agreements.command("list")(list_)
agreements.command()(show)
agreements.command()(explain)
agreements.command()(diff)
agreements.command()(sign)
agreements.command()(schema)
