"""What the rules of `@key`, `@requires` and `@provides` have in common: a field set is a selection of its type.

It is validated as a fragment, by graphql-core's own rules, and then walked for what Federation forbids in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, TypeInfo, TypeInfoVisitor, parse, print_ast, validate, visit
from graphql.language import (
    ConstDirectiveNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
    Visitor,
)
from graphql.type import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, get_named_type, is_composite_type
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
from gateway.federation.supergraph.directives import value_of
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
    def written(self) -> Any:
        """The value of `fields`."""
        values = {argument.name.value: argument.value for argument in self.applied.arguments or ()}
        return value_of(values["fields"]) if "fields" in values else None

    @property
    def is_text(self) -> bool:
        """Is it a string, as it must be? An enum's value reads like one."""
        return any(
            argument.name.value == "fields" and isinstance(argument.value, StringValueNode)
            for argument in self.applied.arguments or ()
        )

    @property
    def is_resolvable(self) -> bool:
        """Of a key: can the type be entered by it?"""
        values = {argument.name.value: argument.value for argument in self.applied.arguments or ()}
        return "resolvable" not in values or value_of(values["resolvable"]) is not False

    def issue(self, code: str, message: str) -> Issue:
        """A mistake in this field set, under the code of its directive."""
        written = next((a.value for a in self.applied.arguments or () if a.name.value == "fields"), None)
        text = f"@{self.directive}(fields: {print_ast(written) if written else ''}): {message}"
        return self.subgraph.issue(f"{self.directive.upper()}_{code}", text, self.coordinate, self.applied)


def field_sets(subgraph: Subgraph, directive: str, node: Any, coordinate: str, on: str) -> Iterator[AppliedFieldSet]:
    """The applications of a directive to a node."""
    local = subgraph.local_names[directive]
    for applied in node.directives or ():
        if applied.name.value == local:
            yield AppliedFieldSet(subgraph, directive, coordinate, on, applied)


def selected(given: AppliedFieldSet) -> SelectionSetNode | None:
    """What a field set selects; None if that is not there to be selected. Composites may want a selection still."""
    try:
        document = _document(given) if given.is_text else None
    except GraphQLError:
        return None
    rules = [rule for rule in SELECTION_RULES if rule is not ScalarLeafsRule]
    if document is None or validate(given.subgraph.schema, document, rules):
        return None
    fragment = document.definitions[0]
    assert isinstance(fragment, FragmentDefinitionNode)  # noqa: S101 - the text starts with one
    return None if _is_empty(fragment.selection_set) else fragment.selection_set


def _is_empty(node: SelectionSetNode) -> bool:
    """Is nothing selected, here or anywhere inside?"""
    inside = (getattr(part, "selection_set", None) for part in node.selections)
    return not node.selections or any(_is_empty(each) for each in inside if each)


def _document(given: AppliedFieldSet) -> DocumentNode:
    return parse(f"fragment fields on {given.selects_on} {in_braces(given.written)}")


Rule = Callable[[SetField], Iterator[tuple[str, str]]]
"""What a directive forbids of a field in its set: codes and messages."""


def _anything(_: SetField) -> Iterator[tuple[str, str]]:
    yield from ()


def check_field_set(given: AppliedFieldSet, more: Rule, never: Rule = _anything) -> Iterator[Issue]:
    """What is wrong with a field set: of what there is at all, first what may `never` be in one, then what is no
    selection of its type, and if it is one, what else the directive forbids of it (`more`)."""
    if not given.is_text:
        yield given.issue("INVALID_FIELDS_TYPE", "this is no string: write the fields as one, in quotes.")
        return
    if plain := _plain_fields(given):
        yield from list(_broken(given, plain, never)) or _broken(given, plain, more)
        return
    try:
        document = _document(given)
    except GraphQLError as error:
        yield given.issue("INVALID_FIELDS", f"this is no selection of fields. {error.message}")
        return
    found = _Walk(given)
    visit(document, TypeInfoVisitor(found.type_info, found))
    if excluded := list(_broken(given, found.fields, never)):
        yield from excluded
        return
    errors = validate(given.subgraph.schema, document, SELECTION_RULES)
    wrong = [f"{error.message} {_repair(error)}" for error in errors]
    if wrong := [*wrong, *found.unwanted]:
        yield from (given.issue("INVALID_FIELDS", message) for message in wrong)
        return
    yield from found.directives
    yield from _broken(given, found.fields, more)


def _broken(given: AppliedFieldSet, fields: Iterable[SetField], rule: Rule) -> Iterator[Issue]:
    for field in fields:
        yield from (given.issue(code, message) for code, message in rule(field))


def _plain_fields(given: AppliedFieldSet) -> list[SetField]:
    """The fields of a set that only names leaves without arguments, for it is a selection of its type; else none. Most
    sets are so, and are passed a hundred times as fast."""
    on = given.subgraph.schema.type_map.get(given.selects_on)
    known = on.fields if isinstance(on, GraphQLObjectType | GraphQLInterfaceType) else {}
    definitions = [(name, known.get(name)) for name in given.written.split()]
    if any(known is None or known.args or is_composite_type(get_named_type(known.type)) for _, known in definitions):
        return []
    return [SetField(((given.selects_on, name),), known, True) for name, known in definitions if known]


def _repair(error: GraphQLError) -> str:
    is_unknown = error.message.startswith("Cannot query field")
    return "Add it to this subgraph, or select what is there." if is_unknown else "Mend what is selected."


class _Walk(Visitor):
    """Collects the fields of a field set, and what Federation forbids in one."""

    def __init__(self, given: AppliedFieldSet) -> None:
        super().__init__()
        self.given = given
        self.type_info = TypeInfo(given.subgraph.schema)
        self.unwanted: list[str] = []
        """Words for what no field set has."""
        self.directives: list[Issue] = []
        self.fields: list[SetField] = []
        self.path: list[tuple[str, str]] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.alias is not None:
            alias = f"{node.alias.value}: {node.name.value}"
            self.unwanted.append(f"{alias} is an alias, which a field set cannot have: remove it.")
        parent, definition = self.type_info.get_parent_type(), self.type_info.get_field_def()
        self.path.append((parent.name if parent else "", node.name.value))
        if definition is not None:
            is_leaf = not is_composite_type(get_named_type(definition.type))
            self.fields.append(SetField(tuple(self.path), definition, is_leaf))

    def leave_field(self, *_: Any) -> None:
        self.path.pop()

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        if not node.selections:
            self.unwanted.append("it selects nothing: name at least one field.")

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        name = f"${node.name.value}"
        self.unwanted.append(f"{name} is a variable, which a field set cannot have: write the value itself.")

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        message = f"@{node.name.value} is applied inside, where no directive can be: remove it."
        self.directives.append(self.given.issue("DIRECTIVE_IN_FIELDS_ARG", message))
