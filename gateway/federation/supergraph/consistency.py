"""What a supergraph must keep to beyond GraphQL: that whatever one part names, another part has.

The planner takes that for granted, so a name that leads nowhere is told when the supergraph is read, not when somebody
happens to ask for the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import get_named_type, is_composite_type

from gateway.federation.supergraph.field_set import FieldSet, SetFragment, print_field_set
from gateway.federation.supergraph.model import FieldInSubgraph, Supergraph, TypeInfo


def problems(graph: Supergraph) -> Iterator[str]:
    """What is wrong, one sentence each."""
    yield from _roots(graph)
    for info in graph.types.values():
        yield from _members(graph, info)
        for subgraph, known in info.subgraphs.items():
            for key in known.keys:
                yield from _field_set(graph, subgraph, key.fields, info.name, f"the key of {info.name} in {subgraph}")
        for name, entries in info.fields.items():
            for entry in entries.values():
                yield from _field(graph, info.name, name, entry)


def _roots(graph: Supergraph) -> Iterator[str]:
    if "query" not in graph.roots:
        yield "it has no query type"
    for kind, name in graph.roots.items():
        if name not in graph.types or graph.types[name].kind != "object":
            yield f"its {kind} type {name} is no object type"


def _members(graph: Supergraph, info: TypeInfo) -> Iterator[str]:
    for subgraph, members in info.members.items():
        for name in sorted(members):
            if name not in graph.types or graph.types[name].is_abstract:
                yield f"{info.name} has {name} among its types in {subgraph}, which is no object type"


def _field(graph: Supergraph, owner: str, name: str, entry: FieldInSubgraph) -> Iterator[str]:
    where = f"{owner}.{name} in {entry.subgraph}"
    if entry.named_type not in graph.schema.type_map:
        yield f"{where} is of type {entry.named_type}, which is not defined"
        return
    yield from _field_set(graph, entry.subgraph, entry.requires, owner, f"what {where} requires")
    yield from _field_set(graph, entry.subgraph, entry.provides, entry.named_type, f"what {where} provides")
    for argument in entry.context_arguments:
        setters = [setter for setter, contexts in graph.contexts.items() if argument.context in contexts]
        if not setters:
            yield f"{where} takes {argument.name} from the context {argument.context}, which no type sets"


def _field_set(graph: Supergraph, subgraph: str, wanted: FieldSet, type_name: str, where: str) -> Iterator[str]:
    """What a field set of the subgraph names and is not there; a field has the type that it has in the subgraph."""
    for part in wanted:
        if isinstance(part, SetFragment):
            if part.type_condition in graph.types:
                yield from _field_set(graph, subgraph, part.selections, part.type_condition, where)
            else:
                yield f"{where} has a fragment on {part.type_condition}, which is not defined"
            continue
        fields = getattr(graph.schema.type_map[type_name], "fields", {})
        if part.name == "__typename":
            continue
        if part.name not in fields:
            yield f"{where}, {{ {print_field_set(wanted)} }}, names {type_name}.{part.name}, which is not defined"
            continue
        named = _named_type(graph, subgraph, type_name, part.name)
        if bool(part.selections) != is_composite_type(graph.schema.type_map.get(named)):
            yield f"{where}, {{ {print_field_set(wanted)} }}, must select fields of {part.name} just where it has any"
        elif part.selections:
            yield from _field_set(graph, subgraph, part.selections, named, where)


def _named_type(graph: Supergraph, subgraph: str, type_name: str, field_name: str) -> str:
    entry = graph.types[type_name].fields[field_name].get(subgraph)
    declared: Any = graph.schema.type_map[type_name]
    return entry.named_type if entry else get_named_type(declared.fields[field_name].type).name
