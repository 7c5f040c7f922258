"""`@shareable`: in Federation 1, what several subgraphs resolve was shared without a word."""

from __future__ import annotations

from typing import Any

from graphql.language import FieldDefinitionNode

from gateway.federation.composition.merging.nodes import directive
from gateway.federation.composition.roots import SUBSCRIPTION
from gateway.federation.composition.shapes import with_parts
from gateway.federation.composition.upgrade.document import NAMES, Document, has


def share_what_others_resolve(document: Document) -> Document:
    """Fields that other subgraphs have too become shareable; never those of subscriptions, whose events are one
    subgraph's. Those of keys are shareable as they are, while the key is: an interface's was dropped by now. A type
    without keys is shared as it is defined, and what extensions add to that is not."""
    shareable = directive(NAMES.local_names["shareable"])

    def change(block: Any, field: FieldDefinitionNode) -> Any:
        type_name = block.name.value
        if document.shapes[type_name].kind != "object" or type_name == SUBSCRIPTION or has(field, "external"):
            return field
        shapes = [other.types[type_name] for other in document.others if type_name in other.types]
        name = (type_name, field.name.value)
        is_left_alone = name in document.keys or (name in document.added and not has(block, "key"))
        if is_left_alone or not any(field.name.value in shape.fields for shape in shapes):
            return field
        return with_parts(field, directives=(*(field.directives or ()), shareable))

    return document.with_fields(change)
