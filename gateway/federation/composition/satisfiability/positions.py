"""Where an object may be had from, and on what conditions its fields may be passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gateway.federation.supergraph.field_set import FieldSet
from gateway.federation.supergraph.model import FieldInSubgraph


class Position(NamedTuple):
    """An object of `type_name` in a subgraph; the type is the interface where that is an `@interfaceObject`.
    `provided` is what the field that led here provides (`@provides`)."""

    subgraph: str
    type_name: str
    provided: FieldSet = ()


Positions = frozenset[Position]


@dataclass(frozen=True, slots=True)
class Given:
    """What a path has decided: which labels of `@override` hold and which do not, and what its contexts offer."""

    labels: frozenset[tuple[str, bool]] = frozenset()
    contexts: frozenset[tuple[str, FieldSet]] = frozenset()
    """Contexts that are set on the path, each with a selection that can be had where it is set."""

    def allows(self, entry: FieldInSubgraph) -> bool:
        """Is the field resolved there, as the labels are, with the contexts that its arguments need?

        A label that is not decided holds on neither side: so it is for what keys and `@requires` name.
        """
        return (
            (entry.override_label is None or (entry.override_label, True) in self.labels)
            and (entry.overridden_label is None or (entry.overridden_label, False) in self.labels)
            and all((argument.context, argument.selection) in self.contexts for argument in entry.context_arguments)
        )

    def covers(self, other: Given) -> bool:
        """Does what was shown with this hold with the other too?"""
        return self.labels <= other.labels and self.contexts <= other.contexts


NOTHING = Given()


def with_plain(positions: Positions) -> Positions:
    """The positions, each also without what is provided there: it is worth no more than with it."""
    return positions | {position._replace(provided=()) for position in positions if position.provided}


def subgraphs_of(positions: Iterable[Position]) -> Sequence[str]:
    return sorted({position.subgraph for position in positions})
