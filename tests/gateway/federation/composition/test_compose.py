"""Composition by cases in tests/fixtures/compose: what composes to what, and what is refused and where."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest
from composition_kit import Case, case_files, case_name, outcome, read_case
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.federation.composition.compose import compose
from gateway.federation.composition.errors import CompositionError, Issue
from gateway.federation.composition.federation_spec import LATEST
from gateway.federation.composition.hints import LEVELS
from gateway.federation.composition.progress import Progress
from gateway.federation.composition.satisfiability.satisfy import unsatisfiable
from gateway.federation.composition.subgraph import Source
from gateway.federation.supergraph.read import read_supergraph

CASES: dict[str, Case] = {case_name(path): read_case(path) for path in case_files()}
WHOLE = [name for name, case in CASES.items() if case.expected.supergraph]


@pytest.mark.parametrize("name", CASES)
def test_a_case_composes_to_what_its_file_says(name: str) -> None:
    case = CASES[name]
    assert outcome(case.subgraphs) == case.expected


@settings(deadline=None)
@given(st.sampled_from(sorted(CASES)), st.randoms())
def test_the_order_of_subgraphs_changes_no_byte(name: str, shuffle: random.Random) -> None:
    case = CASES[name]
    shuffled = list(case.subgraphs)
    shuffle.shuffle(shuffled)
    assert whole_outcome(shuffled) == whole_outcome(case.subgraphs)


def whole_outcome(sources: Sequence[Source]) -> str:
    try:
        return compose(sources).sdl
    except CompositionError as error:
        return str(error)


@pytest.mark.parametrize("name", WHOLE)
def test_a_composed_supergraph_is_one_that_the_engine_reads(name: str) -> None:
    case = CASES[name]
    graph = read_supergraph(compose(case.subgraphs).sdl)
    assert {subgraph.name: subgraph.url for subgraph in graph.subgraphs.values()} == {
        source.name: source.url for source in case.subgraphs
    }


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.expected.hints])
def test_each_hint_is_a_sentence_at_a_level_of_its_own(name: str) -> None:
    for hint in hints_of(CASES[name].subgraphs):
        assert hint.message.endswith((".", "?"))
        assert hint.level == LEVELS[hint.code] != "error"


def hints_of(sources: Sequence[Source]) -> Sequence[Issue]:
    try:
        return compose(sources).hints
    except CompositionError as error:
        return error.hints


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("types/kinds_of_three_subgraphs", "an object in a and c, an interface in b"),
        ("fields/the_subgraphs_that_agree_are_named_together", "Int in a and c, String in b"),
        ("fields/the_interface_must_come_before_its_second_implementer", "Write I in a."),
        ("inputs/two_defaults_and_none_are_a_mismatch", "1 in a, none in b, 2 in c"),
        ("sharing/one_resolver_of_three_is_not_shareable", "resolved by a, b and c, and is not @shareable in b"),
        ("sharing/a_provided_field_must_be_shareable_where_it_is_resolved", "a (which @provides it) and b"),
        ("interfaces/a_field_of_an_interface_object_is_shared_with_implementers", "b (where I is an @interfaceObject)"),
        ("field_sets/the_fields_are_no_enum_value", "@key(fields: id): this is no string"),
    ],
)
def test_what_differs_is_told_by_subgraph(name: str, said: str) -> None:
    with pytest.raises(CompositionError, match=re.escape(said)):
        compose(CASES[name].subgraphs)


@pytest.mark.parametrize("name", sorted(set(CASES) - set(WHOLE)))
def test_each_issue_says_what_it_is_about_and_what_to_do(name: str) -> None:
    with pytest.raises(CompositionError) as raised:
        compose(CASES[name].subgraphs)
    for issue in raised.value.issues:
        assert issue.message.rstrip().endswith((".", "?"))
        assert str(issue).startswith(issue.code)
        assert issue.message in str(raised.value)


def linked(version: tuple[int, int], sdl: str = "type Query { a: Int }") -> str:
    url = f"https://specs.apollo.dev/federation/v{version[0]}.{version[1]}"
    return f'extend schema @link(url: "{url}") {sdl}'


@pytest.mark.parametrize("minor", range(LATEST[1] + 1))
def test_every_version_of_federation_2_composes_in_the_join_version_that_it_needs(minor: int) -> None:
    join = "v0.3" if minor < 7 else "v0.4" if minor == 7 else "v0.5"
    assert f"specs.apollo.dev/join/{join}" in compose([Source("a", linked((2, minor)))]).sdl


def test_a_name_given_twice_and_no_subgraph_at_all_are_refused() -> None:
    for sources, code in (([Source("a", linked((2, 0)))] * 2, "INVALID_SUBGRAPH_NAME"), ([], "NO_QUERIES")):
        with pytest.raises(CompositionError) as raised:
            compose(sources)
        assert [issue.code for issue in raised.value.issues] == [code]


def test_mistakes_of_all_subgraphs_are_told_together() -> None:
    broken = linked((2, 0), "type Query { a: }")
    wrong = linked((2, 0), 'type Query { a: Int } type T @federation__key(fields: "x") { a: Int }')
    with pytest.raises(CompositionError) as raised:
        compose([Source("a", broken), Source("b", wrong)])
    assert {(issue.code, issue.places[0].subgraph) for issue in raised.value.issues} == {
        ("INVALID_GRAPHQL", "a"),
        ("KEY_INVALID_FIELDS", "b"),
    }


def test_a_proof_that_takes_too_long_is_given_up() -> None:
    graph = read_supergraph(compose(CASES["satisfiability/keys_lead_from_one_to_the_next"].subgraphs).sdl)
    assert list(unsatisfiable(graph)) == []
    with pytest.raises(CompositionError, match="MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"):
        list(unsatisfiable(graph, work=2))


def test_an_unreachable_field_comes_with_a_query_that_shows_it() -> None:
    with pytest.raises(CompositionError) as raised:
        compose(CASES["satisfiability/unreachable_value_type"].subgraphs)
    assert [issue.message for issue in raised.value.issues] == [
        """\
This query cannot be answered:
  query {
    u {
      b { ... }
    }
  }
It passes
  Query.u from b
and goes no further, since
  b: it has no field T.b
  a: it has T.b, and no @key for T to enter by."""
    ]


def test_progress_is_told_stage_by_stage_to_the_end_of_each() -> None:
    told: list[Progress] = []
    compose(CASES["satisfiability/keys_lead_from_one_to_the_next"].subgraphs, told.append)
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages == ["read", "validate", "merge", "check", "print", "prove"]
    for stage in stages:
        done = [progress.done for progress in told if progress.stage == stage]
        total = [progress.total for progress in told if progress.stage == stage]
        assert done == sorted(done)
        assert (done[0], done[-1]) == (0, total[0])
