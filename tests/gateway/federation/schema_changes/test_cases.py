"""What changes are, and what they touch: see the cases in `tests/fixtures/schema_changes`."""

from __future__ import annotations

from pathlib import Path

import pytest
from schema_changes_kit import CASES, GIVEN, outcome, read_case

FILES = sorted(CASES.glob("*.graphql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_changes_and_what_they_touch(path: Path) -> None:
    case = read_case(path)
    assert outcome(case) == {name: text for name, text in case.items() if name not in GIVEN}
