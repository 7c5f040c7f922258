"""Canonical JSON: one value, one sequence of bytes, so that whoever parsed a record can hash it again.

RFC 8785 without fractions: strings, integers of 53 bits, booleans, null, arrays, and objects whose names are ASCII, for
which the order of bytes is that of UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def encode(value: Json) -> bytes:
    """The value's canonical bytes, UTF-8. Raises ValueError for a fraction, an integer beyond 53 bits, a lone
    surrogate, or an object's name that is not ASCII."""
    _check(value)
    try:
        return orjson.dumps(value, option=_OPTIONS)
    except TypeError as error:
        raise ValueError(str(error)) from error


def decode(raw: bytes) -> Any:
    """The value of canonical bytes. Raises ValueError for any others."""
    value = orjson.loads(raw)
    if encode(value) != raw:
        raise ValueError("it is JSON, but not in canonical form")
    return value


def _check(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("a fraction has no canonical form here")
    if isinstance(value, dict):
        for name, item in value.items():
            if not name.isascii():
                raise ValueError(f"the name {name!r} is not ASCII")
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            if not isinstance(item, str):
                _check(item)
