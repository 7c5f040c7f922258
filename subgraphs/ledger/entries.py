"""A record of the ledger as it is read: canonical JSON into a value, which says who read what, and no value of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from subgraphs.common.lima import LIMA


@dataclass(frozen=True, slots=True)
class Entry:
    """One access. `at` is in Lima's time; `document` is the record itself; `leaf_hash` is RFC 9162's, in hex."""

    position: int
    at: datetime
    document: dict[str, Any]
    leaf_hash: str


def entry(position: int, record: bytes) -> Entry | None:
    """None for a record of another kind: a gateway's start, a load of agreements."""
    document = orjson.loads(record)
    if document.get("kind") != "access":
        return None
    at = datetime.fromisoformat(document["at"]).astimezone(LIMA)
    return Entry(position, at, document, hashlib.sha256(b"\x00" + record).hexdigest())
