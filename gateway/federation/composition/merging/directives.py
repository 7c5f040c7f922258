"""The directives that a supergraph defines: those of operations that every subgraph defines, for the places that all
agree on, and those that subgraphs export.

Other directives of type systems are each subgraph's own, and stay there.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql.language import DirectiveDefinitionNode

from gateway.federation.composition.merging.composed_directives import ComposedDirective
from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.merging.descriptions import merge_description
from gateway.federation.composition.merging.inputs import merge_arguments
from gateway.federation.composition.merging.nodes import name
from gateway.federation.composition.wording import grouped
from gateway.federation.supergraph.directives import EXECUTABLE

_OF_EVERY_GATEWAY = ("defer", "stream")


def merge_directives(merging: Merging) -> Iterator[DirectiveDefinitionNode]:
    """The executable directives that all subgraphs define, and the exported ones."""
    composed = {directive.name: directive for directive in merging.composed}
    for directive_name in sorted({known for subgraph in merging.subgraphs for known in subgraph.directives}):
        if directive_name in composed:
            yield _exported(merging, composed[directive_name])
        elif directive_name not in _OF_EVERY_GATEWAY:
            yield from _executable(merging, directive_name)


def _exported(merging: Merging, composed: ComposedDirective) -> DirectiveDefinitionNode:
    definition = composed.definition
    return DirectiveDefinitionNode(
        description=definition.description,
        name=name(composed.name),
        arguments=merge_arguments(merging, f"@{composed.name}", [(composed.defined_in, definition)]),
        repeatable=definition.repeatable,
        locations=definition.locations,
    )


def _executable(merging: Merging, directive_name: str) -> Iterator[DirectiveDefinitionNode]:
    sources = [
        (subgraph, subgraph.directives[directive_name])
        for subgraph in merging.subgraphs
        if directive_name in subgraph.directives
    ]
    common = _common_locations(merging, directive_name, sources)
    if not common:
        return
    coordinate = f"@{directive_name}"
    repeatable = all(node.repeatable for _, node in sources)
    if not repeatable and any(node.repeatable for _, node in sources):
        written = grouped(
            [(subgraph, "repeatable" if node.repeatable else "not repeatable") for subgraph, node in sources]
        )
        message = f"It is {written}; the supergraph has it as not repeatable. Define it alike everywhere."
        merging.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE", message, coordinate, sources)
    if any(_locations(source) != common for source in sources):
        message = f"It is for {_told(sources)}; the supergraph has it for {_list(common)}. Define it alike everywhere."
        merging.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS", message, coordinate, sources)
    yield DirectiveDefinitionNode(
        description=merge_description(merging, coordinate, sources),
        name=name(directive_name),
        arguments=merge_arguments(merging, coordinate, sources),
        repeatable=repeatable,
        locations=tuple(map(name, common)),
    )


def _common_locations(merging: Merging, directive_name: str, sources: list[Sourced]) -> list[str]:
    """The places in operations where every subgraph has the directive; hints at why there is none."""
    coordinate, common = f"@{directive_name}", [place.name for place in EXECUTABLE]
    if not any(map(_locations, sources)):
        return []
    for number, subgraph in enumerate(merging.subgraphs):
        if directive_name not in subgraph.directives:
            message = (
                f"{subgraph.name} does not define the directive, so the supergraph does without: define it in every "
                "subgraph, if clients are to use it."
            )
            merging.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", message, coordinate, sources)
            return []
        common = [place for place in common if place in _locations((subgraph, subgraph.directives[directive_name]))]
        if number and not common:
            message = f"It is for {_told(sources)}, so for no place in all of them: the supergraph does without it."
            merging.hint("NO_EXECUTABLE_DIRECTIVE_INTERSECTION", message, coordinate, sources)
            return []
    return common


def _locations(source: Sourced) -> list[str]:
    written = {location.value for location in source[1].locations}
    return [place.name for place in EXECUTABLE if place.name in written]


def _told(sources: list[Sourced]) -> str:
    return grouped([(source[0], _list(_locations(source)) or "no operation") for source in sources])


def _list(locations: list[str]) -> str:
    return ", ".join(locations)
