"""Why a query cannot be answered, and what it looks like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphql import GraphQLField
from graphql.type import get_named_type, is_composite_type, is_required_argument

from gateway.federation.composition.satisfiability.moves import Moves, Positions
from gateway.federation.supergraph.field_set import print_field_set


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of a query: its kind, a field or a fragment."""

    text: str
    definition: GraphQLField | None = None


def witness(path: Sequence[Step]) -> str:
    """A query that goes along the path; `...` stands for arguments and for any selection."""
    root, *steps = path
    last = steps[-1].definition
    text = " { ... }" if last is None or is_composite_type(get_named_type(last.type)) else ""
    for step in reversed(steps):
        needs_arguments = step.definition and any(map(is_required_argument, step.definition.args.values()))
        text = f" {{ {step.text}{'(...)' if needs_arguments else ''}{text} }}"
    return text.strip() if root.text == "query" else f"{root.text}{text}"


def reasons(moves: Moves, type_name: str, field_name: str, positions: Positions) -> Iterator[str]:
    """For each subgraph that has the field, what is missing to get it there."""
    there = {(position.subgraph, position.type_name) for position in positions}
    if field_name == "__typename":
        yield f"no subgraph that knows which implementer of {type_name} an object is has a @key to find it by"
        return
    for subgraph, entered in moves.entrances(type_name):
        entry = moves.supergraph.types[entered].fields.get(field_name, {}).get(subgraph)
        if entry is None or entry.used_overridden:
            continue
        keys = [key for key in moves.supergraph.types[entered].subgraphs[subgraph].keys if key.resolvable]
        if entry.external:
            yield f"{subgraph} has {entered}.{field_name} as @external"
        elif (subgraph, entered) in there:
            needs = print_field_set(entry.requires)
            yield f"{subgraph} requires {needs!r} for it, which cannot be had and handed in by a @key"
        elif not keys:
            yield f"{subgraph} has it, and no resolvable @key for {entered}"
        else:
            wanted = " or ".join(repr(print_field_set(key.fields)) for key in keys)
            yield f"{subgraph} has it, and its @key fields {wanted} cannot be had"
