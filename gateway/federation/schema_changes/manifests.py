"""Manifests of persisted queries, as clients' compilers write them: JSON, of Apollo's form
(`{"operations": [{"id", "name", "body"}]}`) or of Relay's (`{"id": "body"}`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, parse


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a manifest. `name`: its own or its id; `line`: where the manifest has that."""

    name: str
    body: str
    line: int


def read_manifest(text: str) -> list[Entry]:
    """The entries of a manifest; none if the text is no manifest, for want of a body that is GraphQL."""
    try:
        read = json.loads(text)
    except ValueError:
        return []
    entries = list(_entries(read)) if isinstance(read, dict) else []
    if not any(_is_document(body) for _, body in entries):
        return []
    return [Entry(name, body, _line(text, name)) for name, body in entries]


def _entries(read: dict[str, Any]) -> Iterator[tuple[str, str]]:
    operations = read.get("operations")
    for name, body in read.items() if operations is None else map(_apollo, operations):
        if isinstance(body, str):
            yield name, body


def _apollo(entry: Any) -> tuple[str, Any]:
    fields = entry if isinstance(entry, dict) else {}
    return str(fields.get("name") or fields.get("id") or ""), fields.get("body")


def _is_document(body: str) -> bool:
    try:
        parse(body)
    except GraphQLError:
        return False
    return True


def _line(text: str, name: str) -> int:
    return text[: max(text.find(json.dumps(name)), 0)].count("\n") + 1
