"""A federation schema whose `_entities` isolates every representation, and bounds what a request may ask.

Key values arrive raw, so they are parsed here by the scalar that the schema declares. A representation that cannot
be read, or whose type is unknown, is null with an error of its own; its neighbours are answered. References are
returned as awaitables, so the data loaders behind them see the whole batch.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLObjectType, get_named_type
from graphql.type import is_scalar_type
from strawberry.extensions import (
    AddValidationRules,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    ParserCache,
    QueryDepthLimiter,
    ValidationCache,
)
from strawberry.federation.schema import FederationAny
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY
from strawberry.types import ExecutionContext
from strawberry.types.scalar import ScalarDefinition
from strawberry.utils.inspect import get_func_args

from subgraphs.common.agreements.coordinates import key_coordinates
from subgraphs.common.agreements.gate import guard_entities
from subgraphs.common.names import snake

MOST_REPRESENTATIONS = 1000
_DATES: dict[object, ScalarDefinition] = {
    date: replace(DEFAULT_SCALAR_REGISTRY[date], description="Fecha ISO 8601: AAAA-MM-DD."),
    datetime: replace(DEFAULT_SCALAR_REGISTRY[datetime], description="Fecha y hora ISO 8601, con el huso de Lima."),
}
# Made once: the validation cache tells its entries apart by the rules too.
_RULES = [
    *MaxAliasesLimiter(max_alias_count=500).validation_rules,
    *QueryDepthLimiter(max_depth=30).validation_rules,
]
_BOUNDS = (
    lambda: MaxTokensLimiter(max_token_count=20_000),
    lambda: AddValidationRules(_RULES),
    lambda: ParserCache(maxsize=256),
    lambda: ValidationCache(maxsize=256),
)


class SubgraphSchema(strawberry.federation.Schema):
    def __init__(self, config: StrawberryConfig | None = None, **options: Any) -> None:
        config = config or StrawberryConfig()
        config.scalar_map = {**_DATES, **config.scalar_map}
        super().__init__(extensions=_BOUNDS, federation_version="2.9", config=config, **options)
        self.graphql_schema = self._schema
        self.keys = key_coordinates(self.as_str())
        guard_entities(self._schema, self.keys)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """The server logs what was not thought of; refusals are no failures."""

    def entities_resolver(self, info: strawberry.Info, representations: list[FederationAny]) -> list[FederationAny]:
        if len(representations) > MOST_REPRESENTATIONS:
            raise GraphQLError(
                f"At most {MOST_REPRESENTATIONS} representations a request.",
                extensions={"code": "TOO_MANY_REPRESENTATIONS"},
            )
        return [self._reference(info, representation) for representation in representations]

    def _reference(self, info: strawberry.Info, representation: Any) -> Any:
        # An exception among a list's items is that item's error, and the item is null.
        try:
            origin, values = self._parsed(representation)
            resolve = origin.resolve_reference
            return resolve(info=info, **values) if "info" in get_func_args(resolve) else resolve(**values)
        except GraphQLError as error:
            return error
        except (TypeError, ValueError):
            return _bad("The representation does not carry a key of its type.")

    def _parsed(self, representation: Any) -> tuple[Any, dict[str, Any]]:
        if not isinstance(representation, dict) or not isinstance(representation.get("__typename"), str):
            raise _bad("A representation is an object with a __typename.")
        name = representation["__typename"]
        graphql_type = self._schema.type_map.get(name)
        known = self.schema_converter.type_map.get(name)
        origin = getattr(getattr(known, "definition", None), "origin", None)
        if not isinstance(graphql_type, GraphQLObjectType) or not hasattr(origin, "resolve_reference"):
            raise _bad("The __typename of a representation is not an entity of this subgraph.")
        return origin, {
            snake(key): _value(graphql_type, key, value)
            for key, value in representation.items()
            if key != "__typename" and key in graphql_type.fields
        }


def _value(graphql_type: GraphQLObjectType, key: str, value: Any) -> Any:
    scalar = get_named_type(graphql_type.fields[key].type)
    return scalar.parse_value(value) if is_scalar_type(scalar) and value is not None else value


def _bad(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_REPRESENTATION"})
