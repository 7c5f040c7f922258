"""The `quipu` command."""

from __future__ import annotations

import sys

import typer

from gateway.cli.agreements.group import agreements
from gateway.cli.case import case
from gateway.cli.certificates import certificates
from gateway.cli.compose import compose
from gateway.cli.demo import demo
from gateway.cli.errors import CommandError
from gateway.cli.keys import keys
from gateway.cli.ledger.group import ledger
from gateway.cli.plan import plan
from gateway.cli.revoke import revoke
from gateway.cli.sample import sample
from gateway.cli.schema import schema
from gateway.cli.serve import serve
from gateway.cli.subgraph import subgraph
from gateway.cli.token import token

app = typer.Typer(
    name="quipu",
    help="A GraphQL federation layer for Peru's justice system.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(agreements)
app.command()(case)
app.command()(certificates)
app.command()(compose)
app.command()(demo)
app.command()(keys)
app.add_typer(ledger)
app.command()(plan)
app.command()(revoke)
app.command()(sample)
app.add_typer(schema)
app.command()(serve)
app.command()(subgraph)
app.command()(token)


@app.callback()
def quipu() -> None:
    """A GraphQL federation layer for Peru's justice system."""


def main() -> None:
    """Runs the command; what a user can mend is said in a line on stderr, with exit code 1."""
    try:
        app()
    except CommandError as error:
        typer.echo(f"quipu: {error}", err=True)
        sys.exit(1)
