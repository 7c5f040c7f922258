"""The merged schema as a whole: the rules, in the order they report. A rule is a file; it reports, changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.federation.composition.checks.access import missing_access
from gateway.federation.composition.checks.composed_directives import wrong_composed_directives
from gateway.federation.composition.checks.costs import costs_of_interfaces
from gateway.federation.composition.checks.inaccessible import wrong_inaccessible
from gateway.federation.composition.checks.interface_fields import missing_interface_fields
from gateway.federation.composition.checks.interface_objects import misused_interface_objects
from gateway.federation.composition.checks.merged_schema import broken_schema
from gateway.federation.composition.checks.queries import no_queries
from gateway.federation.composition.checks.requirements import broken_requirements
from gateway.federation.composition.checks.sharing import wrong_sharing
from gateway.federation.composition.checks.spec_types import taken_type_names
from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.merge import Merged

Check = Callable[[Merged], Iterator[Issue]]

OF_SUBGRAPHS: tuple[Check, ...] = (no_queries, wrong_sharing, misused_interface_objects)
OF_FIELDS: tuple[Check, ...] = (taken_type_names, missing_interface_fields, missing_access)
OF_GRAPHQL: tuple[Check, ...] = (broken_schema, costs_of_interfaces)
OF_SCHEMA: tuple[Check, ...] = (broken_requirements, wrong_composed_directives, wrong_inaccessible)


def check(merged: Merged) -> Iterator[Issue]:
    """What is wrong between the subgraphs; if nothing is, what is wrong with the schema that they make."""
    for stage in (OF_SUBGRAPHS, OF_FIELDS, OF_GRAPHQL, OF_SCHEMA):
        found = [issue for rule in stage for issue in rule(merged)]
        yield from found
        if found or merged.merging.issues:
            return
