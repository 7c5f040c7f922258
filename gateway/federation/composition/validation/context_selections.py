"""What an argument takes of its context: one field of whatever type set it, of the argument's own type.

`{ field }` is of every type that sets the context; `... on A { field } ... on B { other }` says it type by type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graphql import GraphQLError, TypeInfo, TypeInfoVisitor, parse, print_ast, validate, visit
from graphql.language import (
    DirectiveNode,
    FieldNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeNode,
    Visitor,
)
from graphql.type import GraphQLOutputType, get_named_type, is_abstract_type

from gateway.federation.composition.contexts import ContextValue
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.composition.validation.field_sets import SELECTION_RULES


def wrong_selection(
    subgraph: Subgraph, wanted: TypeNode, value: ContextValue, setters: Sequence[TypeShape]
) -> Iterator[str]:
    """What is wrong with the selection, as sentences without their subject. `wanted` is the argument's type."""
    text = value.selection.strip()
    try:
        document = parse(text if text.startswith("{") else f"{{{text}\n}}", no_location=True)
    except GraphQLError as error:
        yield f"is no selection: {error.message} Write ${value.context} {{ field }}."
        return
    operation, *more = document.definitions
    if more or not isinstance(operation, OperationDefinitionNode):
        yield "is more than one selection: write one."
        return
    if wrong := [*_forbidden(operation.selection_set), *_several(operation.selection_set)]:
        yield from wrong
        return
    first, *_ = selections = operation.selection_set.selections
    if isinstance(first, FieldNode):
        for shape in setters:
            yield from _wrong_on(subgraph, wanted, shape.name, operation.selection_set)
    else:
        yield from _wrong_fragments(subgraph, wanted, setters, selections)


class _Forbidden(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.alias is not None:
            self.found.append(f"has the alias {node.alias.value}, which gives nothing a name here: remove it.")

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.found.append(f"has @{node.name.value}, and no directive can be here: remove it.")


def _forbidden(selection_set: SelectionSetNode) -> list[str]:
    visitor = _Forbidden()
    visit(selection_set, visitor)
    return visitor.found


def _several(selection_set: SelectionSetNode) -> Iterator[str]:
    """One field at each level; at the first, one a type instead."""
    selections = selection_set.selections
    if selections and all(isinstance(selection, InlineFragmentNode) for selection in selections):
        conditions = [node.type_condition and node.type_condition.name.value for node in _fragments(selections)]
        if None in conditions or len(set(conditions)) < len(conditions):
            yield "does not say once for each type what it selects: write ... on Type { field }, one a type."
        below = [node.selection_set for node in _fragments(selections)]
    else:
        below = [selection_set]
    if not all(map(_is_one_path, below)):
        yield "does not select one value: select one field of each type."


def _fragments(selections: Sequence[SelectionNode]) -> list[InlineFragmentNode]:
    return [selection for selection in selections if isinstance(selection, InlineFragmentNode)]


def _is_one_path(selection_set: SelectionSetNode | None) -> bool:
    if selection_set is None:
        return True
    selections = selection_set.selections
    return len(selections) == 1 and all(
        isinstance(only, FieldNode) and _is_one_path(only.selection_set) for only in selections
    )


def _wrong_fragments(
    subgraph: Subgraph, wanted: TypeNode, setters: Sequence[TypeShape], selections: Sequence[SelectionNode]
) -> Iterator[str]:
    by_type = {
        node.type_condition.name.value: node.selection_set
        for node in _fragments(selections)
        if node.type_condition is not None
    }
    possible = {shape.name: _objects_of(subgraph, shape) for shape in setters}
    settable = frozenset().union(*possible.values())
    for name in by_type:
        if (shape := subgraph.types.get(name)) is None or shape.kind != "object":
            yield f"has a condition on {name}, which is no object type here: name the object types one by one."
        elif name not in settable:
            yield f"has a condition on {name}, and nothing of that type sets the context: remove it."
    for setter, types in possible.items():
        if types.isdisjoint(by_type):
            yield f"says nothing for {setter}, which sets the context too: add ... on {setter} {{ field }}."
    for name, selection_set in by_type.items():
        if name in settable:
            yield from _wrong_on(subgraph, wanted, name, selection_set)


def _objects_of(subgraph: Subgraph, shape: TypeShape) -> frozenset[str]:
    declared = subgraph.schema.type_map[shape.name]
    if is_abstract_type(declared):
        return frozenset(possible.name for possible in subgraph.schema.get_possible_types(declared))
    return frozenset((shape.name,))


class _Path(Visitor):
    """Collects the types that a selection of one path goes through."""

    def __init__(self, type_info: TypeInfo) -> None:
        super().__init__()
        self.type_info = type_info
        self.parents: list[str] = []
        self.types: list[GraphQLOutputType] = []

    def enter_field(self, *_: Any) -> None:
        parent, returned = self.type_info.get_parent_type(), self.type_info.get_type()
        assert parent is not None  # noqa: S101 - the selection is valid
        assert returned is not None  # noqa: S101
        self.parents.append(parent.name)
        self.types.append(returned)


def _wrong_on(subgraph: Subgraph, wanted: TypeNode, type_name: str, selection_set: SelectionSetNode) -> Iterator[str]:
    document = parse(f"fragment selected on {type_name} {print_ast(selection_set)}")
    if errors := validate(subgraph.schema, document, SELECTION_RULES):
        yield from (f"cannot be taken of {type_name}: {error.message} Select what is there." for error in errors)
        return
    type_info = TypeInfo(subgraph.schema)
    path = _Path(type_info)
    visit(document, TypeInfoVisitor(type_info, path))
    for name in filter(subgraph.is_interface_object, path.parents):
        yield f"goes through {name}, an @interfaceObject, whose objects have no type here: select another field."
    selected = _selected(path.types)
    if selected != print_ast(wanted):
        message = (
            f"gives {selected} of {type_name}, since it may always be null, and the argument is {print_ast(wanted)}: "
        )
        yield message + f"make it {selected}, or select what is so."


def _selected(types: Sequence[GraphQLOutputType]) -> str:
    """The type of what a path leads to: a list for each list on the way, and anything may be null."""
    lists = sum(map(_list_levels, types))
    return "[" * lists + get_named_type(types[-1]).name + "]" * lists


def _list_levels(declared: GraphQLOutputType) -> int:
    return str(declared).count("[")
