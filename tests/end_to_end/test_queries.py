"""The questions that the institutions ask of a case, each as a file with its answer beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from demo_kit import Demo
from federation_kit import FIXTURES

QUERIES = sorted((FIXTURES / "queries").glob("*.graphql"))


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_a_question_has_the_answer_beside_it(demo: Demo, file: Path) -> None:
    query = file.read_text()
    role, _, reason = query.splitlines()[0].removeprefix("# asked as ").partition(", exceptionally: ")
    assert demo.ask(query, role, reason) == {"data": json.loads(file.with_suffix(".json").read_text())}
