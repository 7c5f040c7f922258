"""What a subgraph's schema bounds, and what it does only once."""

from __future__ import annotations

import pytest
from strawberry.extensions import ValidationCache

from subgraphs.judiciary.schema import schema

QUERY = "query Once { __typename }"
CASE = 'case(number: "99006-2022-0-1801-JR-DC-04")'


async def test_a_query_is_validated_once() -> None:
    validated = ValidationCache(maxsize=256).cached_validate_document
    await schema.execute(QUERY)
    before = validated.cache_info()
    await schema.execute(QUERY)
    after = validated.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (1, 0)


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("{" + " ".join(f"c{i}: {CASE} {{ number }}" for i in range(501)) + "}", "501 aliases"),
        (f"{{ {CASE} " + "{ relatedCases " * 30 + "{ number }" + "}" * 31, "maximum operation depth"),
        ("{" + "__typename " * 20_000 + "}", "more than 20000 tokens"),
    ],
)
async def test_a_query_beyond_the_bounds_is_refused(query: str, refusal: str) -> None:
    answer = await schema.execute(query)
    assert answer.data is None
    assert refusal in str(answer.errors)
