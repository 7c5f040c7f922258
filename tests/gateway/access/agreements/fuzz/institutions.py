"""Three institutions with a subgraph each, and data in which every text says whose it is: `Case/c1/status`.

A record is named by its type and a word of its own; its texts are filled in from the schema, its links stand here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from federation_kit import FIXTURES
from graphql import FieldDefinitionNode, get_named_type, is_leaf_type, parse
from world_kit import World
from world_sdl import WITH_FIELDS, applied

OWNERS: Mapping[str, str] = {"judiciary": "PJ", "prosecution": "MP", "constitutional_court": "TC"}
SDLS = {name: (FIXTURES / "subgraphs" / "institutions" / f"{name}.graphql").read_text() for name in OWNERS}

_LINKS: Mapping[str, dict[str, Any]] = {
    "Query": {
        "case": ["Case/c1", "Case/c2", "Case/c3"],
        "cases": ["Case/c1", "Case/c2", "Case/c3"],
        "docket": ["ProsecutionFile/f1", "Case/c2", "ProsecutionFile/f3"],
        "documents": ["Resolution/r1", "Notice/n1", "Resolution/r2"],
        "prosecutionFile": ["ProsecutionFile/f1", "ProsecutionFile/f2", "ProsecutionFile/f3"],
        "files": ["ProsecutionFile/f3", "ProsecutionFile/f1", "ProsecutionFile/f2"],
        "writings": ["Writing/w1", None, "Writing/w2"],
        "ruling": ["Ruling/u1", "Ruling/u2"],
        "rulings": ["Ruling/u1", "Ruling/u2"],
    },
    "Case/c1": {
        "reserved": False,
        "court": "Court/k1",
        "judge": "Magistrate/m1",
        "parties": ["Party/p1", "Party/p2"],
        "documents": ["Resolution/r1", "Notice/n1"],
        "related": ["Case/c2", "Case/c3"],
        "files": ["ProsecutionFile/f1", "ProsecutionFile/f2"],
        "rulings": ["Ruling/u1"],
    },
    "Case/c2": {
        "reserved": True,
        "court": "Court/k2",
        "judge": "Magistrate/m2",
        "parties": ["Party/p3"],
        "documents": ["Resolution/r2"],
        "related": ["Case/c1"],
        "files": ["ProsecutionFile/f3"],
        "rulings": ["Ruling/u2"],
    },
    "Case/c3": {
        "reserved": False,
        "court": "Court/k1",
        "judge": None,
        "parties": [],
        "documents": None,
        "related": [],
        "files": [],
        "rulings": [],
    },
    "Court/k1": {},
    "Court/k2": {},
    "Party/p1": {"case": "Case/c1"},
    "Party/p2": {"case": "Case/c1"},
    "Party/p3": {"case": "Case/c2"},
    "Resolution/r1": {"case": "Case/c1"},
    "Resolution/r2": {"case": "Case/c2"},
    "Notice/n1": {},
    "Magistrate/m1": {
        "court": "Court/k1",
        "cases": ["Case/c1"],
        "files": ["ProsecutionFile/f2"],
        "votes": ["Vote/v1"],
    },
    "Magistrate/m2": {
        "court": "Court/k2",
        "cases": ["Case/c2", "Case/c3"],
        "files": ["ProsecutionFile/f1"],
        "votes": ["Vote/v2", "Vote/v3"],
    },
    "ProsecutionFile/f1": {
        "reserved": False,
        "office": "Office/o1",
        "prosecutor": "Magistrate/m2",
        "writings": ["Writing/w1"],
        "case": "Case/c1",
    },
    "ProsecutionFile/f2": {
        "reserved": True,
        "office": "Office/o1",
        "prosecutor": "Magistrate/m1",
        "writings": [],
        "case": "Case/c1",
    },
    "ProsecutionFile/f3": {
        "reserved": False,
        "office": "Office/o2",
        "prosecutor": None,
        "writings": ["Writing/w2"],
        "case": "Case/c2",
    },
    "Office/o1": {},
    "Office/o2": {},
    "Writing/w1": {"file": "ProsecutionFile/f1"},
    "Writing/w2": {"file": "ProsecutionFile/f3"},
    "Ruling/u1": {"votes": ["Vote/v1", "Vote/v2"], "case": "Case/c1"},
    "Ruling/u2": {"votes": ["Vote/v3"], "case": "Case/c2"},
    "Vote/v1": {"by": "Magistrate/m1"},
    "Vote/v2": {"by": "Magistrate/m2"},
    "Vote/v3": {"by": "Magistrate/m2"},
}
RECORD = "__record"
"""Where the data says a record's name."""
_VALUE = re.compile(r"([A-Z]\w*/[a-z]\d)/(\w+)")


def values_in(text: str) -> Iterator[tuple[str, str]]:
    """Every value that occurs in a text: the record's name and the field."""
    for found in _VALUE.finditer(text):
        yield found[1], found[2]


def type_of(record: str) -> str:
    return record.partition("/")[0]


def named_type(owner: str, field: str) -> str:
    """The type of a field, without lists and non-null."""
    types: Any = WORLD.supergraph.schema.type_map
    return str(get_named_type(types[owner].fields[field].type))


def looked_up(record: str, path: list[str]) -> Any:
    """What lies there; None where nothing does."""
    found: Any = record
    for name in path:
        found = None if found is None else WORLD.data[found].get(name)
    return found


def _publishers() -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for subgraph, sdl in SDLS.items():
        for node in parse(sdl).definitions:
            for field in getattr(node, "fields", ()) if isinstance(node, WITH_FIELDS) else ():
                if not _is_external(field):
                    found.setdefault((node.name.value, field.name.value), set()).add(OWNERS[subgraph])
    return found


def _is_external(field: FieldDefinitionNode) -> bool:
    return any(True for _ in applied(field, "external"))


def _world() -> World:
    data: dict[str, dict[str, Any]] = {}
    world = World(SDLS, data)
    types: Any = world.supergraph.schema.type_map
    for record, links in _LINKS.items():
        fields = types[type_of(record)].fields
        texts = {name: f"{record}/{name}" for name, field in fields.items() if is_leaf_type(get_named_type(field.type))}
        data[record] = {"__typename": type_of(record), RECORD: record} | texts | links
    return world


WORLD = _world()
PUBLISHERS = _publishers()
"""Which institutions' subgraphs resolve a field, by type and field."""
EVERYTHING = (FIXTURES / "subgraphs" / "institutions" / "everything.graphql").read_text()
"""A query for all that there is."""
IDS = [f"{record}/number" for record in _LINKS if type_of(record) in ("Case", "ProsecutionFile")] + [
    f"{record}/code" for record in _LINKS if type_of(record) == "Ruling"
]
