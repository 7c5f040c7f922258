"""The links of the specifications whose directives subgraphs export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from graphql.language import (
    ConstDirectiveNode,
    ConstListValueNode,
)

from gateway.federation.composition.merging.composed_directives import ComposedSpec
from gateway.federation.composition.merging.nodes import directive, link_import, text


def composed_links(specs: Sequence[ComposedSpec], taken: Iterable[str]) -> list[ConstDirectiveNode]:
    """One link a specification, under a name of its own where the specification's would be taken for another."""
    names, numbers, links = set(taken), count(), []
    for spec in specs:
        others = (directive.name for other in specs if other is not spec for directive in other.directives)
        is_taken = spec.name in names or spec.name in {name.partition("__")[0] for name in others}
        own = f"_{next(numbers)}{spec.name}" if is_taken else spec.name
        names.add(own)
        imports = ConstListValueNode(values=tuple(link_import(each.element, each.name) for each in spec.directives))
        arguments = {"url": text(spec.url), "as": text(own) if is_taken else None, "import": imports}
        links.append(directive("link", **arguments))
    return links
