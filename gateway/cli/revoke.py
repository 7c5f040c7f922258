"""`quipu revoke`: tokens that are good no more, told to every gateway that shares the store."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

import typer

from gateway.cli.errors import CommandError
from gateway.cli.gateway_app import marks_of, settings_with


def revoke(
    store: Annotated[
        str | None, typer.Option(help="redis://…: the store that the gateways share; QUIPU_STORE__URL if not given.")
    ] = None,
    institution: Annotated[str | None, typer.Option(help="The sign of the subject's institution, such as PJ.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="All that was issued to this subject until now; a client is client:NAME.")
    ] = None,
    issuer: Annotated[str | None, typer.Option(help="Who issued the token.")] = None,
    token_id: Annotated[str | None, typer.Option(help="The id (jti) of one token.")] = None,
) -> None:
    """Revoke one token (--issuer, --token-id), or all of a subject until now (--institution, --subject).

    Gateways refuse it within seconds. Whoever may still log in gets new tokens: close the account too, at its issuer.
    """
    from gateway.access.revocation import KEPT, subject_entry, token_entry

    if bool(institution and subject) == bool(issuer and token_id):
        raise CommandError("pass either --institution and --subject, or --issuer and --token-id.")
    now = time.time()
    if institution and subject:
        entry, told = subject_entry(institution, subject, now), f"All tokens of {subject} of {institution} until now"
    else:
        entry, told = token_entry(str(issuer), str(token_id)), f"The token {token_id} of {issuer}"
    asyncio.run(_revoke(store, entry, now + KEPT))
    typer.echo(f"{told}: revoked.")


async def _revoke(store: str | None, entry: str, until: float) -> None:
    from gateway.store.marks import MarksUnavailableError

    settings = settings_with(store={"url": store} if store else {}).store
    if settings.url is None:
        raise CommandError("pass --store redis://…, the store that the gateways share: without one there is no list.")
    marks = marks_of(settings)
    try:
        await marks.revoke(entry, until)
    except MarksUnavailableError as error:
        raise CommandError(f"nothing is revoked: {error}.") from error
    finally:
        await marks.close()
