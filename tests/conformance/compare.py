"""How our verdict on subgraphs differs from that of the field's composer, and where it may.

Both must accept the same, with the same hints and supergraph, and refuse the rest for the same errors. But ours may
tell more mistakes at once, and where it proves that queries can be answered which the other gives up on, it must plan
them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance_kit import Verdict, ours, verdict_of
from world_kit import World

from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.engine import Engine
from gateway.federation.errors import RequestError
from gateway.federation.supergraph.read import read_supergraph

Sources = tuple[Source, ...]
BROKE_DOWN, TWO_KINDS = "BROKE_DOWN", "TYPE_KIND_MISMATCH"
UNSATISFIABLE = frozenset({"SATISFIABILITY_ERROR"})
LAST_WORDS = frozenset(
    {
        "DIRECTIVE_COMPOSITION_ERROR",
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
        "KEY_INVALID_FIELDS",
        "KEY_INVALID_FIELDS_TYPE",
        "LINK_IMPORT_NAME_MISMATCH",
        "PROVIDES_ON_NON_OBJECT_FIELD",
    }
)
"""Errors at which the field's composer may stop, where ours goes on to tell the others of the same stage."""
_QUERY = re.compile(r"supergraph API query:\n(.*?)\n(?:cannot be|Shared)", re.DOTALL)


@dataclass(frozen=True)
class Difference:
    """What only ours and only the other says; `supergraphs`: both compose, to what is not the same."""

    ours: frozenset[str]
    others: frozenset[str]
    supergraphs: bool = False

    def __str__(self) -> str:
        told = f"only ours: {sorted(self.ours)}, only the field's: {sorted(self.others)}"
        return "the supergraphs differ" if self.supergraphs else told


def difference(sources: Sources, answer: Mapping[str, Any]) -> Difference | None:
    """How our verdict differs from an answer of `asked`. None where it does not, or may."""
    one, other = own(sources), verdict_of(answer)
    if _may_differ(sources, one, other) or (
        other.errors == UNSATISFIABLE and not one.errors and _are_planned(sources, answer)
    ):
        return None
    if one.errors != other.errors:
        return Difference(one.errors - other.errors, other.errors - one.errors)
    if one.definitions != other.definitions:
        return Difference(frozenset(), frozenset(), supergraphs=True)
    if one.hints != other.hints:
        mine, others = Counter(one.hints), Counter(other.hints)
        return Difference(frozenset(mine - others), frozenset(others - mine))
    return None


def own(sources: Sources) -> Verdict:
    """Our verdict; where composing broke down, the name of the exception."""
    try:
        return ours(sources)
    except Exception as error:  # it is what is looked for
        return Verdict(frozenset({type(error).__name__}))


def _may_differ(sources: Sources, one: Verdict, other: Verdict) -> bool:
    """Did the field's composer break down? Where both refuse: does ours only tell more, or of a type of two kinds
    other things?"""
    if BROKE_DOWN in other.errors or TWO_KINDS in one.errors & other.errors:
        return True
    stopped = bool(other.errors & LAST_WORDS) or _are_of_both_generations(sources)
    return bool(other.errors) and other.errors < one.errors and stopped


def _are_of_both_generations(sources: Sources) -> bool:
    """Are some of Federation 1? The field's composer tells of these only where the others are right."""
    return len({"specs.apollo.dev/federation/v2" in source.sdl for source in sources}) > 1


def _are_planned(sources: Sequence[Source], answer: Mapping[str, Any]) -> bool:
    """Is there a plan for each query that the field's composer says cannot be answered?"""
    engine = Engine(read_supergraph(compose(sources).sdl), World({}, {}).local())
    try:
        for _, message in answer["errors"]:
            for query in _QUERY.findall(message):
                engine.prepare(query.replace("...\n", "__typename\n"))
    except RequestError:
        return False
    return True
