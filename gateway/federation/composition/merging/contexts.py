"""Contexts in the supergraph: their names have their subgraph's before them, and arguments that are filled from one are
no longer the clients' to give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql.language import (
    ConstListValueNode,
    FieldDefinitionNode,
)

from gateway.federation.composition.contexts import contextual_arguments
from gateway.federation.composition.merging.context import Directives, Merging, Sourced
from gateway.federation.composition.merging.nodes import directive, record, text
from gateway.federation.composition.shapes import is_required, with_parts
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.supergraph.type_text import type_text

_CODE = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"


def join_contexts(merging: Merging, sources: Sequence[Sourced]) -> Directives:
    """`@context`: one a subgraph and context that the type sets there."""
    names = dict.fromkeys(
        f"{subgraph.name}__{arguments['name']}"
        for subgraph, node in sources
        for arguments in subgraph.applied(node, "context")
    )
    return tuple(directive(merging.local_names["context"], name=text(known)) for known in names)


def context_arguments(subgraph: Subgraph, field: FieldDefinitionNode) -> ConstListValueNode | None:
    """The `contextArguments` of `@join__field`; None if no argument is filled from a context."""
    written = tuple(
        record(
            context=text(f"{subgraph.name}__{value.context}"),
            name=text(argument.name.value),
            type=text(type_text(argument.type)),
            selection=text(value.selection),
        )
        for argument, value in contextual_arguments(field, subgraph.local_names)
        if value is not None
    )
    return ConstListValueNode(values=written) if written else None


def without_contextual(merging: Merging, coordinate: str, sources: Sequence[Sourced]) -> list[Sourced]:
    """The declarations of a field less the arguments that some subgraph has filled from a context."""
    contextual = dict.fromkeys(argument for subgraph, node in sources for argument in _contextual(subgraph, node))
    for argument_name in contextual:
        _report_plain(merging, f"{coordinate}({argument_name}:)", argument_name, sources)
    return [(subgraph, _without(node, contextual)) for subgraph, node in sources] if contextual else list(sources)


def _contextual(subgraph: Subgraph, field: FieldDefinitionNode) -> Iterator[str]:
    return (argument.name.value for argument, _ in contextual_arguments(field, subgraph.local_names))


def _without(field: FieldDefinitionNode, names: dict[str, None]) -> FieldDefinitionNode:
    kept = tuple(argument for argument in field.arguments or () if argument.name.value not in names)
    changed: FieldDefinitionNode = with_parts(field, arguments=kept)
    return changed


def _report_plain(merging: Merging, coordinate: str, argument_name: str, sources: Sequence[Sourced]) -> None:
    """What the gateway fills for one subgraph alone, it gives to no other."""
    plain = [
        (subgraph, argument)
        for subgraph, node in sources
        for argument in node.arguments or ()
        if argument.name.value == argument_name and not subgraph.has(argument, "fromContext")
    ]
    filled = ", ".join(subgraph.name for subgraph, node in sources if argument_name in _contextual(subgraph, node))
    if required := [(subgraph, node) for subgraph, node in plain if is_required(node)]:
        message = (
            f"{filled} has the argument filled from a context, so that clients do not give it, and "
            f"{', '.join(subgraph.name for subgraph, _ in required)} cannot do without: add @fromContext there, or "
            "make it optional."
        )
        merging.report(_CODE, message, coordinate, required)
        return
    for subgraph, argument in plain:
        message = (
            f"{filled} has the argument filled from a context, so that clients do not give it, and {subgraph.name} is "
            "never sent it: add @fromContext there, or remove the argument."
        )
        merging.hint(_CODE, message, coordinate, [(subgraph, argument)])
