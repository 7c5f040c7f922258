"""Text -> one operation of a document, valid against the API schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
)

from gateway.federation.errors import ClientError, RequestError
from gateway.federation.operation.limits import DocumentLimits, check_document
from gateway.federation.operation.validate import client_error, validate_document

DEFAULT_LIMITS = DocumentLimits()


@dataclass(frozen=True)
class ParsedOperation:
    """The chosen operation of a document, with the fragments it may spread."""

    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @property
    def kind(self) -> str:
        """`query`, `mutation` or `subscription`."""
        return self.operation.operation.value

    @property
    def name(self) -> str | None:
        return self.operation.name.value if self.operation.name else None


def parse_operation(
    query: str, operation_name: str | None, schema: GraphQLSchema, limits: DocumentLimits = DEFAULT_LIMITS
) -> ParsedOperation:
    """Parses, validates and chooses. Raises `RequestError` with QUERY_TOO_COMPLEX, GRAPHQL_PARSE_FAILED,
    GRAPHQL_VALIDATION_FAILED or OPERATION_RESOLUTION_FAILURE."""
    check_document(query, limits)
    try:
        document = parse(query)
    except GraphQLError as error:
        raise RequestError([client_error(error, "GRAPHQL_PARSE_FAILED")]) from error
    validate_document(schema, document, limits)
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return ParsedOperation(document, _choose(document, operation_name), fragments)


def _choose(document: DocumentNode, operation_name: str | None) -> OperationDefinitionNode:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if operation_name is None:
        if len(operations) == 1:
            return operations[0]
        message = "The document has several operations: say which one with `operationName`."
        if not operations:
            message = "The document has no operation."
        raise RequestError([ClientError(message, "OPERATION_RESOLUTION_FAILURE")])
    for node in operations:
        if node.name is not None and node.name.value == operation_name:
            return node
    raise RequestError(
        [ClientError(f"The document has no operation named {operation_name!r}.", "OPERATION_RESOLUTION_FAILURE")]
    )
