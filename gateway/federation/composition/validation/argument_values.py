"""INVALID_GRAPHQL: constants that do not fit their types, which graphql-core leaves unchecked in schemas.

The field sets are left to rules of their own, which have codes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLDirective, Undefined, coerce_input_literal, type_from_ast
from graphql.language import ConstDirectiveNode, InputValueDefinitionNode
from graphql.type import GraphQLInputType

from gateway.federation.composition.elements import elements
from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph


def wrong_argument_values(subgraph: Subgraph) -> Iterator[Issue]:
    """Defaults and arguments of directives whose value is not of the declared type."""
    definitions = {directive.name: directive for directive in subgraph.schema.directives}
    for coordinate, node in elements(subgraph):
        if isinstance(node, InputValueDefinitionNode) and _is_wrong_default(subgraph, node):
            message = f"The default is no value of type {_declared(subgraph, node)}: mend the one or the other."
            yield subgraph.issue("INVALID_GRAPHQL", message, coordinate, node)
        for applied in node.directives or ():
            for argument in _wrong_arguments(applied, definitions.get(applied.name.value)):
                message = f"The argument {argument} of @{applied.name.value} is not of its type: mend its value."
                yield subgraph.issue("INVALID_GRAPHQL", message, coordinate or None, applied)


def _declared(subgraph: Subgraph, node: InputValueDefinitionNode) -> GraphQLInputType | None:
    declared: GraphQLInputType | None = type_from_ast(subgraph.schema, node.type)  # type: ignore[assignment]
    return declared


def _is_wrong_default(subgraph: Subgraph, node: InputValueDefinitionNode) -> bool:
    declared = _declared(subgraph, node)
    if node.default_value is None or declared is None:
        return False
    return coerce_input_literal(node.default_value, declared) is Undefined


def _wrong_arguments(applied: ConstDirectiveNode, definition: GraphQLDirective | None) -> Iterator[str]:
    for argument in applied.arguments or ():
        name = argument.name.value
        known = definition.args.get(name) if definition else None
        if name == "fields" or known is None:
            continue
        if coerce_input_literal(argument.value, known.type) is Undefined:
            yield name
