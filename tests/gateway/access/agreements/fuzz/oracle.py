"""Who may see which value: the agreements' plain text, read by somebody who knows nothing of the gateway.

A value may be seen if an institution that publishes it gives it, and gives all that it was computed from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from gateway.access.agreements.document import Agreement, Condition, Grant
from gateway.access.identity import Identity

from .institutions import PUBLISHERS, looked_up, named_type, type_of

INPUTS: Mapping[tuple[str, str], Sequence[str]] = {
    ("Case", "risk"): ("status", "court.district"),
    ("Case", "appeal"): ("status",),
    ("Case", "abstract"): ("summary",),
    ("Ruling", "echo"): ("case.status",),
    ("ProsecutionFile", "case"): ("reference",),
    ("ProsecutionFile", "link"): ("reference", "office.code"),
}
"""What a subgraph computes a field from, of what others publish."""


@dataclass(frozen=True)
class Oracle:
    """What one identity may see under the agreements on a day."""

    agreements: Sequence[Agreement]
    identity: Identity
    day: date

    def may_see(self, record: str, field: str) -> bool:
        """Whether anybody gives the value."""
        givers = PUBLISHERS[type_of(record), field]
        return any(self.gives(one, record, field) for one in givers) and all(
            self.may_see(*step) for step in _inputs(record, field)
        )

    def must_get(self, record: str, field: str) -> bool:
        """Whether nothing stands in the way, whomever the gateway asks: all who publish the value give it, and what it
        was computed from is given whatever the data are."""
        givers = PUBLISHERS[type_of(record), field]
        return all(self.gives(one, record, field) for one in givers) and all(
            self.gives(one, *step, unconditionally=True)
            for step in _inputs(record, field)
            for one in PUBLISHERS[type_of(step[0]), step[1]]
        )

    def gives(self, provider: str, record: str, field: str, unconditionally: bool = False) -> bool:
        """Whether a clause of the provider's gives the value."""
        coordinate = f"{type_of(record)}.{field}"
        return any(
            self.is_for_us(one, grant)
            and any(fnmatchcase(coordinate, pattern) for pattern in grant.fields)
            and all(
                not unconditionally and self.holds(condition, record)
                for condition in grant.conditions
                if condition.field.startswith(f"{type_of(record)}.")
            )
            for one in self.agreements
            if one.provider == provider
            for grant in one.grants
        )

    def names(self, provider: str, coordinate: str) -> bool:
        """Whether a clause of the provider's gives the field of some objects."""
        return any(
            self.is_for_us(one, grant) and any(fnmatchcase(coordinate, pattern) for pattern in grant.fields)
            for one in self.agreements
            if one.provider == provider
            for grant in one.grants
        )

    def markers(self, provider: str) -> set[str]:
        """The fields that the provider's clauses have conditions on."""
        return {
            step
            for one in self.agreements
            if one.provider == provider
            for grant in one.grants
            if self.is_for_us(one, grant)
            for condition in grant.conditions
            for step in steps(condition.field)
        }

    def is_for_us(self, one: Agreement, grant: Grant) -> bool:
        """Whether the clause is for this institution, role and purpose, and holds on the day."""
        us, pause = self.identity, one.suspension
        suspended = pause is not None and pause.from_ <= self.day <= (pause.until or self.day)
        return (
            one.consumer == us.institution
            and one.in_force_from <= self.day <= one.in_force_until
            and not suspended
            and bool(set(us.roles) & set(grant.roles))
            and (one.consumer == one.provider or us.purpose in (grant.purposes or one.purposes))
        )

    def holds(self, condition: Condition, record: str) -> bool:
        """Whether the record is as the condition has it."""
        value = looked_up(record, condition.field.split(".")[1:])
        if condition.none_of is not None:
            return value not in condition.none_of
        if condition.one_of is not None:
            return value in condition.one_of
        if condition.equals_claim is not None:
            return value is not None and value == dict(self.identity.claims).get(condition.equals_claim)
        return bool(value == condition.equals)


def steps(path: str) -> list[str]:
    """`Case.court.code` -> Case.court, Court.code."""
    named, *names = path.split(".")
    found = []
    for name in names:
        found.append(f"{named}.{name}")
        named = named_type(named, name)
    return found


def _inputs(record: str, field: str) -> list[tuple[str, str]]:
    """The values that this one was computed from, and the links that lead to them."""
    found = []
    for path in INPUTS.get((type_of(record), field), ()):
        at = record
        for name in path.split("."):
            found.append((at, name))
            at = looked_up(at, [name])
            if at is None:
                break
    return found
