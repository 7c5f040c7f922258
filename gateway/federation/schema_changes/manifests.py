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
    """A document of a manifest. `name`: the operation's, or its id; `line`: where the manifest has the id."""

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
    if not any(_is_document(body) for _, _, body in entries):
        return []
    return [Entry(name or id_, body, _line(text, id_)) for id_, name, body in entries]


def _entries(read: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Id, name and body; the name may be empty."""
    operations = read.get("operations")
    if isinstance(operations, list):
        for entry in operations:
            if isinstance(entry, dict) and isinstance(entry.get("body"), str):
                yield str(entry.get("id", "")), str(entry.get("name") or ""), entry["body"]
    else:
        yield from ((id_, "", body) for id_, body in read.items() if isinstance(body, str))


def _is_document(body: str) -> bool:
    try:
        parse(body)
    except GraphQLError:
        return False
    return True


def _line(text: str, id_: str) -> int:
    return text[: max(text.find(json.dumps(id_)), 0)].count("\n") + 1
