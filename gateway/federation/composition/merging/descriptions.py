"""Descriptions: of those that the subgraphs give an element the commonest; INCONSISTENT_DESCRIPTION if they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from graphql.language import StringValueNode

from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.wording import named

_SHOWN = 60
"""Characters of a description that a hint shows."""


def merge_description(merging: Merging, coordinate: str | None, sources: Sequence[Sourced]) -> StringValueNode | None:
    """The commonest description of an element, of equals the first; an empty one is none."""
    described = [(subgraph, node) for subgraph, node in sources if node.description and node.description.value]
    counted = Counter(node.description.value for _, node in described)
    if not counted:
        return None
    kept = max(counted, key=lambda value: counted[value])
    if len(counted) > 1:
        _hint_at_others(merging, coordinate, kept, described)
    return StringValueNode(value=kept, block=True)


def _hint_at_others(merging: Merging, coordinate: str | None, kept: str, described: Sequence[Sourced]) -> None:
    texts = dict.fromkeys([kept, *(node.description.value for _, node in described)])
    written = ", ".join(
        f"{_shortened(text)} in {named(subgraph for subgraph, node in described if node.description.value == text)}"
        for text in texts
    )
    message = f"Its descriptions differ: {written}. The supergraph has the first of these; write one everywhere."
    merging.hint("INCONSISTENT_DESCRIPTION", message, coordinate, described)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= _SHOWN else f'"{line[:_SHOWN].rstrip()}…"'
