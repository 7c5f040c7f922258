"""What is fetched along and never shown: what the policy's conditions need, and the keys that objects are recorded by.

When all groups are written, each object in them is looked at once more. What its conditional fields need is asked of
the subgraph that those come from; if what is read is recorded, its key of the one that the object comes from.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.planning.choose import Builder
from gateway.federation.planning.groups import Group, Node
from gateway.federation.planning.space import Space
from gateway.federation.supergraph.field_set import FieldSet, parse_field_set
from gateway.federation.supergraph.model import TypeInfo


def fetch_alongside(builder: Builder, space: Space, recorded: bool) -> None:
    """Adds to the groups of a builder. `recorded`: keys too."""
    for group in builder.groups.order:
        for node in _nodes(group):
            for type_name, wanted in dict.fromkeys(_wanted(node, group, space, recorded)):
                builder.write_along(node, type_name, group.subgraph, wanted)


def key_of(known: TypeInfo, subgraph: str) -> FieldSet:
    """The first key that the subgraph has of the type; empty if it has none."""
    told = known.subgraphs.get(subgraph)
    return told.keys[0].fields if told is not None and told.keys else ()


def recorded_keys(known: TypeInfo) -> list[FieldSet]:
    """The keys that objects of the type may be recorded by, whichever subgraph they come from."""
    return list(dict.fromkeys(key for name in sorted(known.subgraphs) if (key := key_of(known, name))))


def _nodes(group: Group) -> list[Node]:
    found: dict[int, Node] = {}
    pending = [group.node]
    while pending:
        node = pending.pop()
        if id(node) not in found:
            found[id(node)] = node
            pending += [child for entry in node.entries.values() for child in entry.children.values()]
    return list(found.values())


def _wanted(node: Node, group: Group, space: Space, recorded: bool) -> Iterator[tuple[str, FieldSet]]:
    """What to fetch along of the objects at a node, by their type."""
    for type_name, key in list(node.entries):
        field_name = node.entries[type_name, key].asked.name
        for concrete in _concrete(type_name, group, space):
            condition = space.rights.condition(group.subgraph, concrete, field_name) if field_name[:2] != "__" else None
            if condition is not None:
                yield concrete, parse_field_set(condition.needs)
    # Entities that a group enters have come from another, and their keys with them.
    if recorded and not (group.is_entity and node is group.node):
        for concrete in _concrete(node.type, group, space):
            if fields := key_of(space.supergraph.types[concrete], group.subgraph):
                yield concrete, fields


def _concrete(type_name: str, group: Group, space: Space) -> tuple[str, ...]:
    """The object types that the subgraph may return for a type; an interface that it knows as an object is one."""
    if space.supergraph.is_interface_object(type_name, group.subgraph):
        return (type_name,)
    return tuple(sorted(space.supergraph.possible_in(type_name, group.subgraph)))
