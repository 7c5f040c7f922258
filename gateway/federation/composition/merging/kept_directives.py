"""The directives of specifications that the supergraph keeps: a row a directive, and a row a specification that has
them there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from graphql import DEFAULT_DEPRECATION_REASON

from gateway.federation.composition.merging.strategies import Strategy, all_required, all_true, greatest, united


@dataclass(frozen=True, slots=True)
class KeptDirective:
    """`strategies` says how each argument is combined; a directive without them is kept in every form it has, if it is
    repeatable, or else in the commonest one."""

    name: str
    strategies: Mapping[str, Strategy] = field(default_factory=lambda: MappingProxyType({}))
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    is_repeatable: bool = False
    flows: bool = False
    """Does what it demands of an implementer hold for the interface, and what it demands of an `@interfaceObject`
    field for the implementers?"""


OF_SPECIFICATIONS = (
    KeptDirective("tag", is_repeatable=True),
    KeptDirective("inaccessible"),
    KeptDirective("authenticated", flows=True),
    KeptDirective("requiresScopes", {"scopes": all_required}, flows=True),
    KeptDirective("policy", {"policies": all_required}, flows=True),
    KeptDirective("cost", {"weight": greatest}),
    KeptDirective(
        "listSize",
        {
            "assumedSize": greatest,
            "slicingArguments": united,
            "sizedFields": united,
            "requireOneSlicingArgument": all_true,
        },
        {"requireOneSlicingArgument": True},
    ),
)

OF_GRAPHQL = (
    KeptDirective("deprecated", defaults={"reason": DEFAULT_DEPRECATION_REASON}),
    KeptDirective("specifiedBy"),
)
"""GraphQL's own directives that say something of an element."""

KEPT = (*OF_SPECIFICATIONS, *OF_GRAPHQL)
ACCESS = tuple(kept for kept in OF_SPECIFICATIONS if kept.flows)
"""Those that say who may see an element."""


@dataclass(frozen=True, slots=True)
class KeptSpecification:
    """A specification that a supergraph links for the directives that it keeps."""

    name: str
    version: str
    directives: tuple[str, ...]
    types: tuple[str, ...] = ()
    purpose: Literal["SECURITY", "EXECUTION"] | None = None
    is_passed_on: bool = False
    """Does the supergraph have its directives as `@join__directive` alone, for the router?"""

    def default_name(self, directive: str) -> str:
        """What a directive of it is called where it is not imported."""
        return directive if directive == self.name else f"{self.name}__{directive}"


SPECIFICATIONS = (
    KeptSpecification("tag", "v0.3", ("tag",)),
    KeptSpecification("inaccessible", "v0.2", ("inaccessible",), purpose="SECURITY"),
    KeptSpecification("authenticated", "v0.1", ("authenticated",), purpose="SECURITY"),
    KeptSpecification("requiresScopes", "v0.1", ("requiresScopes",), ("Scope",), purpose="SECURITY"),
    KeptSpecification("policy", "v0.1", ("policy",), ("Policy",), purpose="SECURITY"),
    KeptSpecification("cost", "v0.1", ("cost", "listSize")),
    KeptSpecification("cacheTag", "v0.1", ("cacheTag",), purpose="EXECUTION", is_passed_on=True),
    KeptSpecification("context", "v0.1", ("context",), purpose="SECURITY"),
)
