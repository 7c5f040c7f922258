"""`quipu agreements diff`: what a new version of an agreement changes, for whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.agreements.opened import DATA, Data, Language, SupergraphFile, language, open_supergraph
from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from gateway.access.agreements.document import Agreement

_HEADS = {
    "gains": ("SE OTORGA DE NUEVO", "NEWLY GIVEN"),
    "loses": ("SE DEJA DE OTORGAR", "NO LONGER GIVEN"),
    "changes": ("CAMBIAN LAS CONDICIONES", "OTHER CONDITIONS"),
    "was": ("antes", "before"),
    "is": ("ahora", "now"),
    "freely": ("sin condiciones", "without conditions"),
    "same": ("No cambia nada.", "Nothing changes."),
}
Given = dict[tuple[str, str, str], str]
"""By role, purpose and coordinate, the conditions in words; empty for none."""


def diff(
    old: Annotated[Path, typer.Argument(help="The agreement as it is.")],
    new: Annotated[Path, typer.Argument(help="The agreement as it would be.")],
    data: Data = DATA,
    supergraph: SupergraphFile = None,
    lang: Language = "es",
    fail_on_widening: Annotated[
        bool,
        typer.Option(
            "--fail-on-widening",
            help="Exit 1 if anyone is given more than before, or for longer, or with fewer obligations.",
        ),
    ] = False,
) -> None:
    """Say what a new version changes: fields given and no longer given, to whom and for what; dates, obligations."""
    from gateway.access.agreements.widening import widens

    tongue = language(lang)
    graph = open_supergraph(data, supergraph)
    coordinates = sorted(f"{name}.{field}" for name, known in graph.types.items() for field in known.fields)
    before, after = _read(old), _read(new)
    was, now = (_given(one, coordinates, tongue) for one in (before, after))
    lines = [*_terms(before, after, tongue), *_fields(was, now, tongue)]
    for line in lines or [_say(tongue, "same")]:
        typer.echo(line)
    if fail_on_widening and widens(before, after, coordinates):
        raise typer.Exit(1)


def _read(file: Path) -> Agreement:
    from gateway.access.agreements.document import AgreementError, read_agreement

    try:
        return read_agreement(file.read_bytes())
    except (OSError, AgreementError) as error:
        raise CommandError(f"{file}: {error}.") from error


def _given(agreement: Agreement, coordinates: list[str], lang: str) -> Given:
    from gateway.access.agreements.patterns import covers
    from gateway.cli.agreements.wording import conditions, words

    found: dict[tuple[str, str, str], set[str]] = {}
    for grant in agreement.grants:
        told = [conditions(lang, grant), words(lang, "assigned") if grant.assignment else ""]
        terms = "; ".join(part for part in told if part)
        for coordinate in coordinates:
            if covers(grant.fields, coordinate):
                for role in grant.roles:
                    for purpose in grant.purposes or agreement.purposes:
                        found.setdefault((role, purpose, coordinate), set()).add(terms)
    return {key: "" if "" in terms else " | ".join(sorted(terms)) for key, terms in found.items()}


def _terms(before: Agreement, after: Agreement, lang: str) -> Iterator[str]:
    for name in ("number", "version", "consumer", "provider", "in_force_from", "in_force_until", "suspension"):
        yield from _changed(name, getattr(before, name), getattr(after, name), lang)
    for name in ("mask_documents", "page_limit", "retention"):
        yield from _changed(name, getattr(before.obligations, name), getattr(after.obligations, name), lang)


def _changed(name: str, was: object, now: object, lang: str) -> Iterator[str]:
    if was != now:
        yield f"{name}: {_say(lang, 'was')} {was}; {_say(lang, 'is')} {now}"


def _fields(was: Given, now: Given, lang: str) -> Iterator[str]:
    for head, keys in (
        ("gains", now.keys() - was.keys()),
        ("loses", was.keys() - now.keys()),
        ("changes", {key for key in now.keys() & was.keys() if now[key] != was[key]}),
    ):
        for role, purpose, coordinate in sorted(keys):
            line = f"{_say(lang, head)}: {coordinate} · {role} · {purpose}"
            if head == "changes":
                free = _say(lang, "freely")
                key = (role, purpose, coordinate)
                line += f" — {_say(lang, 'was')}: {was[key] or free}; {_say(lang, 'is')}: {now[key] or free}"
            elif head == "gains" and now[role, purpose, coordinate]:
                line += f" — {now[role, purpose, coordinate]}"
            yield line


def _say(lang: str, word: str) -> str:
    return _HEADS[word][0 if lang == "es" else 1]
