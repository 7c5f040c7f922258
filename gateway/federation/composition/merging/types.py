"""Types of fields and arguments: the widest for what comes out, the narrowest for what goes in.

`Int` and `Int!` merge to `Int` in output and to `Int!` in input; an interface or union is wider than its members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from graphql.language import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode

from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.shapes import named_type
from gateway.federation.composition.wording import grouped
from gateway.federation.supergraph.type_text import type_text

Direction = Literal["output", "input"]
Subtypes = Mapping[str, frozenset[str]]


def is_subtype(narrow: TypeNode, wide: TypeNode, subtypes: Subtypes) -> bool:
    """May a value of the first type stand where the second is asked for? A list never stands for its item."""
    if isinstance(narrow, NonNullTypeNode):
        return is_subtype(narrow.type, wide.type if isinstance(wide, NonNullTypeNode) else wide, subtypes)
    if isinstance(wide, NonNullTypeNode):
        return False
    if isinstance(narrow, ListTypeNode) or isinstance(wide, ListTypeNode):
        if not (isinstance(narrow, ListTypeNode) and isinstance(wide, ListTypeNode)):
            return False
        return is_subtype(narrow.type, wide.type, subtypes)
    return _is_named_subtype(narrow, wide, subtypes)


def _is_named_subtype(narrow: TypeNode, wide: TypeNode, subtypes: Subtypes) -> bool:
    assert isinstance(narrow, NamedTypeNode)  # noqa: S101 - lists and non-null were seen to
    assert isinstance(wide, NamedTypeNode)  # noqa: S101
    name, other = narrow.name.value, wide.name.value
    return name == other or name in subtypes.get(other, ())


def merge_types(
    merging: Merging, direction: Direction, code: str, coordinate: str, sources: Sequence[Sourced]
) -> TypeNode:
    """The type of an element in the supergraph; types that have nothing to do with each other are reported."""
    merged: TypeNode = sources[0][1].type
    for _, node in sources[1:]:
        narrow, wide = (merged, node.type) if direction == "output" else (node.type, merged)
        if is_subtype(narrow, wide, merging.subtypes):
            merged = node.type
        elif not is_subtype(wide, narrow, merging.subtypes):
            merging.report(code, _mismatch(merging.subtypes, direction, sources), coordinate, sources)
            break
    else:
        _hint_at_differing(merging, code, coordinate, merged, sources)
    merging.enum_uses[named_type(merged)].setdefault(direction, coordinate)
    return merged


def _hint_at_differing(
    merging: Merging, mismatch: str, coordinate: str, merged: TypeNode, sources: Sequence[Sourced]
) -> None:
    if types_differ(sources):
        written = f"{_written(sources)}; the supergraph has {type_text(merged)}."
        message = f"Its types differ, and agree: {written} Write that everywhere, if no subgraph means less."
        of_what = "ARGUMENT" if mismatch == "FIELD_ARGUMENT_TYPE_MISMATCH" else "FIELD"
        merging.hint(f"INCONSISTENT_BUT_COMPATIBLE_{of_what}_TYPE", message, coordinate, sources)


def types_differ(sources: Sequence[Sourced]) -> bool:
    return len({type_text(node.type) for _, node in sources}) > 1


def _mismatch(subtypes: Subtypes, direction: Direction, sources: Sequence[Sourced]) -> str:
    types = [node.type for _, node in sources]
    fitting = [
        type_text(one)
        for one in types
        if all(is_subtype(*((other, one) if direction == "output" else (one, other)), subtypes) for other in types)
    ]
    what = f"Its types do not agree: {_written(sources)}."
    if not fitting:
        return f"{what} Give it one type, or types of which one includes the others."
    return (
        f"{what} {fitting[0]} would do for all, and comes too late: subgraphs are merged in the order of their names, "
        f"and those before it have nothing in common. Write {fitting[0]} in {sources[0][0].name}."
    )


def _written(sources: Sequence[Sourced]) -> str:
    return grouped([(subgraph, type_text(node.type)) for subgraph, node in sources])
