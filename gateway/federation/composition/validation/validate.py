"""Each subgraph by itself: the rules, in the order they report. A rule is a file; it reports and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.validation.access import wrong_access
from gateway.federation.composition.validation.argument_values import wrong_argument_values
from gateway.federation.composition.validation.contexts import wrong_contexts
from gateway.federation.composition.validation.costs import wrong_costs
from gateway.federation.composition.validation.external import wrong_external
from gateway.federation.composition.validation.interface_keys import wrong_interface_keys
from gateway.federation.composition.validation.interface_objects import wrong_interface_objects
from gateway.federation.composition.validation.keys import wrong_keys
from gateway.federation.composition.validation.one_of import wrong_one_of
from gateway.federation.composition.validation.provides import wrong_provides
from gateway.federation.composition.validation.requires import wrong_requires
from gateway.federation.composition.validation.shareable import wrong_shareable

Rule = Callable[[Subgraph], Iterator[Issue]]

RULES: tuple[Rule, ...] = (
    wrong_one_of,
    wrong_argument_values,
    wrong_keys,
    wrong_requires,
    wrong_provides,
    wrong_external,
    wrong_shareable,
    wrong_interface_keys,
    wrong_interface_objects,
    wrong_contexts,
    wrong_access,
    wrong_costs,
)


def validate(subgraphs: Iterable[Subgraph]) -> Iterator[Issue]:
    """What each subgraph does wrong whatever the others say."""
    for subgraph in subgraphs:
        for rule in RULES:
            yield from rule(subgraph)
