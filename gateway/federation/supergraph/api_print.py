"""The API schema as text, for clients' code generators: SDL, or the answer to the standard introspection query.

Both are canonical: directives and types by name, and the parts of each in the order in which its authors wrote them.
"""

from __future__ import annotations

from typing import Any

from graphql import GraphQLSchema, introspection_from_schema, print_schema


def api_sdl(schema: GraphQLSchema) -> str:
    """The schema's SDL. Descriptions, deprecations, `@specifiedBy`, `@oneOf` and the schema's own directives are in
    it."""
    return print_schema(_ordered(schema)) + "\n"


def api_introspection(schema: GraphQLSchema) -> dict[str, Any]:
    """`{"__schema": …}`, with all that introspection tells."""
    return dict(introspection_from_schema(_ordered(schema)))


def _ordered(schema: GraphQLSchema) -> GraphQLSchema:
    kwargs = schema.to_kwargs()
    kwargs["types"] = tuple(sorted(schema.type_map.values(), key=lambda type_: type_.name))
    kwargs["directives"] = tuple(sorted(schema.directives, key=lambda directive: directive.name))
    return GraphQLSchema(**kwargs)
