"""Hints at what some subgraphs have of a type and others lack, though nothing is lost of it.

INCONSISTENT_ENTITY, INCONSISTENT_OBJECT_VALUE_TYPE_FIELD, INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD,
INCONSISTENT_UNION_MEMBER.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.roots import ROOTS
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.composition.wording import named


def hint_at_inconsistent_type(merging: Merging, type_name: str) -> None:
    """An object that is an entity in some subgraphs only, or a type without keys that has some field in some only."""
    sources = [source for source in merging.nodes(type_name) if not source[0].is_interface_object(type_name)]
    keyed = [subgraph for subgraph, node in sources if subgraph.has(node, "key")]
    is_interface = any(shape.kind == "interface" for _, shape in merging.shapes(type_name))
    if not keyed and type_name not in ROOTS.values():
        _hint_at_fields(merging, type_name, "INTERFACE" if is_interface else "OBJECT")
    elif 0 < len(keyed) < len(sources) and not is_interface:
        _hint_at_entity(merging, type_name, keyed, sources)


def _hint_at_entity(merging: Merging, type_name: str, keyed: Sequence[Subgraph], sources: Sequence[Sourced]) -> None:
    others = [subgraph for subgraph, _ in sources if subgraph not in keyed]
    message = (
        f"It is an entity in {named(keyed)}, and has no @key in {named(others)}: give it one there, unless it is "
        "never to be reached from another subgraph."
    )
    merging.hint("INCONSISTENT_ENTITY", message, type_name, sources)


def _hint_at_fields(merging: Merging, type_name: str, kind: str) -> None:
    every = merging.shapes(type_name)
    shapes = [(subgraph, shape) for subgraph, shape in every if not subgraph.is_interface_object(type_name)]
    added = {name for subgraph, shape in every if subgraph.is_interface_object(type_name) for name in shape.fields}
    resolving = {subgraph.name for subgraph, shape in shapes if _resolves_any(subgraph, shape)}
    for name in dict.fromkeys(name for _, shape in shapes for name in shape.fields if name not in added):
        having = [(subgraph, shape.fields[name]) for subgraph, shape in shapes if name in shape.fields]
        lacking = [(subgraph, shape.node) for subgraph, shape in shapes if name not in shape.fields]
        if any(subgraph.name in resolving for subgraph, _ in lacking):
            message = (
                f"The type has no @key, and this field is in {_named(having)}, not in {_named(lacking)}, which cannot "
                "give it: add it there, or give the type a @key."
            )
            code = f"INCONSISTENT_{kind}_VALUE_TYPE_FIELD"
            merging.hint(code, message, f"{type_name}.{name}", [*having, *lacking])


def _resolves_any(subgraph: Subgraph, shape: TypeShape) -> bool:
    """A subgraph in which all of a type is external gives nobody an object of it."""
    return not all(subgraph.is_external(shape, field) for field in shape.fields.values())


def hint_at_inconsistent_members(merging: Merging, type_name: str) -> None:
    """The members of a union that some subgraph which has the union does not know as such."""
    sources = merging.nodes(type_name)
    members = {subgraph.name: {member.name.value for member in node.types or ()} for subgraph, node in sources}
    for member in dict.fromkeys(member.name.value for _, node in sources for member in node.types or ()):
        lacking = [source for source in sources if member not in members[source[0].name]]
        if lacking:
            having = [source for source in sources if source not in lacking]
            message = (
                f"{member} is a member in {_named(having)}, not in {_named(lacking)}: add it there, if the union is "
                "meant to be the same."
            )
            merging.hint("INCONSISTENT_UNION_MEMBER", message, type_name, [*having, *lacking])


def _named(sources: Sequence[Sourced]) -> str:
    return named(subgraph for subgraph, _ in sources)
