"""The merged schema -> supergraph SDL, one text for one schema: definitions in order, each of them laid out one way."""

from __future__ import annotations

from typing import Any

from graphql import print_ast
from graphql.language import DirectiveDefinitionNode, SchemaDefinitionNode

from gateway.federation.composition.merging.merge import Merged
from gateway.federation.composition.printing.composed_links import composed_links
from gateway.federation.composition.printing.specs import spec_definitions, spec_links, used_specifications
from gateway.federation.composition.shapes import with_parts

_KEYWORDS = {
    "object_type_definition": "type",
    "interface_type_definition": "interface",
    "union_type_definition": "union",
    "enum_type_definition": "enum",
    "input_object_type_definition": "input",
    "scalar_type_definition": "scalar",
}


def print_supergraph(merged: Merged) -> str:
    """The schema, then directives, then types, by name."""
    merging = merged.merging
    specs = spec_definitions(merged.version, merged.spec_names, merging.subgraphs, merging.graphs)
    directives = [*merged.directives, *(node for node in specs if isinstance(node, DirectiveDefinitionNode))]
    known_types = {node.name.value: node for node in specs if not isinstance(node, DirectiveDefinitionNode)}
    types = known_types | merged.types
    links = spec_links(merged.version, merged.spec_names)
    known = ("link", "join", *(spec.name for spec in used_specifications(merged.spec_names)))
    links += composed_links(merged.composed.specs, known)
    schema = with_parts(merged.schema, directives=(*links, *(merged.schema.directives or ())))
    blocks = [
        _print_schema(schema),
        *map(print_ast, sorted(directives, key=lambda node: _order(node.name.value))),
        *(_print_type(types[name]) for name in sorted(types, key=_order)),
    ]
    return "\n\n".join(blocks) + "\n"


def _order(name: str) -> tuple[list[tuple[int, str]], list[bool]]:
    """As dictionaries order words: `_x a aB Ab B`. Letters first decide without their case, small before capital."""
    plain = [(0 if letter == "_" else 1, letter.lower()) for letter in name]
    return plain, [letter.isupper() for letter in name]


def _print_schema(node: SchemaDefinitionNode) -> str:
    operations = "\n".join(f"  {print_ast(operation)}" for operation in node.operation_types)
    return f"{_description(node)}schema{_directives(node)}\n{{\n{operations}\n}}"


def _print_type(node: Any) -> str:
    head = f"{_description(node)}{_KEYWORDS[node.kind]} {node.name.value}"
    if interfaces := getattr(node, "interfaces", None):
        head += " implements " + " & ".join(interface.name.value for interface in interfaces)
    head += _directives(node)
    if members := getattr(node, "types", None):
        return f"{head}\n  = " + " | ".join(member.name.value for member in members)
    children = getattr(node, "fields", None) or getattr(node, "values", None)
    if not children:
        return head
    body = "\n".join("  " + print_ast(child).replace("\n", "\n  ") for child in children)
    return f"{head}\n{{\n{body}\n}}"


def _description(node: Any) -> str:
    return f"{print_ast(node.description)}\n" if node.description else ""


def _directives(node: Any) -> str:
    return "".join(f"\n  {print_ast(applied)}" for applied in node.directives or ())
