"""How an argument of a directive becomes one where subgraphs give it different values. Each strategy takes what they
give, None where one gives nothing, and answers with the value that satisfies all of them; None is no value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

Strategy = Callable[[Sequence[Any]], Any]
AnyOfAll = list[list[Any]]
"""An OR of ANDs, as scopes and policies are written. No alternative at all asks for nothing, like an empty one."""


def greatest(values: Sequence[Any]) -> Any:
    return max((value for value in values if value is not None), default=None)


def united(values: Sequence[Any]) -> list[Any] | None:
    """All the items of all the lists."""
    given = [listed(value) for value in values if value is not None]
    return reduce(_with, given) if given else None


def all_true(values: Sequence[Any]) -> bool | None:
    given = [value for value in values if value is not None]
    return all(given) if given else None


def all_required(values: Sequence[Any]) -> AnyOfAll:
    """What satisfies every OR of ANDs: each combination of their alternatives, less those that ask for more than
    another does."""
    distinct: list[AnyOfAll] = reduce(_with, ([normal] for normal in map(_normal, values)))
    return reduce(_both, distinct)


def any_of_all(value: Any) -> AnyOfAll:
    """The value of an argument that is an OR of ANDs, of which GraphQL lets the brackets be left out."""
    return [list(map(str, listed(alternative))) for alternative in listed(value)]


def implies(strong: AnyOfAll, weak: AnyOfAll) -> bool:
    """Does whoever satisfies the first OR of ANDs satisfy the second too?"""
    return all(any(set(wanted) <= set(given) for wanted in weak or [[]]) for given in strong or [[]])


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _normal(value: Any) -> AnyOfAll:
    return sorted(map(sorted, any_of_all(value))) or [[]]


def _both(one: AnyOfAll, other: AnyOfAll) -> AnyOfAll:
    combined = sorted((sorted(_with(left, right)) for left in one for right in other), key=len)
    kept: AnyOfAll = []
    for alternative in combined:
        if not any(set(smaller) <= set(alternative) for smaller in kept):
            kept.append(alternative)
    return kept


def _with(items: list[Any], more: list[Any]) -> list[Any]:
    return [*items, *(item for item in more if item not in items)]
