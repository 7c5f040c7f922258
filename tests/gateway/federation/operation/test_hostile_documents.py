"""Documents within the bounds on tokens, written so that validating or planning them costs more than their length."""

from __future__ import annotations

import pytest
from federation_kit import LocalSubgraphs, engine, library

from gateway.federation.engine import Engine, Limits
from gateway.federation.errors import RequestError
from gateway.federation.operation.limits import DocumentLimits


def code_of(document: str, limits: Limits | None = None) -> str:
    """The code that the document is refused with; "" if it is prepared."""
    try:
        Engine(library(), LocalSubgraphs(), limits).prepare(document)
    except RequestError as refused:
        return " ".join({error.code for error in refused.errors})
    return ""


def chain(length: int, link: str, end: str) -> str:
    """Fragments F0, F1, … on Book; `link` may spread the next one as often as it likes, as `...NEXT`."""
    links = (f"fragment F{i} on Book {{ {link} }} ".replace("NEXT", f"F{i + 1}") for i in range(length))
    return "{ books { ...F0 } } " + "".join(links) + f"fragment F{length} on Book {{ {end} }}"


def fields(depth: int, times: int) -> str:
    """The same field beside itself, and so on all the way down."""
    inside = "title"
    for _ in range(depth):
        inside = f"loans {{ book {{ {inside} }} }} " * times
    return "{ books { " + inside + " } }"


COSTLY = {
    "one field a thousand times": "{ " + "books { title } " * 1_000 + "}",
    "one leaf ten thousand times": "{ books { " + "title " * 10_000 + "} }",
    "a field beside itself on seven levels": fields(7, 3),
    "long ways beside each other": "{ books { " + ("loans { book { " * 20 + "title " + "} } " * 20) * 150 + "} }",
    "inline fragments on one type": "{ books { " + "... on Book { loans { day } } " * 1_100 + "} }",
    "fragments beside each other": "{ books { "
    + " ".join(f"...F{i}" for i in range(900))
    + " } } "
    + " ".join(f"fragment F{i} on Book {{ title weight kind }}" for i in range(900)),
    "fragments in fragments, spread twice each": chain(600, "loans { book { ...NEXT ...NEXT } }", "title"),
    "fragments that nest as deep as no query may": chain(100, "loans { book { ...NEXT } }", "title"),
    "operations that share one large fragment": " ".join(f"query Q{i} {{ ...F }}" for i in range(1_000))
    + " fragment F on Query { "
    + "items { title } " * 1_500
    + "}",
}


@pytest.mark.parametrize("document", COSTLY.values(), ids=COSTLY)
def test_a_document_that_costs_more_than_its_length_is_refused_while_it_is_validated(document: str) -> None:
    assert code_of(document) == "QUERY_TOO_COMPLEX"


def test_fragments_that_would_expand_without_bound_are_looked_at_once_each() -> None:
    doubling = chain(30, "...NEXT ... on Book { ...NEXT } loans { book { ...NEXT } }", "title")
    assert code_of(doubling, Limits(document=DocumentLimits(comparisons=10_000))) == ""


def test_comparisons_are_counted_to_the_bound_and_not_beyond() -> None:
    document = "{ books { " + "title " * 101 + "} }"
    pairs = 101 * 100 // 2
    assert code_of(document, Limits(document=DocumentLimits(comparisons=2 * pairs))) == ""
    assert code_of(document, Limits(document=DocumentLimits(comparisons=2 * pairs - 1))) == "QUERY_TOO_COMPLEX"


def test_operations_are_counted_to_the_bound_and_not_beyond() -> None:
    document = " ".join(f"query Q{i} {{ books {{ title }} }}" for i in range(50))
    served = engine(LocalSubgraphs())
    assert served.prepare(document, "Q49").kind == "query"
    with pytest.raises(RequestError, match="more than 50 operations"):
        served.prepare(document + " query Q50 { books { title } }", "Q49")


def test_a_page_of_sixty_fragments_that_share_fields_is_no_attack() -> None:
    shared = "isbn title weight loans { day }"
    spread = " ".join(f"...F{i}" for i in range(60))
    written = " ".join(f"fragment F{i} on Book {{ {shared} }}" for i in range(60))
    assert code_of(f"{{ books {{ {spread} }} }} {written}") == ""


CYCLES = {
    "in itself": "fragment F on Book { ...F }",
    "beside siblings": "fragment F on Book { title ...F weight loans { day } }",
    "under directives": "fragment F on Book { ...F @include(if: $x) title @skip(if: $x) }",
    "under constants": "fragment F on Book { ...F @include(if: false) title }",
    "further down": "fragment F on Book { loans { day book { title ...F @skip(if: $x) } } }",
    "through another": "fragment F on Book { title ...G @skip(if: $x) } fragment G on Book { ...F weight }",
    "in an inline fragment": "fragment F on Book { ... @include(if: $x) { ...F title } }",
    "through a hundred": "".join(f"fragment F{i} on Book {{ title ...F{i + 1} }} " for i in range(100))
    + "fragment F on Book { ...F0 } fragment F100 on Book { ...F weight }",
}


@pytest.mark.parametrize("fragments", CYCLES.values(), ids=CYCLES)
def test_a_fragment_that_leads_back_to_itself_is_refused(fragments: str) -> None:
    document = "query ($x: Boolean = true) { books { ...F title @include(if: $x) } } "
    assert code_of(document + fragments) == "GRAPHQL_VALIDATION_FAILED"
