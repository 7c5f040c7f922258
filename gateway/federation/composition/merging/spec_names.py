"""What @tag, @inaccessible and @context are called in the supergraph: LINK_IMPORT_NAME_MISMATCH where subgraphs
disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.federation.composition.elements import elements
from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.subgraph import Subgraph

MERGED_SPECS = ("tag", "inaccessible", "context")


@dataclass(frozen=True, slots=True)
class SpecNames:
    """`local_names` has every merged specification; `used` those that some subgraph applies."""

    local_names: Mapping[str, str]
    used: frozenset[str]
    issues: tuple[Issue, ...]


def read_spec_names(subgraphs: Sequence[Subgraph]) -> SpecNames:
    """The names under which the subgraphs apply the directives that the supergraph keeps."""
    names: dict[str, str] = {}
    issues: list[Issue] = []
    for spec in MERGED_SPECS:
        found = dict(_names_in_use(subgraphs, spec))
        names[spec] = next(iter(found.values()), spec)
        if len(set(found.values())) > 1:
            written = ", ".join(f"@{local} in {subgraph}" for subgraph, local in found.items())
            message = f"@{spec} has several names: {written}. Import it under one."
            issues.append(Issue("LINK_IMPORT_NAME_MISMATCH", message, None, tuple(map(Place, found))))
    used = frozenset(spec for spec in MERGED_SPECS if any(True for _ in _names_in_use(subgraphs, spec)))
    return SpecNames(names, used, tuple(issues))


def _names_in_use(subgraphs: Sequence[Subgraph], spec: str) -> Iterator[tuple[str, str]]:
    for subgraph in subgraphs:
        if any(subgraph.has(node, spec) for _, node in elements(subgraph)):
            yield subgraph.name, subgraph.local_names[spec]
