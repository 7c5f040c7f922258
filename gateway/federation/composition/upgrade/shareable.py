"""`@shareable`: in Federation 1, what several subgraphs resolve was shared without a word."""

from __future__ import annotations

from typing import Any

from graphql.language import FieldDefinitionNode, TypeExtensionNode

from gateway.federation.composition.merging.nodes import directive
from gateway.federation.composition.roots import ROOTS, SUBSCRIPTION
from gateway.federation.composition.shapes import with_parts
from gateway.federation.composition.upgrade.document import NAMES, Document, has


def share_what_others_resolve(document: Document) -> Document:
    """Fields that other subgraphs have too become shareable; never those of subscriptions, whose events are one
    subgraph's. Those of keys are shareable as they are, while the key is: an interface's was dropped by now. A type
    without keys is shared as its definition has it, without what extensions add."""
    shareable = directive(NAMES.local_names["shareable"])

    def change(block: Any, field: FieldDefinitionNode) -> Any:
        if not _is_shared(document, block, field):
            return field
        return with_parts(field, directives=(*(field.directives or ()), shareable))

    return document.with_fields(change)


def _is_shared(document: Document, block: Any, field: FieldDefinitionNode) -> bool:
    type_name, name = block.name.value, field.name.value
    shape = document.shapes[type_name]
    if shape.kind != "object" or type_name == SUBSCRIPTION or has(field, "external"):
        return False
    if (type_name, name) in document.keys:
        return False
    is_value = type_name not in ROOTS.values() and not has(shape.node, "key")
    if is_value and isinstance(block, TypeExtensionNode):
        return False
    return any(name in other.types[type_name].fields for other in document.others if type_name in other.types)
