"""REQUIRES_INVALID_FIELDS once more: what a field requires must hold in the whole schema, arguments included."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import parse, validate
from graphql.validation import (
    FieldsOnCorrectTypeRule,
    KnownArgumentNamesRule,
    ProvidedRequiredArgumentsRule,
    ValuesOfCorrectTypeRule,
)

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.supergraph.field_set import in_braces

_RULES = (
    FieldsOnCorrectTypeRule,
    KnownArgumentNamesRule,
    ProvidedRequiredArgumentsRule,
    ValuesOfCorrectTypeRule,
)


def broken_requirements(merged: Merged) -> Iterator[Issue]:
    """Requirements that were right in their subgraph, and are not in the merged schema."""
    schema = merged.whole
    for subgraph in merged.merging.subgraphs:
        for shape in subgraph.types.values():
            for field in shape.fields.values():
                for arguments in subgraph.applied(field, "requires"):
                    document = parse(f"fragment fields on {shape.name} {in_braces(arguments['fields'])}")
                    for error in validate(schema, document, _RULES):
                        message = f"@requires(fields: {arguments['fields']!r}): {error.message} Require what is there."
                        coordinate = f"{shape.name}.{field.name.value}"
                        yield subgraph.issue("REQUIRES_INVALID_FIELDS", message, coordinate, field)
