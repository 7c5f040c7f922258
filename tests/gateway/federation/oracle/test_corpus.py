"""What random worlds found once, kept as cases one can read."""

from __future__ import annotations

from pathlib import Path

import pytest
from federation_kit import FIXTURES

from .cases import read_case
from .test_oracle import check

CASES = sorted((FIXTURES / "oracle").glob("*.graphql"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
async def test_a_case_answers_as_one_server_does(path: Path) -> None:
    case = read_case(path)
    for down in sorted(case.world.sdls):
        await check(case, down)
