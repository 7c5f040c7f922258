"""Random sets of subgraphs have the verdict of the field's own composer: the same codes, hints and supergraph.

The ordinary suite takes the same sets each time. To look for new differences, by hand:

    RANDOM_SETS=5000 RANDOM_SETS_FROM=1000 pytest tests/conformance/test_random_sets.py

takes the seeds 1000 to 5999. `PYTHONPATH=tests python -m tests.conformance.reduce SEED` then tells what a set differs
in, on the smallest that differs so, to become a case file.
"""

from __future__ import annotations

import os

import pytest
from conformance_kit import asked, needs_npm

from .compare import difference
from .random_sets import subgraph_set

pytestmark = needs_npm
COUNT = int(os.environ.get("RANDOM_SETS", "300"))
FIRST = int(os.environ.get("RANDOM_SETS_FROM", "0"))
AT_ONCE = 100
"""So many are asked of the field's composer at once."""


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, AT_ONCE))
def test_random_sets_have_the_verdict_of_the_fields_composer(first: int) -> None:
    sets = {str(seed): subgraph_set(seed) for seed in range(first, min(first + AT_ONCE, FIRST + COUNT))}
    told = []
    for seed, answer in asked(sets).items():
        if differs := difference(sets[seed], answer):
            told.append(f"{seed}: {differs}")
    assert not told, "\n".join(told)
