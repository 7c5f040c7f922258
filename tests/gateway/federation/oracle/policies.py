"""Random policies, and the plain rule of what they let anyone see."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from graphql import get_named_type, is_leaf_type
from world_kit import World
from world_subgraphs import Seen

from gateway.federation.policy import Allow, Condition, Decision, Refusal
from gateway.federation.supergraph.model import FieldInSubgraph

REFUSED = Refusal("REFUSED", "No.")
WITHHELD = Refusal("WITHHELD", "Not this one.")


@dataclass(frozen=True)
class DrawnPolicy:
    """Of ten fields `refused` are refused, and as many again `conditional`, by lot of the salt."""

    world: World
    salt: int
    refused: int
    conditional: int

    def __call__(self, subgraph: str, coordinate: str) -> Decision:
        lot = self._lot(subgraph, coordinate) % 10
        if lot < self.refused:
            return REFUSED
        needs = self._needs(subgraph, coordinate) if lot < self.refused + self.conditional else None
        if needs is None:
            return Allow(grounds=(f"{subgraph} gives {coordinate}",))

        def holds(values: Any, subject: Any) -> bool:
            return self._lot(needs, json.dumps(values.get(needs))) % 3 > 0

        return Allow(Condition(f"{coordinate} by {needs}", needs, holds, WITHHELD))

    def shows(self, seen: Seen, type_name: str, name: str) -> bool:
        """Whether any subgraph could be asked for it under the policy, and the object fulfils what that needs."""
        types = self.world.supergraph.types
        owners = (type_name, *sorted(types[type_name].interfaces & self.world.supergraph.interface_objects.keys()))
        return any(
            self._shown_by(subgraph, f"{owner}.{name}", seen)
            for owner in owners
            for subgraph in types[owner].fields.get(name, {})
        )

    def _shown_by(self, subgraph: str, coordinate: str, seen: Seen) -> bool:
        decision = self(subgraph, coordinate)
        if isinstance(decision, Refusal) or decision.condition is None:
            return isinstance(decision, Allow)
        needs = decision.condition.needs
        return decision.condition.holds({needs: seen.record.get(needs)}, {})

    def _needs(self, subgraph: str, coordinate: str) -> str | None:
        """A leaf of the type that the subgraph tells by itself."""
        owner = coordinate.partition(".")[0]
        fields = self.world.supergraph.types[owner].fields
        told = sorted(
            name
            for name, entries in fields.items()
            if subgraph in entries and self._is_plain_leaf(owner, name, entries[subgraph])
        )
        return told[self._lot(coordinate, subgraph) % len(told)] if told else None

    def _is_plain_leaf(self, owner: str, name: str, entry: FieldInSubgraph) -> bool:
        field = self.world.supergraph.schema.type_map[owner].fields[name]  # type: ignore[attr-defined]
        resolved = not (entry.external or entry.is_moved or entry.override_label or entry.requires)
        return resolved and not field.args and is_leaf_type(get_named_type(field.type))

    def _lot(self, *parts: str) -> int:
        return zlib.crc32("\0".join([str(self.salt), *parts]).encode())
