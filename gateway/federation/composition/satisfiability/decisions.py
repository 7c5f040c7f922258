"""What a path decides as it goes: labels of progressive overrides, and contexts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

from gateway.federation.composition.satisfiability.moves import Moves
from gateway.federation.composition.satisfiability.positions import Given, Positions
from gateway.federation.supergraph.field_set import FieldSet
from gateway.federation.supergraph.model import Supergraph

Selections = Mapping[str, frozenset[FieldSet]]
"""Context -> what is taken of it, by any argument."""


def decided(supergraph: Supergraph, type_name: str, field_name: str, given: Given) -> Iterator[Given]:
    """Each way in which the labels of a field may hold or not, where the path has not decided them before."""
    entries = supergraph.types[type_name].fields.get(field_name, {}).values()
    before = {label for label, _ in given.labels}
    labels = {entry.override_label for entry in entries if entry.override_label is not None} - before
    for values in product((True, False), repeat=len(labels)):
        yield Given(given.labels.union(zip(sorted(labels), values, strict=True)), given.contexts) if labels else given


def context_selections(supergraph: Supergraph) -> Selections:
    """What the arguments of the supergraph take of its contexts."""
    found: dict[str, set[FieldSet]] = defaultdict(set)
    for info in supergraph.types.values():
        for entries in info.fields.values():
            for entry in entries.values():
                for argument in entry.context_arguments:
                    found[argument.context].add(argument.selection)
    return {context: frozenset(selections) for context, selections in found.items()}


def below(moves: Moves, selections: Selections, type_name: str, positions: Positions, given: Given) -> Given:
    """What is given inside an object of this type: the contexts that it sets are the nearest ones there."""
    own = moves.supergraph.contexts.get(type_name)
    if not own:
        return given
    offered = {
        (context, selection)
        for context in own
        for selection in selections.get(context, ())
        if moves.has(type_name, selection, positions)
    }
    return Given(given.labels, frozenset(pair for pair in given.contexts if pair[0] not in own) | offered)
