"""The breaker by itself, on a clock that the test moves."""

from __future__ import annotations

import asyncio

import pytest
from faults_kit import Clock

from gateway.federation.errors import FetchError
from gateway.upstream.breaker import Breaker

SILENT = ["SUBGRAPH_UNREACHABLE", "SUBGRAPH_TIMEOUT"]
WRONG = ["SUBGRAPH_BAD_RESPONSE", "SUBGRAPH_TOO_LARGE", "ANYTHING_ELSE"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("loans", threshold=3, pause=5, clock=clock)


def attempt(breaker: Breaker, code: str | None = None) -> None:
    """One fetch that fails with a code, or is answered. Raises `FetchError` when the breaker refuses it."""
    entered = False
    try:
        with breaker.attempt():
            entered = True
            if code is not None:
                raise FetchError("loans", "x", code)
    except FetchError:
        if not entered:
            raise


def refused(breaker: Breaker) -> bool:
    try:
        attempt(breaker)
    except FetchError as error:
        return (error.code, error.subgraph) == ("SUBGRAPH_UNAVAILABLE", "loans")
    return False


def opened(breaker: Breaker) -> Breaker:
    for _ in range(3):
        attempt(breaker, "SUBGRAPH_TIMEOUT")
    return breaker


@pytest.mark.parametrize("code", SILENT)
def test_it_opens_at_the_threshold_of_silent_failures_and_not_before(breaker: Breaker, code: str) -> None:
    attempt(breaker, code)
    attempt(breaker, code)
    attempt(breaker, code)
    assert refused(breaker)


@pytest.mark.parametrize("code", [None, *WRONG])
def test_any_answer_starts_the_count_again(breaker: Breaker, code: str | None) -> None:
    for _ in range(5):
        attempt(breaker, "SUBGRAPH_TIMEOUT")
        attempt(breaker, "SUBGRAPH_UNREACHABLE")
        attempt(breaker, code)
    assert not refused(breaker)


@pytest.mark.parametrize("code", WRONG)
def test_wrong_answers_never_open_it(breaker: Breaker, code: str) -> None:
    for _ in range(50):
        attempt(breaker, code)
    assert not refused(breaker)


def test_it_refuses_until_the_pause_is_over(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 4.9
    assert refused(breaker)
    clock.now += 0.2
    assert not refused(breaker)


def test_one_probe_goes_out_and_all_others_are_refused_meanwhile(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 6
    with breaker.attempt():
        assert refused(breaker)
        clock.now += 60
        assert refused(breaker), "however long the probe takes"
    assert not refused(breaker)


@pytest.mark.parametrize("code", [None, *WRONG])
def test_a_probe_that_is_answered_closes_it(breaker: Breaker, clock: Clock, code: str | None) -> None:
    opened(breaker)
    clock.now += 6
    attempt(breaker, code)
    attempt(breaker, "SUBGRAPH_TIMEOUT")
    attempt(breaker, "SUBGRAPH_TIMEOUT")
    assert not refused(breaker), "the count started again"


def test_a_probe_that_fails_opens_it_for_another_pause(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 6
    attempt(breaker, "SUBGRAPH_UNREACHABLE")
    clock.now += 4.9
    assert refused(breaker)
    clock.now += 0.2
    assert not refused(breaker)


@pytest.mark.parametrize("interruption", [asyncio.CancelledError, KeyError])
def test_a_probe_that_is_interrupted_gives_its_place_back(
    breaker: Breaker, clock: Clock, interruption: type[BaseException]
) -> None:
    opened(breaker)
    clock.now += 6
    with pytest.raises(interruption), breaker.attempt():
        raise interruption
    with breaker.attempt():
        assert refused(breaker), "the next attempt is the probe"


def test_cancelled_attempts_count_as_nothing(breaker: Breaker) -> None:
    attempt(breaker, "SUBGRAPH_TIMEOUT")
    attempt(breaker, "SUBGRAPH_TIMEOUT")
    with pytest.raises(asyncio.CancelledError), breaker.attempt():
        raise asyncio.CancelledError
    attempt(breaker, "SUBGRAPH_TIMEOUT")
    assert refused(breaker)


def test_failures_of_attempts_that_began_before_it_opened_do_not_lengthen_the_pause(
    breaker: Breaker, clock: Clock
) -> None:
    def late() -> None:
        with breaker.attempt():
            opened(breaker)
            clock.now += 4
            raise FetchError("loans", "late", "SUBGRAPH_TIMEOUT")

    with pytest.raises(FetchError, match="late"):
        late()
    clock.now += 1.1
    assert not refused(breaker)
