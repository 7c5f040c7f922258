"""JSON as it is read from others and written for them: integers of any size stay what they are.

Most readers make a float of an integer past 64 bits, and a value that somebody else wrote is then no longer theirs.
"""

from __future__ import annotations

from typing import Any

import msgspec

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class JSONTextError(ValueError):
    """The text is no JSON, or the value cannot be written as JSON. `too_deep`: for its nesting alone."""

    def __init__(self, message: str, too_deep: bool = False) -> None:
        super().__init__(message)
        self.too_deep = too_deep


def read_json(text: bytes) -> Any:
    """The value. Raises `JSONTextError`, also for numbers past what a double holds and for half a surrogate pair."""
    try:
        return _decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise JSONTextError(str(error)) from error
    except RecursionError as error:
        raise JSONTextError("it nests too deep", too_deep=True) from error


def write_json(value: Any, sort_keys: bool = False) -> bytes:
    """The text of what was read. Raises `JSONTextError` if it nests too deep."""
    try:
        return _encode_sorted(value) if sort_keys else _encode(value)
    except RecursionError as error:
        raise JSONTextError("it nests too deep", too_deep=True) from error
