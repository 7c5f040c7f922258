"""Operations that multiply: over fragments, over types that many subgraphs share, over keys that lead in circles."""

from __future__ import annotations

import pytest
from world_kit import World

from gateway.federation.engine import Engine, Limits
from gateway.federation.errors import RequestError
from gateway.federation.planning.plan import PlanLimits
from gateway.federation.planning.query_plan import QueryPlan

TYPES, SUBGRAPHS = 12, 6


def shared(subgraph: int) -> str:
    """Every subgraph has every type and resolves all that they share; `ownN` is its own."""
    types = "".join(
        f'type T{i} implements Node @key(fields: "id") {{ id: ID! name: String @shareable own{subgraph}: Int '
        "next: Node @shareable others: [Node] @shareable }\n"
        for i in range(TYPES)
    )
    interface = "interface Node { id: ID! name: String next: Node others: [Node] }"
    return f"type Query {{ start: Node @shareable }} {interface} {types}"


SHARED = World({f"s{i}": shared(i) for i in range(SUBGRAPHS)}, {})


ROOMY = Limits(planning=PlanLimits(work=200_000))
"""So much work that another bound is met first."""


def planned(query: str, world: World = SHARED, limits: Limits | None = None) -> QueryPlan:
    plan = Engine(world.supergraph, world.local(), limits).prepare(query).plan
    world.check_plan(plan)
    return plan


def nested(link: str, depth: int, end: str = "name") -> str:
    """`link` in itself, at NEXT."""
    for _ in range(depth):
        end = link.replace("NEXT", end)
    return f"{{ start {{ {end} }} }}"


def chained(link: str, depth: int) -> str:
    """A fragment a link, each spread by the one before it wherever that says NEXT."""
    links = (f"fragment F{i} on Node {{ {link} }} ".replace("NEXT", f"...F{i + 1}") for i in range(depth))
    return "{ start { ...F0 } } " + "".join(links) + f"fragment F{depth} on Node {{ name }}"


MULTIPLYING = {
    "two aliases": "a: next { NEXT } b: next { NEXT }",
    "two fields": "next { NEXT } others { NEXT }",
    "two types": "... on T0 { next { NEXT } } ... on T1 { next { NEXT } }",
    "two types with fields of their own": "... on T0 { own0 next { NEXT } } ... on T1 { own1 next { NEXT } }",
    "all types": " ".join(f"... on T{i} {{ own{i % SUBGRAPHS} next {{ NEXT }} }}" for i in range(TYPES)),
    "all types under aliases": " ".join(f"... on T{i} {{ a{i}: next {{ NEXT }} }}" for i in range(TYPES)),
}


@pytest.mark.parametrize("depth", [13, 40])
@pytest.mark.parametrize("link", MULTIPLYING.values(), ids=MULTIPLYING)
def test_fragments_that_expand_to_too_many_fields_are_counted_and_refused(link: str, depth: int) -> None:
    with pytest.raises(RequestError, match="expand to more than 10000 fields") as refused:
        planned(chained(link, depth), limits=ROOMY)
    assert refused.value.errors[0].code == "QUERY_TOO_COMPLEX"


def test_expanded_fields_are_counted_to_the_bound_and_not_beyond() -> None:
    doubling = chained("a: next { NEXT } b: next { NEXT }", 5)
    places = 1 + sum(2**level for level in range(1, 6)) + 2**5
    assert planned(doubling, limits=Limits(planning=PlanLimits(fields=places))).steps
    with pytest.raises(RequestError, match="expand"):
        planned(doubling, limits=Limits(planning=PlanLimits(fields=places - 1)))


def test_a_fragment_spread_twice_at_one_place_counts_once() -> None:
    once = chained("next { NEXT NEXT ... on Node { NEXT } } ... on Node { next { NEXT } }", 30)
    assert len(planned(once).steps) == 1


OPTIONS = {
    "what all subgraphs share": ("name next { NEXT }", 30, 1),
    "a field of one subgraph a level": ("... on T0 { own0 } next { NEXT }", 20, 1),
    "fields of two subgraphs a level": ("... on T0 { own0 } ... on T1 { own1 } next { NEXT }", 20, 2),
    "fields of all subgraphs on all types": (
        " ".join(f"... on T{i} {{ own{i % SUBGRAPHS} }}" for i in range(TYPES)) + " next { NEXT }",
        10,
        SUBGRAPHS,
    ),
    "a list of them": ("others { ... on T0 { own0 } ... on T1 { own1 } NEXT }", 15, 2),
}


@pytest.mark.parametrize(("link", "depth", "fetches"), OPTIONS.values(), ids=OPTIONS)
def test_choices_among_subgraphs_that_share_all_fields_do_not_multiply(link: str, depth: int, fetches: int) -> None:
    plan = planned(nested(link, depth), limits=Limits(planning=PlanLimits(work=20_000)))
    assert len(plan.steps) == fetches


def test_conditions_that_multiply_the_text_of_a_fetch_are_refused() -> None:
    variables = " ".join(f"$v{i}: Boolean!" for i in range(8))
    alternatives = " ".join(f"next @include(if: $v{i}) {{ NEXT }}" for i in range(8))
    with pytest.raises(RequestError, match="multiply what would be sent") as refused:
        planned(f"query ({variables}) " + chained(alternatives, 8), limits=ROOMY)
    assert refused.value.errors[0].code == "QUERY_TOO_COMPLEX"


def test_types_alike_are_printed_once_a_level_however_deep() -> None:
    [step] = planned(nested("name others { NEXT }", 30)).steps
    assert len(step.operation) < 2_000


def circle(size: int) -> World:
    """Subgraph i enters by key i and knows key i + 1; the last leads back to the first. All share `name`."""
    sdls = {
        f"s{i}": f"""
            type Query {{ item{i}: Item }}
            type Item @key(fields: "k{i}") @key(fields: "k{(i + 1) % size}", resolvable: false) {{
              k{i}: ID! @shareable  k{(i + 1) % size}: ID! @shareable  name: String @shareable  own{i}: Int
            }}
        """
        for i in range(size)
    }
    keys = {f"k{i}": f"k{i}" for i in range(size)}
    item = {"__typename": "Item", "name": "cord", **keys, **{f"own{i}": i for i in range(size)}}
    return World(sdls, {"Query": {f"item{i}": "item" for i in range(size)}, "item": item})


async def test_keys_that_lead_in_a_circle_are_followed_once() -> None:
    world = circle(12)
    answer = await world.check("{ item0 { own11 name } }")
    assert answer.data == {"item0": {"own11": 11, "name": "cord"}}
    assert len(planned("{ item0 { own11 } }", world).steps) == 12
    assert len(planned("{ item0 { name } }", world).steps) == 1


def test_all_fields_around_a_circle_cost_a_fetch_each() -> None:
    world = circle(10)
    fields = " ".join(f"own{i}" for i in range(10))
    everything = "{ " + " ".join(f"item{i} {{ {fields} name }}" for i in range(10)) + " }"
    plan = planned(everything, world, Limits(planning=PlanLimits(work=60_000)))
    assert len(plan.steps) <= 10 * 10
