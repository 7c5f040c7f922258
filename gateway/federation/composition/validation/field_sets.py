"""What the rules of `@key`, `@requires` and `@provides` have in common: a field set is a selection of its type.

It is validated as a fragment, by graphql-core's own rules, and then walked for what Federation forbids in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, TypeInfo, TypeInfoVisitor, parse, print_ast, validate, visit
from graphql.language import (
    ConstDirectiveNode,
    DirectiveNode,
    FieldNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    Visitor,
)
from graphql.type import GraphQLField, get_named_type, is_composite_type
from graphql.validation import (
    FieldsOnCorrectTypeRule,
    FragmentsOnCompositeTypesRule,
    KnownArgumentNamesRule,
    KnownFragmentNamesRule,
    KnownTypeNamesRule,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    ValuesOfCorrectTypeRule,
)

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.supergraph.field_set import in_braces

SELECTION_RULES = (
    KnownTypeNamesRule,
    KnownFragmentNamesRule,
    FragmentsOnCompositeTypesRule,
    PossibleFragmentSpreadsRule,
    FieldsOnCorrectTypeRule,
    ScalarLeafsRule,
    KnownArgumentNamesRule,
    ValuesOfCorrectTypeRule,
    ProvidedRequiredArgumentsRule,
)
"""What graphql-core checks of a selection that stands by itself."""


@dataclass(frozen=True, slots=True)
class SetField:
    """A field that a field set selects. `path` has its ancestors in the set, then itself: (type, field) names."""

    path: tuple[tuple[str, str], ...]
    definition: GraphQLField
    is_leaf: bool

    @property
    def coordinate(self) -> str:
        return ".".join(self.path[-1])


@dataclass(frozen=True, slots=True)
class AppliedFieldSet:
    """One application of a directive with a field set: where, on which type it selects, and what it says."""

    subgraph: Subgraph
    directive: str
    """By its specification's name."""
    coordinate: str
    selects_on: str
    applied: ConstDirectiveNode

    @property
    def value(self) -> ValueNode | None:
        """The value of `fields`, which ought to be a string."""
        values = {argument.name.value: argument.value for argument in self.applied.arguments or ()}
        return values.get("fields")

    def issue(self, code: str, message: str) -> Issue:
        """A mistake in this field set, under the code of its directive."""
        written = print_ast(self.value) if self.value else ""
        text = f"@{self.directive}(fields: {written}): {message}"
        return self.subgraph.issue(f"{self.directive.upper()}_{code}", text, self.coordinate, self.applied)


def field_sets(subgraph: Subgraph, directive: str, node: Any, coordinate: str, on: str) -> Iterator[AppliedFieldSet]:
    """The applications of a directive to a node."""
    local = subgraph.local_names[directive]
    for applied in node.directives or ():
        if applied.name.value == local:
            yield AppliedFieldSet(subgraph, directive, coordinate, on, applied)


def check_field_set(given: AppliedFieldSet, more: Callable[[SetField], Iterator[tuple[str, str]]]) -> Iterator[Issue]:
    """What is wrong with a field set; `more` is the directive's own rule: codes and messages for a field. It is
    asked only of a set that selects what is there."""
    if not isinstance(given.value, StringValueNode):
        yield given.issue("INVALID_FIELDS_TYPE", "this is no string: write the fields as one, in quotes.")
        return
    try:
        document = parse(f"fragment fields on {given.selects_on} {in_braces(given.value.value)}")
    except GraphQLError as error:
        yield given.issue("INVALID_FIELDS", f"this is no selection of fields. {error.message}")
        return
    errors = validate(given.subgraph.schema, document, SELECTION_RULES)
    for wrong in errors:
        is_unknown = wrong.message.startswith("Cannot query field")
        repair = "Add it to this subgraph, or select what is there." if is_unknown else "Mend what is selected."
        yield given.issue("INVALID_FIELDS", f"{wrong.message} {repair}")
    found = _Walk(given)
    visit(document, found if errors else TypeInfoVisitor(found.type_info, found))
    yield from found.issues
    if not errors and not found.issues:
        for field in found.fields:
            yield from (given.issue(code, message) for code, message in more(field))


class _Walk(Visitor):
    """Collects the fields of a field set, and what Federation forbids in one."""

    def __init__(self, given: AppliedFieldSet) -> None:
        super().__init__()
        self.given = given
        self.type_info = TypeInfo(given.subgraph.schema)
        self.issues: list[Issue] = []
        self.fields: list[SetField] = []
        self.path: list[tuple[str, str]] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.alias is not None:
            message = f"{node.alias.value}: {node.name.value} is an alias, which a field set cannot have: remove it."
            self.issues.append(self.given.issue("INVALID_FIELDS", message))
        parent, definition = self.type_info.get_parent_type(), self.type_info.get_field_def()
        self.path.append((parent.name if parent else "", node.name.value))
        if definition is not None:
            is_leaf = not is_composite_type(get_named_type(definition.type))
            self.fields.append(SetField(tuple(self.path), definition, is_leaf))

    def leave_field(self, *_: Any) -> None:
        self.path.pop()

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        if not node.selections:
            self.issues.append(self.given.issue("INVALID_FIELDS", "it selects nothing: name at least one field."))

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        message = f"${node.name.value} is a variable, which a field set cannot have: write the value itself."
        self.issues.append(self.given.issue("INVALID_FIELDS", message))

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        message = f"@{node.name.value} is applied inside, where no directive can be: remove it."
        self.issues.append(self.given.issue("DIRECTIVE_IN_FIELDS_ARG", message))
