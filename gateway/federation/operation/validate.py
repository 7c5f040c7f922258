"""Validation against the API schema, in a bounded number of steps.

Two of the specification's rules cost more than the document is long. Fields in one selection set that share a response
key are compared pair by pair, and so are fragments (FieldsInSetCanMerge): that is counted while it is done. And each
operation is held against every fragment that it reaches, so a document may hold only so many operations.
"""

from __future__ import annotations

from dataclasses import replace

from graphql import DirectiveNode, DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, validate
from graphql.validation import ASTValidationRule, OverlappingFieldsCanBeMergedRule, ValidationContext, specified_rules
from graphql.validation.validate import ValidationAbortedError

from gateway.federation.errors import ClientError, RequestError
from gateway.federation.operation.limits import DocumentLimits, too_complex

MAX_VALIDATION_ERRORS = 50
INCREMENTAL = frozenset({"defer", "stream"})
"""Directives of incremental delivery, which no release of the GraphQL specification has yet."""


def validate_document(schema: GraphQLSchema, document: DocumentNode, limits: DocumentLimits) -> None:
    """Raises `RequestError`: GRAPHQL_VALIDATION_FAILED, UNSUPPORTED_DIRECTIVE for incremental delivery, or
    QUERY_TOO_COMPLEX past a bound."""
    operations = sum(isinstance(node, OperationDefinitionNode) for node in document.definitions)
    if operations > limits.operations:
        raise too_complex(f"The document has more than {limits.operations} operations.")
    errors = validate(schema, document, _rules(limits.comparisons), MAX_VALIDATION_ERRORS)
    if _gave_up(errors):
        raise too_complex("The document's fragments nest too deeply, or it repeats a field too often.")
    if errors:
        raise RequestError(
            [_unsupported(error) or client_error(error, "GRAPHQL_VALIDATION_FAILED") for error in errors]
        )


def client_error(error: GraphQLError, code: str) -> ClientError:
    """What a client is told of an error in its document."""
    locations = tuple((location.line, location.column) for location in error.locations or ())
    return ClientError(error.message, code, locations=locations)


def _unsupported(error: GraphQLError) -> ClientError | None:
    """What a client is told of a directive that other servers have, if the error is about one."""
    for node in error.nodes or ():
        if isinstance(node, DirectiveNode) and node.name.value in INCREMENTAL:
            said = client_error(error, "UNSUPPORTED_DIRECTIVE")
            return replace(said, message=f"@{node.name.value} is not served: answers come whole. Send without it.")
    return None


def _rules(comparisons: int) -> list[type[ASTValidationRule]]:
    class MergeableFields(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = comparisons

    return [MergeableFields if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules]


def _gave_up(errors: list[GraphQLError]) -> bool:
    """Was validation ended for another reason than the number of errors?"""
    return bool(errors) and isinstance(errors[-1], ValidationAbortedError) and len(errors) <= MAX_VALIDATION_ERRORS
