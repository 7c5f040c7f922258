"""Random identities, and agreements that are about them more often than not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from agreements_kit import DAY, PARTIES, agreement

from gateway.access.agreements.document import Agreement, Condition, Grant, Suspension
from gateway.access.identity import Identity

from .....gateway.federation.oracle.choices import Choices
from .institutions import PUBLISHERS, WORLD, looked_up, type_of

ROLES = ("judge", "prosecutor", "clerk")
PURPOSES = ("case_review", "audit", "prosecution")
CLAIMS = {"court": ("Court/k1/code", "Court/k2/code"), "office": ("Office/o1/code", "Office/o2/code")}
FREE = (
    *("*.*", "Query.*", "Case.*", "Magistrate.*", "ProsecutionFile.*", "Ruling.*", "Writing.*", "Party.*", "Court.*"),
    *("*.number", "*.code", "*.status", "C*.*", "*.c*", "*.t*", "*ing.*", "V*.*"),
    *sorted(f"{type_name}.{field}" for type_name, field in PUBLISHERS),
)
ROWS = {
    "PJ": ("Case", "Resolution", "Magistrate", "Query"),
    "MP": ("ProsecutionFile", "Magistrate", "Query"),
    "TC": ("Ruling", "Query"),
}
"""The types on whose fields a provider's conditions may be laid."""
CONDITIONED = {
    "PJ": (
        *("Case.status", "Case.reserved", "Case.court.code", "Case.court.district", "Case.judge.name"),
        *("Resolution.issued", "Magistrate.court.code"),
    ),
    "MP": (
        *("ProsecutionFile.reserved", "ProsecutionFile.status", "ProsecutionFile.office.code"),
        *("ProsecutionFile.prosecutor.code", "Magistrate.specialty"),
    ),
    "TC": ("Ruling.status", "Ruling.title"),
}
"""What they may be on."""
_DAYS = {
    "in force": (-30, 30),
    "first day": (0, 5),
    "last day": (-5, 0),
    "expired": (-30, -1),
    "not yet": (1, 30),
}
_PAUSES = {
    "open": (-3, None),
    "from today": (0, 3),
    "until today": (-3, 0),
    "over": (-3, -1),
    "ahead": (1, None),
}


def drawn_identity(choices: Choices) -> Identity:
    claims = [(name, choices.one(values)) for name, values in CLAIMS.items() if choices.chance(80)]
    return Identity(
        subject="persona.ficticia",
        institution=choices.one(tuple(PARTIES)),
        roles=tuple(choices.some(ROLES, 1, 2)),
        purpose=choices.one((*PURPOSES, *PURPOSES, None)),
        purpose_reference=None,
        client=None,
        claims=tuple(claims),
    )


def like(choices: Choices, identity: Identity) -> Identity:
    """Somebody who differs in one thing."""
    other = drawn_identity(choices)
    name = choices.one(("claims", "roles", "purpose", "institution"))
    return replace(identity, **{name: getattr(other, name)})


def drawn_agreements(choices: Choices, identity: Identity) -> list[Agreement]:
    return [_agreement(choices, identity, f"A-{number}") for number in range(choices.count(2, 7))]


def _agreement(choices: Choices, identity: Identity, number: str) -> Agreement:
    provider = choices.one(tuple(ROWS))
    first, last = _DAYS["in force" if choices.chance(70) else choices.one(tuple(_DAYS))]
    purposes = tuple(dict.fromkeys([*_own(choices, identity), *choices.some(PURPOSES, 1)]))
    grants = [_grant(choices, identity, provider, purposes, str(clause)) for clause in range(choices.count(1, 4))]
    return agreement(
        number,
        consumer=identity.institution if choices.chance(85) else choices.one(tuple(PARTIES)),
        provider=provider,
        in_force_from=DAY + timedelta(first),
        in_force_until=DAY + timedelta(last),
        suspension=_suspension(choices) if choices.chance(15) else None,
        purposes=purposes,
        grants=tuple(grants),
    )


def _own(choices: Choices, identity: Identity) -> list[str]:
    return [identity.purpose] if identity.purpose and choices.chance(80) else []


def _suspension(choices: Choices) -> Suspension:
    first, last = _PAUSES[choices.one(tuple(_PAUSES))]
    until = None if last is None else DAY + timedelta(last)
    return Suspension(from_=DAY + timedelta(first), until=until, reason="Ficticia")


def _grant(choices: Choices, identity: Identity, provider: str, purposes: tuple[str, ...], clause: str) -> Grant:
    conditional = choices.chance(50)
    fields = [f"{name}.*" for name in choices.some(ROWS[provider], 1)] if conditional else choices.some(FREE, 1, 12)
    if choices.chance(75):
        fields.append("Query.*")
    if not conditional and choices.chance(15):
        fields.append("*.*")
    return Grant(
        clause=clause,
        roles=identity.roles[:1] if choices.chance(75) else tuple(choices.some(ROLES, 1)),
        fields=tuple(fields),
        purposes=tuple(choices.some(purposes, 0)) if choices.chance(25) else (),
        conditions=tuple(_condition(choices, provider) for _ in range(choices.count(1, 2))) if conditional else (),
    )


def _condition(choices: Choices, provider: str) -> Condition:
    field = choices.one(CONDITIONED[provider])
    way = choices.one(("equals", "one_of", "none_of", "equals_claim"))
    if way == "equals_claim":
        return Condition(field=field, equals_claim=choices.one(tuple(CLAIMS)))
    values = _values(field)
    given: Any = choices.one(values) if way == "equals" else tuple(choices.some(values, 1))
    return Condition(field=field, **{way: given})


def _values(field: str) -> list[Any]:
    """All that the field is anywhere, and what it is nowhere."""
    named = field.partition(".")[0]
    found = [looked_up(record, field.split(".")[1:]) for record in WORLD.data if type_of(record) == named]
    return [*dict.fromkeys(value for value in found if value is not None), "nothing"]
