"""The links of the specifications whose directives subgraphs export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from graphql.language import (
    ConstDirectiveNode,
    ConstListValueNode,
    ConstObjectFieldNode,
    ConstObjectValueNode,
    ConstValueNode,
)

from gateway.federation.composition.merging.composed_directives import ComposedDirective, ComposedSpec
from gateway.federation.composition.merging.nodes import directive, name, text


def composed_links(specs: Sequence[ComposedSpec], taken: Iterable[str]) -> list[ConstDirectiveNode]:
    """One link a specification, under a name of its own where another has the specification's already."""
    names = set(taken)
    links = []
    for spec in specs:
        own = next(name for name in _names(spec.name) if name not in names)
        names.add(own)
        imports = ConstListValueNode(values=tuple(map(_import, spec.directives)))
        arguments = {"url": text(spec.url), "as": text(own) if own != spec.name else None, "import": imports}
        links.append(directive("link", **arguments))
    return links


def _names(spec: str) -> Iterator[str]:
    yield spec
    yield from (f"_{number}{spec}" for number in count())


def _import(composed: ComposedDirective) -> ConstValueNode:
    element = text(f"@{composed.element}")
    if composed.element == composed.name:
        return element
    fields = (("name", element), ("as", text(f"@{composed.name}")))
    return ConstObjectValueNode(
        fields=tuple(ConstObjectFieldNode(name=name(key), value=value) for key, value in fields)
    )
