"""Extensions: Federation 1 wrote `extend type` where Federation 2 writes `type`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql.language import TypeExtensionNode

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.roots import ROOTS
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.composition.upgrade.document import Document


def without_base(subgraph: Subgraph, others: Sequence[Subgraph]) -> Iterator[Issue]:
    """EXTENSION_WITH_NO_BASE: types that are extended here, and that no subgraph defines."""
    for shape in subgraph.types.values():
        everywhere = [shape, *(other.types[shape.name] for other in others if shape.name in other.types)]
        if shape.name not in ROOTS.values() and _is_extension(shape) and all(map(_is_extension, everywhere)):
            message = "It is extended, and no subgraph defines it: write one of the extensions without `extend`."
            yield subgraph.issue("EXTENSION_WITH_NO_BASE", message, shape.name, shape.node)


def _is_extension(shape: TypeShape) -> bool:
    return shape.extends or all(isinstance(block, TypeExtensionNode) for block in shape.blocks)


def extensions_become_definitions(document: Document) -> Document:
    """Types that are only extended, each in one piece, and that a definition. Extensions of what is defined beside them
    remain."""
    return document.with_blocks(
        block
        for shape in document.shapes.values()
        for block in ([shape.node] if _is_extension(shape) else shape.blocks)
    )
