"""`quipu ledger`: the log of accesses, one file a sub-command."""

from __future__ import annotations

import typer

from gateway.cli.ledger.backup import backup
from gateway.cli.ledger.cosign import cosign
from gateway.cli.ledger.export import export
from gateway.cli.ledger.forget import forget
from gateway.cli.ledger.head import head
from gateway.cli.ledger.prove import prove
from gateway.cli.ledger.reconcile import reconcile
from gateway.cli.ledger.rotate import rotate
from gateway.cli.ledger.served import served
from gateway.cli.ledger.verify import verify

ledger = typer.Typer(
    name="ledger",
    help="The log of accesses (registro de accesos), and proof that nobody altered it.",
    no_args_is_help=True,
)
ledger.command()(verify)
ledger.command()(prove)
ledger.command()(export)
ledger.command()(head)
ledger.command()(cosign)
ledger.command()(served)
ledger.command()(reconcile)
ledger.command()(backup)
ledger.command()(rotate)
ledger.command()(forget)
