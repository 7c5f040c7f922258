"""The merged schema as graphql-core has it."""

from __future__ import annotations

from graphql import DocumentNode, GraphQLSchema, build_ast_schema

from gateway.federation.composition.merging.merge import Merged


def merged_document(merged: Merged) -> DocumentNode:
    """The merged types, directives and schema, without the machinery's definitions."""
    return DocumentNode(definitions=(merged.schema, *merged.directives, *merged.types.values()))


def whole_schema(merged: Merged) -> GraphQLSchema:
    """Everything, the inaccessible too; not validated."""
    return build_ast_schema(merged_document(merged), assume_valid=True, assume_valid_sdl=True)
