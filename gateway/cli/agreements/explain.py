"""`quipu agreements explain`: what someone would be given of a query, what not, and under which clause.

It asks the very policy that the gateway plans by, so what it says is what would happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.agreements.opened import (
    DATA,
    Data,
    Day,
    Folder,
    Language,
    SupergraphFile,
    language,
    open_register,
    open_supergraph,
    the_day,
)
from gateway.cli.arguments import Format
from gateway.cli.errors import CommandError, read_text
from gateway.cli.identities import SAMPLES, known_sample

if TYPE_CHECKING:
    from datetime import date

    from gateway.access.agreements.decide import Clause, Reader
    from gateway.access.agreements.register import Register
    from gateway.federation.planning.query_plan import QueryPlan
    from gateway.federation.supergraph.model import Supergraph


@dataclass(frozen=True, slots=True)
class Told:
    """What becomes of one field. `code` and `reason` are there where it is refused; `clauses` where it is given."""

    coordinate: str
    given: bool
    clauses: tuple[str, ...] = ()
    code: str | None = None
    reason: str | None = None


def explain(
    as_: Annotated[str, typer.Option("--as", help=f"INSTITUTION:ROLE, or of the demo: {', '.join(SAMPLES)}.")],
    query: Annotated[str, typer.Option(help="A file with the query, or its text.")],
    purpose: Annotated[str | None, typer.Option(help="The purpose; a sample's usual one if not given.")] = None,
    data: Data = DATA,
    folder: Folder = None,
    supergraph: SupergraphFile = None,
    day: Day = None,
    lang: Language = "es",
    format_: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
) -> None:
    """Say in words what would be given, what refused, and under which clause."""
    tongue, on = language(lang), the_day(day)
    register, graph = open_register(data, folder), open_supergraph(data, supergraph)
    who = _reader(as_, purpose)
    text = read_text(Path(query)) if "{" not in query else query
    fields = list(_told(_plan(graph, register, who, on, text), register, graph, who, on, tongue))
    if format_ is Format.JSON:
        import orjson

        typer.echo(orjson.dumps([asdict(one) for one in fields], option=orjson.OPT_INDENT_2).decode())
        return
    for line in _lines(fields, tongue):
        typer.echo(line)


def _reader(as_: str, purpose: str | None) -> Reader:
    from gateway.access.agreements.decide import Reader

    institution, colon, role = as_.partition(":")
    if colon:
        return Reader(institution, frozenset((role,)), purpose)
    sample = known_sample(as_)
    return Reader(sample.institution, frozenset((as_,)), purpose or sample.purpose)


def _plan(graph: Supergraph, register: Register, who: Reader, day: date, text: str) -> QueryPlan:
    from gateway.access.errors import AuthenticationError
    from gateway.access.identity import Identity
    from gateway.access.profile import Access
    from gateway.federation.engine import Engine
    from gateway.federation.errors import RequestError
    from gateway.upstream.client import SubgraphClient

    identity = Identity("", who.institution, tuple(sorted(who.roles)), who.purpose, None, None)
    try:
        profile = Access(register).profile(identity, graph, day)
        return Engine(graph, SubgraphClient({})).prepare(text, None, profile).plan
    except RequestError as error:
        raise CommandError(f"the query cannot be planned: {error}") from error
    except AuthenticationError as error:
        raise CommandError(str(error)) from error


def _told(plan: QueryPlan, register: Register, graph: Supergraph, who: Reader, day: date, lang: str) -> Iterator[Told]:
    from gateway.access.agreements.decide import giving, policy_of
    from gateway.federation.policy import Refusal

    policy = policy_of(register, who, day)
    for coordinate in plan.given:
        clauses = [
            clause for name in _subgraphs(coordinate, graph) for clause in giving(register, who, day, name, coordinate)
        ]
        yield Told(coordinate, True, tuple(_cited(clause, lang) for clause in clauses))
    for coordinate, code in plan.refused:
        decisions = [policy(name, coordinate) for name in _subgraphs(coordinate, graph)]
        refusal = next((one for one in decisions if isinstance(one, Refusal) and one.code == code), None)
        message = None if refusal is None else refusal.message if lang == "en" else refusal.extensions["messageEs"]
        yield Told(coordinate, False, code=code, reason=message)


def _subgraphs(coordinate: str, graph: Supergraph) -> list[str]:
    type_name, _, field = coordinate.partition(".")
    return sorted(graph.types[type_name].fields.get(field, {}))


def _cited(clause: Clause, lang: str) -> str:
    from gateway.cli.agreements.wording import conditions, words

    grant = clause.grant
    told = [f"{clause.signed.agreement.number}, {grant.clause}"]
    concerned = conditions(lang, grant)
    if concerned:
        told.append(words(lang, "if", concerned))
    if grant.assignment:
        told.append(words(lang, "assigned"))
    return "; ".join(told)


def _lines(fields: list[Told], lang: str) -> Iterator[str]:
    from gateway.cli.agreements.wording import words

    for one in fields:
        if one.given:
            yield f"{words(lang, 'given')} {one.coordinate} — {words(lang, 'under', ' | '.join(one.clauses))}"
        else:
            yield f"{words(lang, 'refused')} {one.coordinate} — {one.reason} [{one.code}]"
