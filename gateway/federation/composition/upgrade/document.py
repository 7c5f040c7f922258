"""What the steps of the upgrade work on: the types of a subgraph of Federation 1, and the other subgraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from graphql import GraphQLError
from graphql.language import ConstDirectiveNode, FieldDefinitionNode

from gateway.federation.composition.links import links_of_federation_1
from gateway.federation.composition.shapes import read_shapes, with_parts
from gateway.federation.composition.subgraph import FieldName, FieldUsage, Subgraph, TypeShape
from gateway.federation.composition.usage import field_usage
from gateway.federation.supergraph.directives import HasDirectives, applications
from gateway.federation.supergraph.field_set import FieldSet, parse_field_set

NAMES = links_of_federation_1((2, 4))
"""What the directives are called after the upgrade."""

ChangeField = Callable[[Any, FieldDefinitionNode], FieldDefinitionNode | None]
"""(block, field) -> the field as it shall be, or None to leave it out."""
ChangeDirective = Callable[[ConstDirectiveNode], ConstDirectiveNode | None]


@dataclass(frozen=True, eq=False)
class Document:
    """`blocks` are the definitions and extensions of the subgraph's types. As they were read: `others` are the other
    subgraphs, and `keys` the subgraph's fields that some key has."""

    name: str
    blocks: tuple[Any, ...]
    others: tuple[Subgraph, ...]
    keys: frozenset[FieldName]

    @cached_property
    def shapes(self) -> dict[str, TypeShape]:
        return read_shapes(self.name, self.blocks, NAMES)

    @cached_property
    def usage(self) -> FieldUsage:
        return field_usage(self.shapes, NAMES.local_names)

    @cached_property
    def composites(self) -> frozenset[str]:
        """The types whose values have fields to select."""
        kinds = ("object", "interface", "union")
        return frozenset(name for name, shape in self.shapes.items() if shape.kind in kinds)

    def is_external(self, type_name: str, field_name: str) -> bool:
        shape = self.shapes.get(type_name)
        field = shape.fields.get(field_name) if shape else None
        return field is not None and has(field, "external")

    def with_blocks(self, blocks: Iterable[Any]) -> Document:
        return replace(self, blocks=tuple(blocks))

    def with_fields(self, change: ChangeField) -> Document:
        """The fields of objects and interfaces changed, one by one."""
        return self.with_blocks(_with_fields(block, change) for block in self.blocks)


def document_of(subgraph: Subgraph, others: Sequence[Subgraph]) -> Document:
    blocks = [block for shape in subgraph.types.values() for block in shape.blocks]
    return Document(subgraph.name, tuple(blocks), tuple(others), subgraph.usage.keys)


def has(node: HasDirectives, directive: str) -> bool:
    """Is a directive of the specification applied to a node?"""
    return any(True for _ in applications(node, NAMES.local_names[directive]))


def field_sets(node: HasDirectives, directive: str) -> Iterator[FieldSet]:
    """The field sets of a directive's applications; one that is not well formed is left to its rule."""
    for arguments in applications(node, NAMES.local_names[directive]):
        try:
            yield parse_field_set(arguments["fields"]) if isinstance(arguments.get("fields"), str) else ()
        except GraphQLError:
            continue


def without(node: Any, *directives: str) -> Any:
    """The node less some of the specification's directives."""
    return with_directives(node, lambda applied: None if is_one_of(applied, *directives) else applied)


def is_one_of(applied: ConstDirectiveNode, *directives: str) -> bool:
    return applied.name.value in {NAMES.local_names[directive] for directive in directives}


def with_directives(node: Any, change: ChangeDirective) -> Any:
    """The node with its applied directives changed, one by one; None leaves one out."""
    written = node.directives or ()
    changed = tuple(kept for applied in written if (kept := change(applied)) is not None)
    return node if changed == tuple(written) else with_parts(node, directives=changed)


def _with_fields(block: Any, change: ChangeField) -> Any:
    if not _has_fields(block):
        return block
    fields = tuple(kept for field in block.fields or () if (kept := change(block, field)) is not None)
    return with_parts(block, fields=fields)


def _has_fields(block: Any) -> bool:
    return str(block.kind).startswith(("object_type", "interface_type"))
