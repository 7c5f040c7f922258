"""`@requires`: REQUIRES_INVALID_FIELDS and its kin, REQUIRES_FIELDS_MISSING_EXTERNAL."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.validation.external_leaves import missing_external
from gateway.federation.composition.validation.field_sets import check_field_set, field_sets


def wrong_requires(subgraph: Subgraph) -> Iterator[Issue]:
    """Requirements of what is not there, or of what the subgraph has itself."""
    for shape in subgraph.types.values():
        for name, field in shape.fields.items():
            for given in field_sets(subgraph, "requires", field, f"{shape.name}.{name}", shape.name):
                if shape.kind == "interface":
                    yield given.issue("UNSUPPORTED_ON_INTERFACE", "write it on the fields of the implementing types.")
                yield from check_field_set(given, lambda leaf: missing_external(subgraph, leaf, "requires"))
