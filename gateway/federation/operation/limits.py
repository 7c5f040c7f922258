"""Bounds on a document that are checked before it is parsed.

Parser, validator and planner recurse with the document, so its nesting and size are counted first, on the tokens, which
needs neither recursion nor a tree. What multiplies is bounded later: comparisons of fields while validating, and
fragments by the planner's budget of work.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLSyntaxError, Lexer, Source, TokenKind

from gateway.federation.errors import ClientError, RequestError

_OPENING = frozenset({TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L})
_CLOSING = frozenset({TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R})


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """`tokens`: lexical tokens, comments not counted; `depth`: how deep braces, brackets and parentheses may nest;
    `aliases`: of all fields together, since each could be the same costly field again; `operations`: of the document;
    `comparisons`: steps that the search for fields in conflict may cost, two for each pair of fields with one response
    key, one for each pair of fragments."""

    tokens: int = 20_000
    depth: int = 100
    aliases: int = 500
    operations: int = 50
    comparisons: int = 50_000


def check_document(text: str, limits: DocumentLimits) -> None:
    """Raises `RequestError`: QUERY_TOO_COMPLEX past a bound, GRAPHQL_PARSE_FAILED for what is no GraphQL at all."""
    try:
        _count(Lexer(Source(text)), limits)
    except GraphQLSyntaxError as error:
        locations = tuple((location.line, location.column) for location in error.locations or ())
        raise RequestError([ClientError(error.message, "GRAPHQL_PARSE_FAILED", locations=locations)]) from error


def _count(lexer: Lexer, limits: DocumentLimits) -> None:
    tokens = depth = parentheses = aliases = 0
    while (kind := lexer.advance().kind) is not TokenKind.EOF:
        tokens += 1
        depth += (kind in _OPENING) - (kind in _CLOSING)
        parentheses += (kind is TokenKind.PAREN_L) - (kind is TokenKind.PAREN_R)
        aliases += kind is TokenKind.COLON and parentheses == 0  # arguments and variables stand in parentheses
        if tokens > limits.tokens:
            raise too_complex(f"The document has more than {limits.tokens} tokens.")
        if depth > limits.depth:
            raise too_complex(f"The document nests deeper than {limits.depth}.")
        if aliases > limits.aliases:
            raise too_complex(f"The document has more than {limits.aliases} aliases.")


def too_complex(message: str, advice: str = "Ask for less, or in several operations.") -> RequestError:
    """The refusal of an operation past a bound."""
    return RequestError([ClientError(f"{message} {advice}", "QUERY_TOO_COMPLEX")])
