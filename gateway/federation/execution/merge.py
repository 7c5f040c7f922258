"""Merging what several fetches say of one object.

Objects merge deeply, lists item by item (fetches of one place list the same values in the same order), and null never
overwrites data.
"""

from __future__ import annotations

from typing import Any


def merge(target: dict[str, Any], source: dict[str, Any]) -> None:
    """Writes the source's fields into the target."""
    for key, value in source.items():
        known = target.get(key)
        if known is None:
            target[key] = value
        elif value is not None:
            target[key] = _merged(known, value)


def _merged(known: Any, value: Any) -> Any:
    if isinstance(known, dict) and isinstance(value, dict):
        if known is not value:
            merge(known, value)
        return known
    if isinstance(known, list) and isinstance(value, list):
        if known is not value:
            _merge_lists(known, value)
        return known
    return known if isinstance(known, dict | list) else value


def _merge_lists(known: list[Any], value: list[Any]) -> None:
    for index, item in enumerate(value):
        if index >= len(known):
            known.append(item)
        elif known[index] is None:
            known[index] = item
        elif item is not None:
            known[index] = _merged(known[index], item)
