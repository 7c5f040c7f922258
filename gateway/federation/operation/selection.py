"""Normalised selections: what is asked of a value, for each runtime type it may have.

A `Selected` stands for all selection sets that the client wrote for one value, fragments not yet applied. Asked for one
runtime type it collects the fields (GraphQL specification, CollectFields) in two groupings: by response key, which is
how the answer is projected, and by field and arguments, which is how it is planned, so that two aliases of one field
are fetched once. Both are memoised, and types to which the same fields apply share the same values: the work grows
with the document, not with the number of types to the power of its depth. What it may grow to is bounded by a budget.

Conditions (`@skip`, `@include`) stay with each field: `when` holds alternatives, of which one must hold, relative to
the presence of the parent. A constant condition is applied at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    print_ast,
)
from graphql.language import BooleanValueNode, DirectiveNode, VariableNode, Visitor, visit

from gateway.federation.operation.limits import too_complex
from gateway.federation.supergraph.field_set import Arguments

Condition = tuple[str, bool]
Conditions = frozenset[Condition]
ALWAYS: Conditions = frozenset()
When = tuple[Conditions, ...]
"""Alternatives; empty means always."""

NO_VARIABLES: frozenset[str] = frozenset()

Source = tuple[SelectionSetNode, Conditions]


@dataclass(slots=True)
class Budget:
    """How many selections may be looked at for one operation."""

    left: int

    def spend(self, amount: int = 1) -> None:
        """Raises `RequestError` (QUERY_TOO_COMPLEX) when nothing is left."""
        self.left -= amount
        if self.left < 0:
            raise too_complex(
                "The operation is too complex: its fragments, type conditions and fields multiply beyond the bound.",
                "Ask for fewer fields, or in several operations.",
            )


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where the client wrote a field, and the conditions it stands under."""

    node: FieldNode
    when: Conditions


@dataclass(frozen=True, eq=False, slots=True)
class SelectedField:
    """A field with its arguments, merged over its occurrences. Compared by identity."""

    name: str
    arguments: Arguments
    directives: str
    """Directives other than skip and include, as text, to go to the subgraph."""
    when: When
    variables: frozenset[str]
    """Variables used in arguments and directives of this field alone."""
    child: Selected | None
    """None for leaves."""
    turn: str = ""
    """The response key of a mutation's root field: the same field under another key is called again."""

    @property
    def variant(self) -> object:
        """What tells its value from those of other uses of the field's name; empty for the plain use."""
        if self.turn:
            return (self.arguments, self.directives, self.turn)
        return (self.arguments, self.directives) if self.arguments or self.directives else ()


@dataclass(eq=False)
class SelectionScope:
    """What all selections of one document share."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    budget: Budget
    conditional: set[str] = field(default_factory=set)
    """The variables of the conditions met so far."""
    _fields: dict[object, SelectedField] = field(default_factory=dict)
    _composite: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _alike: dict[int, tuple[str, Arguments, str]] = field(default_factory=dict)
    _children: dict[object, Selected] = field(default_factory=dict)

    def select(self, type_name: str, sources: Sequence[Source], in_turn: bool = False) -> Selected:
        """The selection for a value of the type; the same object for the same sources. `in_turn`: each response key is
        a call of its own, as at the root of a mutation."""
        key = (type_name, tuple((id(node), when) for node, when in sources), in_turn)
        if key not in self._children:
            self._children[key] = Selected(self, type_name, tuple(sources), in_turn)
        return self._children[key]

    def possible(self, type_name: str) -> tuple[str, ...]:
        """The object types of a composite type, sorted."""
        found = self.schema.type_map[type_name]
        if is_abstract_type(found):
            return tuple(sorted(possible.name for possible in self.schema.get_possible_types(found)))
        return (type_name,)

    def applies(self, condition: str, type_name: str) -> bool:
        """Does a fragment on `condition` apply to every value of the type?"""
        if condition == type_name:
            return True
        abstract = self.schema.type_map.get(condition)
        concrete = self.schema.type_map.get(type_name)
        if not is_abstract_type(abstract) or concrete is None:
            return False
        return self.schema.is_sub_type(abstract, concrete)

    def merge(self, parent: str, occurrences: Sequence[Occurrence], turn: str = "") -> SelectedField:
        """One field out of occurrences that have the same name and arguments."""
        found = (parent, occurrences[0].node.name.value)
        if found not in self._composite:
            self._composite[found] = self._composite_type(*found)
        child_type = self._composite[found]
        key = (child_type, turn, *[(id(o.node), o.when) for o in occurrences])
        if key not in self._fields:
            self._fields[key] = self._build(occurrences, child_type, turn)
        return self._fields[key]

    def _build(self, occurrences: Sequence[Occurrence], child_type: str | None, turn: str) -> SelectedField:
        node = occurrences[0].node
        conditions = dict.fromkeys(o.when for o in occurrences)
        alike = len(conditions) == 1
        child = None
        if child_type is not None:
            sources = [(o.node.selection_set, ALWAYS if alike else o.when) for o in occurrences if o.node.selection_set]
            child = self.select(child_type, sources)
        name, arguments, directives = self.alike(node)
        return SelectedField(
            name=name,
            arguments=arguments,
            directives=directives,
            when=() if ALWAYS in conditions else tuple(conditions),
            variables=_variables_of(node),
            child=child,
            turn=turn,
        )

    def alike(self, node: FieldNode) -> tuple[str, Arguments, str]:
        """Equal for fields that are fetched as one: name, arguments, directives."""
        if id(node) not in self._alike:
            self._alike[id(node)] = (node.name.value, arguments_of(node), _directives_of(node))
        return self._alike[id(node)]

    def _composite_type(self, parent: str, field_name: str) -> str | None:
        fields = getattr(self.schema.type_map[parent], "fields", {})
        if field_name not in fields:
            return None
        named = get_named_type(fields[field_name].type)
        return named.name if is_composite_type(named) else None


class Selected:
    """What is asked of a value of one composite type. Made by `SelectionScope.select`."""

    def __init__(self, scope: SelectionScope, type_name: str, sources: tuple[Source, ...], in_turn: bool) -> None:
        self.scope = scope
        self.type = type_name
        self.sources = sources
        self.in_turn = in_turn
        self._collected: dict[str, dict[str, list[Occurrence]]] = {}
        self._order: dict[str, list[tuple[str, Conditions]]] = {}
        self._planned: dict[str, tuple[SelectedField, ...]] = {}
        self._shown: dict[str, tuple[tuple[str, SelectedField], ...]] = {}

    @cached_property
    def possible(self) -> tuple[str, ...]:
        """The runtime types that the value may have."""
        return self.scope.possible(self.type)

    @property
    def is_abstract(self) -> bool:
        return self.possible != (self.type,)

    def shown(self, type_name: str) -> tuple[tuple[str, SelectedField], ...]:
        """(response key, field) pairs in the order of the answer; `__typename` and introspection included.

        `type_name` is a possible type, or the static type itself for what applies whatever the runtime type is.
        """
        if type_name not in self._shown:
            self._shown[type_name] = tuple(
                (key, self.scope.merge(type_name, occurrences, key if self.in_turn else ""))
                for key, occurrences in self._collect(type_name).items()
            )
        return self._shown[type_name]

    def planned(self, type_name: str) -> tuple[SelectedField, ...]:
        """The fields to fetch, by name and arguments; those that begin with two underscores left out."""
        if type_name not in self._planned:
            merged: dict[tuple[str, str, Arguments, str], list[Occurrence]] = {}
            for occurrence in self._occurrences(type_name):
                node = occurrence.node
                if not node.name.value.startswith("__"):
                    turn = response_key(node) if self.in_turn else ""
                    merged.setdefault((turn, *self.scope.alike(node)), []).append(occurrence)
            self._planned[type_name] = tuple(
                self.scope.merge(type_name, occurrences, key[0]) for key, occurrences in merged.items()
            )
        return self._planned[type_name]

    def order(self, type_name: str) -> Sequence[tuple[str, Conditions]]:
        """Every occurrence, in the order of the document: its response key, and the conditions it stands under."""
        self._collect(type_name)
        return self._order[type_name]

    def nodes(self, response_key: str) -> tuple[FieldNode, ...]:
        """Where the client wrote a field of the static type."""
        return tuple(occurrence.node for occurrence in self._collect(self.type)[response_key])

    def call(self, response_key: str, when: When) -> Selected:
        """The selection with the field of one response key alone, under conditions besides its own."""
        sources = [
            (SelectionSetNode(selections=(occurrence.node,)), both)
            for occurrence in self._collect(self.type)[response_key]
            for alternative in when or (ALWAYS,)
            if can_hold(both := occurrence.when | alternative)
        ]
        return self.scope.select(self.type, sources, self.in_turn)

    @cached_property
    def needs_typename(self) -> bool:
        """Does the answer depend on the value's runtime type?"""
        if not self.is_abstract:
            return False
        common = self.planned(self.type)
        return any(
            self.planned(each) != common or any(o.node.name.value == "__typename" for o in self._occurrences(each))
            for each in (self.type, *self.possible)
        )

    def _occurrences(self, type_name: str) -> Iterator[Occurrence]:
        """Every field asked of the type. One response key may stand for several, where aliases of the parent meet."""
        return (occurrence for occurrences in self._collect(type_name).values() for occurrence in occurrences)

    def _collect(self, type_name: str) -> dict[str, list[Occurrence]]:
        if type_name not in self._collected:
            grouped: dict[str, list[Occurrence]] = {}
            order = []
            seen: set[tuple[int, Conditions]] = set()
            for node, when in self._flatten(type_name):
                if (id(node), when) not in seen:
                    seen.add((id(node), when))
                    key = response_key(node)
                    grouped.setdefault(key, []).append(Occurrence(node, when))
                    order.append((key, when))
            self._collected[type_name] = grouped
            self._order[type_name] = order
        return self._collected[type_name]

    def _flatten(self, type_name: str) -> Iterator[tuple[FieldNode, Conditions]]:
        """Every field that applies to the type, fragments opened without recursion, each spread once."""
        spread: set[tuple[str, Conditions]] = set()
        stack = [(iter(node.selections), when) for node, when in reversed(self.sources)]
        while stack:
            selections, outer = stack[-1]
            selection = next(selections, None)
            if selection is None:
                stack.pop()
                continue
            self.scope.budget.spend()
            when = _conditions(selection.directives, outer)
            if when is None:
                continue
            if when is not outer:
                self.scope.conditional |= {name for name, _ in when}
            if isinstance(selection, FieldNode):
                yield selection, when
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                if condition is None or self.scope.applies(condition.name.value, type_name):
                    stack.append((iter(selection.selection_set.selections), when))
            elif isinstance(selection, FragmentSpreadNode) and (selection.name.value, when) not in spread:
                spread.add((selection.name.value, when))
                fragment = self.scope.fragments[selection.name.value]
                if self.scope.applies(fragment.type_condition.name.value, type_name):
                    stack.append((iter(fragment.selection_set.selections), when))


def can_hold(conditions: Conditions) -> bool:
    """Can all the conditions hold at once?"""
    return len({name for name, _ in conditions}) == len(conditions)


def expanded_size(selected: Selected) -> int:
    """How many places for fields the answer has, counted without building them: once for each alias and each type
    that a field is asked of anew, lists taken as one item."""
    known: dict[Selected, int] = {}

    def size(of: Selected) -> int:
        if of not in known:
            fields = {asked for name in of.possible or (of.type,) for _, asked in of.shown(name)}
            known[of] = len(fields) + sum(size(asked.child) for asked in fields if asked.child is not None)
        return known[of]

    return size(selected)


def arguments_of(node: FieldNode) -> Arguments:
    """The arguments as sorted (name, text) pairs."""
    if not node.arguments:
        return ()
    return tuple(sorted((argument.name.value, print_ast(argument.value)) for argument in node.arguments))


def response_key(node: FieldNode) -> str:
    """The key that the field has in an answer."""
    return node.alias.value if node.alias else node.name.value


def _directives_of(node: FieldNode) -> str:
    if not node.directives:
        return ""
    return " ".join(print_ast(d) for d in node.directives if d.name.value not in ("skip", "include"))


def _conditions(directives: Sequence[DirectiveNode] | None, outer: Conditions) -> Conditions | None:
    """The conditions under which the selection stands; None where they can never hold."""
    found = outer
    for directive in directives or ():
        if directive.name.value not in ("skip", "include"):
            continue
        wanted = directive.name.value == "include"
        value = next(argument.value for argument in directive.arguments or ())
        if isinstance(value, VariableNode):
            if (value.name.value, not wanted) in found:
                return None
            found |= {(value.name.value, wanted)}
        elif isinstance(value, BooleanValueNode) and value.value != wanted:
            return None
    return found


class _VariableFinder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)


def _variables_of(node: FieldNode) -> frozenset[str]:
    if not node.arguments and not node.directives:
        return NO_VARIABLES
    finder = _VariableFinder()
    for argument in node.arguments or ():
        visit(argument, finder)
    for directive in node.directives or ():
        if directive.name.value not in ("skip", "include"):
            visit(directive, finder)
    return frozenset(finder.names)
