"""An operation -> the marks that it leaves on a schema (`marks.py`): every element that it names or may come by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_abstract_type,
    visit,
)
from graphql.language import ArgumentNode, DirectiveNode, EnumValueNode, ObjectFieldNode, ObjectValueNode, ValueNode
from graphql.utilities import TypeInfo, TypeInfoVisitor, type_from_ast

from gateway.federation.schema_changes.marks import begun, beside, omitted, placed, received, repeated


def marks_of(schema: GraphQLSchema, document: DocumentNode) -> frozenset[str]:
    """The marks of a document of one operation, valid in the schema."""
    info = TypeInfo(schema)
    uses = _Uses(schema, info, document)
    visit(document, TypeInfoVisitor(info, uses))
    return frozenset(uses.marks)


class _Uses(Visitor):
    def __init__(self, schema: GraphQLSchema, info: TypeInfo, document: DocumentNode) -> None:
        super().__init__()
        self.schema = schema
        self.info = info
        self.marks: set[str] = set()
        self.conditions = {
            node.name.value: node.type_condition.name.value
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.reached: set[str] = set()
        self.maybe_absent: frozenset[str] = frozenset()
        """The variables that may be left out."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        kind = node.operation
        self.marks.add(begun(kind.value))
        root = self.schema.get_root_type(kind)
        assert root is not None  # noqa: S101 - it is valid
        self.marks |= {root.name, received(root.name)}
        self.maybe_absent = frozenset(_optional(node.variable_definitions or ()))
        self._directives(node, kind.value.upper())

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        type_ = type_from_ast(self.schema, node.type)
        assert type_ is not None  # noqa: S101 - it is valid
        self._reach(get_named_type(type_))
        self._directives(node, "VARIABLE_DEFINITION")

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> None:
        self.marks.add(node.type_condition.name.value)
        self._directives(node, "FRAGMENT_DEFINITION")

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self._beside(self.conditions[node.name.value])
        self._directives(node, "FRAGMENT_SPREAD")

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> None:
        if node.type_condition is not None:
            self.marks.add(node.type_condition.name.value)
            self._beside(node.type_condition.name.value)
        self._directives(node, "INLINE_FRAGMENT")

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self._directives(node, "FIELD")
        parent, field = self.info.get_parent_type(), self.info.get_field_def()
        if parent is None or field is None or parent.name.startswith("__") or node.name.value.startswith("__"):
            return
        named = get_named_type(field.type)
        self.marks |= {parent.name, f"{parent.name}.{node.name.value}", named.name, received(named.name)}
        owners = [parent.name]
        if is_abstract_type(parent):  # the object's own defaults are taken
            owners += [possible.name for possible in self.schema.get_possible_types(parent)]
        for owner in owners:
            self._arguments(f"{owner}.{node.name.value}", field.args, node.arguments or ())

    def enter_object_value(self, node: ObjectValueNode, *_: Any) -> None:
        type_ = self.info.get_input_type()
        named = get_named_type(type_) if type_ is not None else None
        if isinstance(named, GraphQLInputObjectType):
            self.marks.add(named.name)
            given = {field.name.value: field for field in node.fields}
            self._inputs({name: f"{named.name}.{name}" for name in named.fields}, given)

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:
        type_ = self.info.get_input_type()
        named = get_named_type(type_) if type_ is not None else None
        if isinstance(named, GraphQLEnumType):
            self.marks |= {named.name, f"{named.name}.{node.value}"}

    def _beside(self, condition: str) -> None:
        """A fragment stands in a selection of what it is entered from."""
        around = self.info.get_parent_type()
        if around is not None:
            self.marks.add(beside(around.name, condition))

    def _directives(self, node: Any, location: str) -> None:
        applied: tuple[DirectiveNode, ...] = tuple(node.directives or ())
        for name, times in Counter(directive.name.value for directive in applied).items():
            self.marks |= {f"@{name}", placed(name, location)} | ({repeated(name)} if times > 1 else set())
        for directive in applied:
            known = self.schema.get_directive(directive.name.value)
            assert known is not None  # noqa: S101 - it is valid
            self._arguments(f"@{known.name}", known.args, directive.arguments or ())

    def _arguments(self, owner: str, known: Mapping[str, GraphQLArgument], given: Iterable[ArgumentNode]) -> None:
        values = {argument.name.value: argument for argument in given}
        self._inputs({name: f"{owner}({name}:)" for name in known}, values)
        self.marks |= {get_named_type(argument.type).name for name, argument in known.items() if name in values}

    def _inputs(self, known: Mapping[str, str], given: Mapping[str, ArgumentNode | ObjectFieldNode]) -> None:
        """`known`: coordinates by name."""
        for name, coordinate in known.items():
            if name in given:
                self.marks.add(coordinate)
            if name not in given or self._may_lack(given[name].value):
                self.marks.add(omitted(coordinate))

    def _may_lack(self, value: ValueNode) -> bool:
        return isinstance(value, VariableNode) and value.name.value in self.maybe_absent

    def _reach(self, type_: GraphQLNamedType) -> None:
        """A variable may give, or leave out, all that its type has."""
        if type_.name in self.reached:
            return
        self.reached.add(type_.name)
        self.marks.add(type_.name)
        if isinstance(type_, GraphQLEnumType):
            self.marks |= {f"{type_.name}.{value}" for value in type_.values}
        elif isinstance(type_, GraphQLInputObjectType):
            for name, field in type_.fields.items():
                self.marks |= {f"{type_.name}.{name}", omitted(f"{type_.name}.{name}")}
                self._reach(get_named_type(field.type))


def _optional(definitions: Iterable[VariableDefinitionNode]) -> Iterator[str]:
    for definition in definitions:
        if definition.default_value is None and not isinstance(definition.type, NonNullTypeNode):
            yield definition.variable.name.value
