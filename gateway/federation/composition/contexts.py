"""`@context` and `@fromContext` as a subgraph writes them: a type sets a context by name, and an argument is filled
from a field of whatever object above set it, `$name { field }`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql.language import FieldDefinitionNode, InputValueDefinitionNode

from gateway.federation.composition.subgraph import TypeShape
from gateway.federation.supergraph.directives import applications

_IGNORED = r"(?:[\s,]|#[^\n\r]*)*"
_VALUE = re.compile(rf"{_IGNORED}\${_IGNORED}([_A-Za-z][_0-9A-Za-z]*)(?![_0-9A-Za-z])(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ContextValue:
    """The context that an argument is filled from, and what is selected there, as written."""

    context: str
    selection: str


def read_context_value(written: Any) -> ContextValue | None:
    """Reads `$name selection`; None if it names no context, or selects nothing."""
    matched = _VALUE.fullmatch(written) if isinstance(written, str) else None
    return ContextValue(matched[1], matched[2]) if matched else None


def context_setters(types: Mapping[str, TypeShape], local_names: Mapping[str, str]) -> dict[str, list[TypeShape]]:
    """Context -> the types of a subgraph that set it."""
    found: dict[str, list[TypeShape]] = {}
    for shape in types.values():
        for arguments in applications(shape.node, local_names.get("context", "")):
            setters = found.setdefault(str(arguments["name"]), [])
            if shape not in setters:
                setters.append(shape)
    return found


def contextual_arguments(
    field: FieldDefinitionNode, local_names: Mapping[str, str]
) -> Iterator[tuple[InputValueDefinitionNode, ContextValue | None]]:
    """The arguments of a field that are filled from contexts."""
    for argument in field.arguments or ():
        for arguments in applications(argument, local_names.get("fromContext", "")):
            yield argument, read_context_value(arguments.get("field"))
