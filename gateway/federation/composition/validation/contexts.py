"""`@context` and `@fromContext`: CONTEXT_NAME_INVALID, CONTEXT_NOT_SET, NO_CONTEXT_IN_SELECTION,
CONTEXT_NO_RESOLVABLE_KEY. What an argument selects is checked by `context_selections`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from graphql.language import FieldDefinitionNode, InputValueDefinitionNode

from gateway.federation.composition.contexts import ContextValue, context_setters, contextual_arguments
from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.composition.validation.context_selections import wrong_selection

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def wrong_contexts(subgraph: Subgraph) -> Iterator[Issue]:
    """Contexts whose names cannot be, and arguments that no context can fill."""
    yield from _wrong_names(subgraph)
    yield from _on_directives(subgraph)
    setters = context_setters(subgraph.types, subgraph.local_names)
    for shape in subgraph.types.values():
        has_contextual = False
        for field in shape.fields.values():
            for argument, value in contextual_arguments(field, subgraph.local_names):
                has_contextual |= value is not None and shape.kind != "interface"
                coordinate = f"{shape.name}.{field.name.value}({argument.name.value}:)"
                yield from _wrong_argument(subgraph, shape, field, argument, coordinate)
                if shape.kind != "interface":
                    yield from _wrong_value(subgraph, setters, argument, value, coordinate)
        if has_contextual and not subgraph.has_resolvable_key(shape):
            message = (
                f"{shape.name} has a field with an argument from a context, which the gateway fetches by key, and has "
                "no resolvable @key here: add one."
            )
            yield subgraph.issue("CONTEXT_NO_RESOLVABLE_KEY", message, shape.name, shape.node)


def _wrong_names(subgraph: Subgraph) -> Iterator[Issue]:
    for shape in subgraph.types.values():
        for arguments in subgraph.applied(shape.node, "context"):
            if not _NAME.fullmatch(name := str(arguments["name"])):
                message = (
                    f"A context cannot be called {name!r}: name it with a letter and then letters and digits alone."
                )
                yield subgraph.issue("CONTEXT_NAME_INVALID", message, shape.name, shape.node)


def _on_directives(subgraph: Subgraph) -> Iterator[Issue]:
    for name, definition in subgraph.directives.items():
        for argument in definition.arguments or ():
            if subgraph.has(argument, "fromContext"):
                message = "A directive's argument is written where the directive is: remove @fromContext."
                yield subgraph.issue("CONTEXT_NOT_SET", message, f"@{name}({argument.name.value}:)", argument)


def _wrong_argument(
    subgraph: Subgraph,
    shape: TypeShape,
    field: FieldDefinitionNode,
    argument: InputValueDefinitionNode,
    coordinate: str,
) -> Iterator[Issue]:
    if shape.kind == "interface":
        message = "An interface's field is resolved by nobody, so no context fills its argument: remove @fromContext."
        yield subgraph.issue("CONTEXT_NOT_SET", message, coordinate, argument)
        return
    for interface in shape.interfaces:
        if field.name.value in subgraph.types[interface].fields:
            message = (
                f"The field is one of the interface {interface}, where clients would have to know which types fill the "
                "argument from a context: give the field another name, or remove @fromContext."
            )
            yield subgraph.issue("CONTEXT_NOT_SET", message, coordinate, argument)
    if argument.default_value is not None:
        message = "The argument is always filled from its context, so it has no default: remove the default."
        yield subgraph.issue("CONTEXT_NOT_SET", message, coordinate, argument)


def _wrong_value(
    subgraph: Subgraph,
    setters: Mapping[str, list[TypeShape]],
    argument: InputValueDefinitionNode,
    value: ContextValue | None,
    coordinate: str,
) -> Iterator[Issue]:
    def issue(code: str, message: str) -> Issue:
        return subgraph.issue(code, message, coordinate, argument)

    if value is None:
        message = 'A context and a selection of what sets it are wanted: write @fromContext(field: "$name { field }").'
        yield issue("NO_CONTEXT_IN_SELECTION", message)
    elif value.context not in setters:
        known = ", ".join(sorted(setters)) or "none"
        message = f"No type of this subgraph sets the context {value.context} (those set here: {known}): add @context."
        yield issue("CONTEXT_NOT_SET", message)
    else:
        for what in wrong_selection(subgraph, argument.type, value, setters[value.context]):
            yield issue("CONTEXT_INVALID_SELECTION", f"${value.context}{value.selection} {what}")
