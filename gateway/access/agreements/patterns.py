"""Which coordinates a grant's fields cover: `Case.*`, `*Connection.*`, `Party.name`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def covers(patterns: Iterable[str], coordinate: str) -> bool:
    """Whether one of the patterns is the coordinate's; an asterisk stands for any letters, none included."""
    return any(_expression(pattern).fullmatch(coordinate) for pattern in patterns)


@lru_cache(maxsize=10_000)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", r"\w*"))
