"""Register + kind of reader + day -> policy: what each agreement in force gives, and why the rest is refused.

The default is no. A field is given by a grant of an agreement between the reader's institution and the one whose
subgraph is asked, that names the field, one of the reader's roles and the purpose (*motivo de la consulta*) that is
stated. An institution's own people read under its internal directive, which needs no purpose. Of all the reasons for a
refusal the reader is told the last one that stands in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from gateway.access.agreements.conditions import on_object
from gateway.access.agreements.document import Grant
from gateway.access.agreements.patterns import covers
from gateway.access.agreements.refusals import refusal, withheld
from gateway.access.agreements.register import Register, Signed
from gateway.federation.policy import Allow, Decision, Policy


@dataclass(frozen=True, slots=True)
class Reader:
    """All of an identity that agreements decide on."""

    institution: str
    roles: frozenset[str]
    purpose: str | None


class Step(IntEnum):
    """How far a grant leads a reader; the last is the field itself."""

    NO_AGREEMENT = 0
    EXPIRED = 1
    SUSPENDED = 2
    NO_ROLE = 3
    NO_PURPOSE = 4
    OTHER_PURPOSE = 5
    GIVEN = 6


@dataclass(frozen=True, slots=True)
class Clause:
    """A grant, with the agreement that it stands in."""

    signed: Signed
    grant: Grant

    @property
    def cited(self) -> str:
        """How records cite it: `NUMBER@digest#clause`."""
        return f"{self.signed.cited}#{self.grant.clause}"


def policy_of(register: Register, reader: Reader, day: date) -> Policy:
    """What the register gives to that kind of reader on that day."""
    between = {sign: clauses_between(register, reader.institution, sign) for sign in register.parties}

    def decide(subgraph: str, coordinate: str) -> Decision:
        provider = register.provider_of(subgraph)
        naming = _naming(between[provider], coordinate) if provider is not None else []
        return _decision(naming, reader, day, coordinate, provider)

    return decide


def clauses_between(register: Register, consumer: str, provider: str) -> list[Clause]:
    """The clauses by which one institution gives to another, in force or not."""
    return [
        clause
        for clause in all_clauses(register)
        if (clause.signed.agreement.consumer, clause.signed.agreement.provider) == (consumer, provider)
    ]


def all_clauses(register: Register) -> list[Clause]:
    """Every clause of every agreement, in order."""
    return [Clause(signed, grant) for signed in register.agreements for grant in signed.agreement.grants]


def giving(register: Register, reader: Reader, day: date, subgraph: str, coordinate: str) -> list[Clause]:
    """The clauses by which the reader is given the field of that subgraph."""
    provider = register.provider_of(subgraph)
    clauses = [] if provider is None else clauses_between(register, reader.institution, provider)
    return [clause for clause in _naming(clauses, coordinate) if step_of(clause, reader, day) is Step.GIVEN]


def step_of(clause: Clause, reader: Reader, day: date) -> Step:
    """How far a clause that names a field leads the reader."""
    agreement, grant = clause.signed.agreement, clause.grant
    state = agreement.state(day)
    if state != "IN_FORCE":
        return {"EXPIRED": Step.EXPIRED, "SUSPENDED": Step.SUSPENDED}.get(state, Step.NO_AGREEMENT)
    if reader.roles.isdisjoint(grant.roles):
        return Step.NO_ROLE
    if agreement.is_internal:
        return Step.GIVEN
    if reader.purpose is None:
        return Step.NO_PURPOSE
    return Step.GIVEN if reader.purpose in (grant.purposes or agreement.purposes) else Step.OTHER_PURPOSE


def _decision(naming: Sequence[Clause], reader: Reader, day: date, coordinate: str, provider: str | None) -> Decision:
    steps = [step_of(clause, reader, day) for clause in naming]
    reached = max(steps, default=Step.NO_AGREEMENT)
    if reached is not Step.GIVEN:
        return refusal(reached.name, coordinate, provider)
    giving = [clause for clause, step in zip(naming, steps, strict=True) if step is Step.GIVEN]
    condition = on_object(
        coordinate.partition(".")[0],
        [clause.grant.conditions for clause in giving],
        withheld(coordinate, provider),
    )
    return Allow(condition, tuple(clause.cited for clause in giving))


def _naming(clauses: Sequence[Clause], coordinate: str) -> list[Clause]:
    return [clause for clause in clauses if covers(clause.grant.fields, coordinate)]
