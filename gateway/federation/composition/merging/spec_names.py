"""What the directives that the supergraph keeps are called there: LINK_IMPORT_NAME_MISMATCH if subgraphs disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.federation.composition.elements import elements
from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.merging.kept_directives import OF_GRAPHQL, SPECIFICATIONS
from gateway.federation.composition.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class SpecNames:
    """`local_names` has every directive that the supergraph keeps; `applied` those that some subgraph applies."""

    local_names: Mapping[str, str]
    applied: frozenset[str]
    issues: tuple[Issue, ...]


def read_spec_names(subgraphs: Sequence[Subgraph]) -> SpecNames:
    """The names under which the subgraphs apply the directives that the supergraph keeps."""
    written = {subgraph.name: _written(subgraph) for subgraph in subgraphs}
    names: dict[str, str] = {}
    applied = {kept.name for kept in OF_GRAPHQL if any(kept.name in known for known in written.values())}
    issues: list[Issue] = []
    for spec, directive in ((known, name) for known in SPECIFICATIONS for name in known.directives):
        known = {subgraph.name: subgraph.local_names.get(directive, "") for subgraph in subgraphs}
        found = {subgraph: local for subgraph, local in known.items() if local in written[subgraph]}
        names[directive] = next(iter(found.values()), spec.default_name(directive))
        applied |= {directive} if found else set()
        if len(set(found.values())) > 1:
            places = tuple(map(Place, found))
            told = ", ".join(f"@{local} in {subgraph}" for subgraph, local in found.items())
            message = f"@{directive} has several names: {told}. Import it under one."
            issues.append(Issue("LINK_IMPORT_NAME_MISMATCH", message, None, places))
    return SpecNames(names, frozenset(applied), tuple(issues))


def _written(subgraph: Subgraph) -> set[str]:
    """The names of all the directives that a subgraph applies."""
    return {applied.name.value for _, node in elements(subgraph) for applied in node.directives or ()}
