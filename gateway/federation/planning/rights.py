"""What the policy says of a subgraph's field, asked once: refused, given, or given under a condition.

A condition can only be checked on what the same subgraph tells of the same object. One that needs anything else, or
that hangs on an interface that the subgraph knows as an object, could not be checked, and is a refusal.
"""

from __future__ import annotations

from gateway.federation.policy import Allow, Condition, Decision, Policy, Refusal
from gateway.federation.supergraph.field_set import FieldSet, SetField, parse_field_set
from gateway.federation.supergraph.model import Supergraph


class Rights:
    """The decisions of one policy on one supergraph."""

    def __init__(self, supergraph: Supergraph, policy: Policy) -> None:
        self.supergraph = supergraph
        self.policy = policy
        self._decisions: dict[tuple[str, str, str], Decision] = {}

    def decision(self, subgraph: str, type_name: str, field_name: str) -> Decision:
        """What holds for the field of the type, if it is fetched from the subgraph."""
        found = (subgraph, type_name, field_name)
        if found not in self._decisions:
            self._decisions[found] = self._decide(*found)
        return self._decisions[found]

    def refusal(self, subgraph: str, type_name: str, field_name: str) -> Refusal | None:
        """Why the field may not be fetched from the subgraph."""
        decision = self.decision(subgraph, type_name, field_name)
        return decision if isinstance(decision, Refusal) else None

    def condition(self, subgraph: str, type_name: str, field_name: str) -> Condition | None:
        """What must hold of the object for the field to be shown, if it is fetched from the subgraph."""
        decision = self.decision(subgraph, type_name, field_name)
        return decision.condition if isinstance(decision, Allow) else None

    def _decide(self, subgraph: str, type_name: str, field_name: str) -> Decision:
        decision = self.policy(subgraph, f"{type_name}.{field_name}")
        if isinstance(decision, Refusal) or decision.condition is None:
            return decision
        as_object = self.supergraph.is_interface_object(type_name, subgraph)
        if as_object or not self._tells(subgraph, type_name, parse_field_set(decision.condition.needs)):
            return decision.condition.refusal
        return decision

    def _tells(self, subgraph: str, type_name: str, wanted: FieldSet) -> bool:
        """Does the subgraph resolve all of the field set on its own objects of the type?"""
        for part in wanted:
            if not isinstance(part, SetField):
                return False
            entry = self.supergraph.types[type_name].fields.get(part.name, {}).get(subgraph)
            if entry is None or entry.external or entry.is_moved or entry.requires or entry.context_arguments:
                return False
            if part.selections and not self._tells(subgraph, entry.named_type, part.selections):
                return False
        return True
