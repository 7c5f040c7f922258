"""Random operations for any schema: aliases, fragments, conditions, arguments, variables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
    is_specified_directive,
    parse,
    validate,
)
from hypothesis import strategies as st

from .choices import Choices
from .records import POOLS

MAX_DEPTH = 5
IDS = ("0", "1", "2", "ant0", "bee1", "cat2")
_CONFLICT = re.compile(r"Fields '(\w+)' conflict")


@dataclass(frozen=True)
class Operation:
    """A document of one operation, and its variables."""

    text: str
    variables: dict[str, Any]


@st.composite
def operations(
    draw: Callable[[st.SearchStrategy[Any]], Any],
    schema: GraphQLSchema,
    kind: str = "query",
    ids: Sequence[str] = IDS,
) -> Operation:
    """An operation that is valid in the schema. `ids`: what arguments of type ID are."""
    return OperationWriter(Choices(draw), schema, ids).operation(kind)


@dataclass
class _Selection:
    """A selection as a tree, so that aliases can be mended: a field, or a fragment (no `name`)."""

    head: str
    alias: str = ""
    name: str = ""
    tail: str = ""
    inside: list[_Selection] = field(default_factory=list)

    def __str__(self) -> str:
        alias = f"{self.alias}: " if self.alias else ""
        body = " { " + " ".join(map(str, self.inside)) + " }" if self.inside else ""
        return f"{alias}{self.head}{self.tail}{body}"


class OperationWriter:
    """See `operations`."""

    def __init__(self, choices: Choices, schema: GraphQLSchema, ids: Sequence[str] = IDS) -> None:
        self.choices = choices
        self.schema = schema
        self.ids = ids
        self.fragments: dict[str, tuple[str, list[_Selection]]] = {}
        self.declared: dict[str, str] = {}
        self.variables: dict[str, Any] = {}
        self.left = 40
        """How many more fields may be written."""

    def operation(self, kind: str) -> Operation:
        root = {"query": self.schema.query_type, "mutation": self.schema.mutation_type}[kind]
        selections = self._selections(root, 0)
        text = self._text(kind, selections)
        for attempt in range(20):
            errors = validate(self.schema, parse(text))
            names = {name for error in errors for name in _CONFLICT.findall(error.message)}
            if not names:
                break
            self._part(selections, names, attempt)
            text = self._text(kind, selections)
        assert not errors, f"{text}\n{errors}"
        return Operation(text, self.variables)

    def _text(self, kind: str, selections: list[_Selection]) -> str:
        declared = ", ".join(f"${name}: {rest}" for name, rest in self.declared.items())
        head = f"{kind} Q({declared})" if declared else kind
        body = "\n  ".join(map(str, selections))
        fragments = "".join(
            f"\nfragment {name} on {on} {{ {' '.join(map(str, inside))} }}"
            for name, (on, inside) in self.fragments.items()
        )
        return f"{head} {{\n  {body}\n}}{fragments}"

    def _part(self, selections: list[_Selection], names: set[str], attempt: int) -> None:
        """Gives fields whose response keys conflict keys of their own."""
        number = 0
        pending = [*selections, *(each for _, inside in self.fragments.values() for each in inside)]
        while pending:
            each = pending.pop(0)
            pending += each.inside
            if each.name and (each.alias or each.name) in names:
                number += 1
                each.alias = f"{each.name}_{attempt}_{number}"

    # --- selections -------------------------------------------------------------------------------------------------

    def _selections(self, on: Any, depth: int) -> list[_Selection]:
        found = [self._selection(on, depth) for _ in range(self.choices.count(1, 4 if depth < 3 else 2))]
        return [each for each in found if each is not None] or [_Selection("__typename", name="__typename")]

    def _selection(self, on: Any, depth: int) -> _Selection | None:
        what = self.choices.count(0, 99)
        if what >= 88 and depth < MAX_DEPTH:
            return self._spread(on, depth)
        narrowing = 45 if is_abstract_type(on) else 80
        if what >= narrowing and depth < MAX_DEPTH:
            return self._inline(on, depth)
        fields = getattr(on, "fields", {})
        if what in (3, 4) or not fields:
            alias = self.choices.one(("", "", "t", "id")) if depth else ""
            return _Selection("__typename", alias, "__typename", self._condition("FIELD"))
        return self._field(fields, depth)

    def _field(self, fields: dict[str, Any], depth: int) -> _Selection | None:
        deep = depth >= MAX_DEPTH or self.left <= 0
        usable = {n: f for n, f in fields.items() if not (deep and is_composite_type(get_named_type(f.type)))}
        if not usable:
            return None
        self.left -= 1
        name = self.choices.one(list(usable))
        chosen = usable[name]
        alias = self.choices.one(("k", "id", "x", "y")) if self.choices.chance(20) else ""
        named = get_named_type(chosen.type)
        inside = self._selections(named, depth + 1) if is_composite_type(named) else []
        return _Selection(name + self._arguments(chosen), alias, name, self._condition("FIELD"), inside)

    def _inline(self, on: Any, depth: int) -> _Selection:
        condition = self._narrowed(on)
        head = "..." if condition is on and self.choices.chance(50) else f"... on {condition.name}"
        return _Selection(head, tail=self._condition("INLINE_FRAGMENT"), inside=self._selections(condition, depth + 1))

    def _narrowed(self, on: Any) -> Any:
        """A type that values of this one may have too."""
        possible = self._possible(on)
        overlapping = [
            t for t in self.schema.type_map.values() if is_composite_type(t) and possible & self._possible(t)
        ]
        overlapping = [t for t in overlapping if not t.name.startswith("__")]
        return self.choices.one(overlapping)

    def _possible(self, on: Any) -> set[str]:
        if is_abstract_type(on):
            return {known.name for known in self.schema.get_possible_types(on)}
        return {on.name}

    def _spread(self, on: Any, depth: int) -> _Selection:
        possible = self._possible(on)
        usable = [n for n, (t, _) in self.fragments.items() if possible & self._possible(self.schema.type_map[t])]
        if usable and self.choices.chance(60):
            return _Selection(f"...{self.choices.one(usable)}", tail=self._condition("FRAGMENT_SPREAD"))
        condition = self._narrowed(on)
        inside = self._selections(condition, depth + 1)
        name = f"F{len(self.fragments)}"
        self.fragments[name] = (condition.name, inside)
        return _Selection(f"...{name}", tail=self._condition("FRAGMENT_SPREAD"))

    def _condition(self, location: str) -> str:
        return self._own_directives(location) + self._conditions()

    def _own_directives(self, location: str) -> str:
        """Applications of the schema's own directives."""
        written = ""
        for directive in self.schema.directives:
            if is_specified_directive(directive) or location not in {each.name for each in directive.locations}:
                continue
            for _ in range(self.choices.count(0, 2 if directive.is_repeatable else 1)):
                written += f" @{directive.name}{self._arguments(directive)}"
        return written

    def _conditions(self) -> str:
        if not self.choices.chance(12):
            return ""
        directives = ["@include", "@skip"][: self.choices.count(1, 2)]
        if self.choices.chance(50):
            directives = directives[::-1][:1]
        return "".join(f" {each}(if: {self._flag()})" for each in directives)

    def _flag(self) -> str:
        if self.choices.chance(10):
            return self.choices.one(("true", "false"))
        name = self.choices.one(("v", "w"))
        if name not in self.declared:
            self.declared[name] = "Boolean!"
            self.variables[name] = self.choices.one((True, False))
            if self.choices.chance(20):
                self.declared[name] = f"Boolean! = {json.dumps(self.variables.pop(name))}"
        return f"${name}"

    # --- arguments --------------------------------------------------------------------------------------------------

    def _arguments(self, chosen: Any) -> str:
        given = []
        for name, argument in chosen.args.items():
            if not is_required_argument(argument) and self.choices.chance(40):
                continue
            given.append(f"{name}: {self._given(argument)}")
        return f"({', '.join(given)})" if given else ""

    def _given(self, argument: Any) -> str:
        if not self.choices.chance(45):
            return self._literal(argument.type)
        return self._variable(argument)

    def _variable(self, argument: Any) -> str:
        name = f"p{len(self.declared)}"
        self.declared[name] = str(argument.type)
        value = self._plain(argument.type)
        how = self.choices.count(0, 3)
        nullable = not is_non_null_type(argument.type)
        if how == 1:
            default = self._literal(argument.type)
            self.declared[name] = f"{argument.type} = {default}"
        elif how == 2 and nullable:
            self.variables[name] = None
        elif how == 3 and nullable:
            pass
        else:
            self.variables[name] = value
        return f"${name}"

    def _literal(self, of: Any) -> str:
        value = self._plain(of)
        return _written(value, of)

    def _plain(self, of: Any) -> Any:
        """A value as JSON."""
        if is_non_null_type(of):
            return self._plain_some(of.of_type)
        return None if self.choices.chance(10) else self._plain_some(of)

    def _plain_some(self, of: Any) -> Any:
        if is_list_type(of):
            return [self._plain(of.of_type) for _ in range(self.choices.count(0, 2))]
        if isinstance(of, GraphQLInputObjectType):
            return self._object(of)
        if isinstance(of, GraphQLEnumType):
            return self.choices.one(list(of.values))
        return self.choices.one(self.ids if of.name == "ID" else POOLS.get(of.name, POOLS["String"]))

    def _object(self, of: GraphQLInputObjectType) -> dict[str, Any]:
        if of.is_one_of:
            name = self.choices.one(list(of.fields))
            return {name: self._plain_some(of.fields[name].type)}
        return {
            name: self._plain(part.type)
            for name, part in of.fields.items()
            if is_required_input_field(part) or self.choices.chance(50)
        }


def _written(value: Any, of: Any) -> str:
    """A JSON value as GraphQL text."""
    of = of.of_type if is_non_null_type(of) else of
    if isinstance(value, list):
        return "[" + ", ".join(_written(item, of.of_type) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{n}: {_written(v, of.fields[n].type)}" for n, v in value.items()) + " }"
    if isinstance(of, GraphQLEnumType) and value is not None:
        return str(value)
    return json.dumps(value, ensure_ascii=False)
