"""Contexts (`@context`, `@fromContext`): which types set one, and which arguments are filled from one.

A composer qualifies a context's name with its subgraph (`billing__account`), and moves the arguments out of the schema
into `@join__field(contextArguments:)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.federation.supergraph.directives import HasDirectives, LinkNames, applications
from gateway.federation.supergraph.field_set import FieldSet, parse_field_set
from gateway.federation.supergraph.model import ContextArgument


def read_contexts(node: HasDirectives, links: LinkNames) -> frozenset[str]:
    """The contexts that a type sets for what lies below it."""
    return frozenset(str(arguments["name"]) for arguments in applications(node, links.directive("context", "context")))


def read_context_arguments(join_field: Mapping[str, Any]) -> tuple[ContextArgument, ...]:
    """The arguments of a field that one subgraph has filled from contexts."""
    return tuple(
        ContextArgument(
            str(given["name"]), str(given["type"]), str(given["context"]), parse_context_selection(given["selection"])
        )
        for given in join_field.get("contextArguments") or ()
    )


def parse_context_selection(text: str) -> FieldSet:
    """Reads `{ prop }` as well as `... on T { prop } ... on U { other }`. Raises GraphQLSyntaxError."""
    return parse_field_set(f"... {text}" if text.lstrip().startswith("{") else text)
