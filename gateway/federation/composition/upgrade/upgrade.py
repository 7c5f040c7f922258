"""Subgraphs of Federation 1 -> what they mean in Federation 2: the steps, in order. A step is a file or a function of
one; each gives a new document, and sees the other subgraphs as they were read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from gateway.federation.composition.assemble import assemble
from gateway.federation.composition.definition_rules import wrong_definitions
from gateway.federation.composition.errors import CompositionError, Issue, refuse_any
from gateway.federation.composition.federation_spec import FEDERATION_1
from gateway.federation.composition.spec_definitions import spec_definitions
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.upgrade.document import NAMES, Document, document_of
from gateway.federation.composition.upgrade.extensions import extensions_become_definitions, without_base
from gateway.federation.composition.upgrade.external import drop_meaningless_externals, drop_unused_externals
from gateway.federation.composition.upgrade.field_sets import field_sets_become_strings, prune_field_sets
from gateway.federation.composition.upgrade.misplaced import drop_misplaced_directives, keys_that_interface_objects_need
from gateway.federation.composition.upgrade.shareable import share_what_others_resolve
from gateway.federation.composition.upgrade.tags import drop_tags_of_externals

Step = Callable[[Document], Document]

STEPS: tuple[Step, ...] = (
    field_sets_become_strings,
    drop_meaningless_externals,
    prune_field_sets,
    extensions_become_definitions,
    drop_misplaced_directives,
    drop_unused_externals,
    share_what_others_resolve,
    drop_tags_of_externals,
)


def upgrade(subgraphs: Sequence[Subgraph], unread: Iterable[Issue] = ()) -> tuple[list[Subgraph], list[Issue]]:
    """The subgraphs, all of Federation 2, and why others could not be read or upgraded.

    What one of Federation 1 means depends on the others, so it is left out if some could not be read.
    """
    upgraded: list[Subgraph] = []
    issues = list(unread)
    are_all_here = not issues
    for subgraph in subgraphs:
        if subgraph.version > FEDERATION_1:
            upgraded.append(subgraph)
        elif are_all_here:
            try:
                upgraded.append(_upgrade(subgraph, [other for other in subgraphs if other is not subgraph]))
            except CompositionError as error:
                issues += error.issues
    return upgraded, issues


def _upgrade(subgraph: Subgraph, others: Sequence[Subgraph]) -> Subgraph:
    refuse_any([*without_base(subgraph, others), *keys_that_interface_objects_need(subgraph, others)])
    document = document_of(subgraph, others)
    for step in STEPS:
        document = step(document)
    # A subgraph that links nothing may mean what it likes by @link.
    links = replace(
        NAMES, has_link=any(applied.name.value == "link" for applied in subgraph.schema_node.directives or ())
    )
    known = spec_definitions(links)
    copies = [node for name, node in subgraph.directives.items() if (True, name) in known]
    refuse_any(wrong_definitions(subgraph.name, copies, known))
    own = {name: node for name, node in subgraph.directives.items() if (True, name) not in known}
    return assemble(subgraph.name, subgraph.url, links, known, subgraph.schema_node, document.shapes, own, copies)
