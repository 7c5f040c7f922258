"""An agreement as this institution reads the file that it signed, strictly: a key that is not known is an error.

The gateway reads the same files with code of its own; nothing is shared, so that a mistake on one side is not made on
the other.
"""

from datetime import date

import msgspec


class AgreementError(Exception):
    """The folder of agreements cannot be taken. The message names the file and the repair."""


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All parts of an agreement are read alike."""


class Condition(_Strict, frozen=True):
    """What a field of a row must be; exactly one of the comparisons is there."""

    field: str
    equals: str | int | bool | None = None
    one_of: tuple[str | int | bool, ...] | None = None
    none_of: tuple[str | int | bool, ...] | None = None
    equals_claim: str | None = None

    @property
    def type(self) -> str:
        return self.field.partition(".")[0]

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.field.split(".")[1:])

    def holds(self, value: object, claims: dict[str, str]) -> bool:
        """Whether the value is as it must be. Values equal only what is of their kind: `true` is not 1."""
        if self.none_of is not None:
            return not any(_same(value, other) for other in self.none_of)
        if self.one_of is not None:
            return any(_same(value, other) for other in self.one_of)
        wanted = self.equals if self.equals_claim is None else claims.get(self.equals_claim)
        return wanted is not None and _same(value, wanted)


class Grant(_Strict, frozen=True):
    clause: str
    roles: tuple[str, ...]
    fields: tuple[str, ...]
    purposes: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    assignment: bool = False


class Obligations(_Strict, frozen=True):
    mask_documents: bool = False
    page_limit: int | None = None
    retention: str = ""


class Suspension(_Strict, frozen=True, rename={"from_": "from"}):
    from_: date
    reason: str
    until: date | None = None


class Agreement(_Strict, frozen=True):
    number: str
    version: int
    title: str
    consumer: str
    provider: str
    signed_on: date
    in_force_from: date
    in_force_until: date
    legal_basis: tuple[str, ...]
    purposes: tuple[str, ...]
    grants: tuple[Grant, ...]
    obligations: Obligations = Obligations()
    suspension: Suspension | None = None

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on that day in Lima."""
        pause = self.suspension
        paused = pause is not None and pause.from_ <= day and (pause.until is None or day <= pause.until)
        return self.in_force_from <= day <= self.in_force_until and not paused


class Party(_Strict, frozen=True):
    name: str
    keys: tuple[str, ...]
    subgraphs: tuple[str, ...] = ()


def read_agreement(raw: bytes) -> Agreement:
    """Raises `AgreementError`."""
    try:
        agreement = msgspec.toml.decode(raw, type=Agreement)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise AgreementError(str(error)) from error
    for condition in (condition for grant in agreement.grants for condition in grant.conditions):
        told = (condition.equals, condition.one_of, condition.none_of, condition.equals_claim)
        if sum(value is not None for value in told) != 1 or not condition.path:
            raise AgreementError(f"a condition on {condition.field} says exactly one thing of a field of a type")
    return agreement


def read_parties(raw: bytes) -> dict[str, Party]:
    """Raises `AgreementError`."""
    try:
        return msgspec.toml.decode(raw, type=dict[str, Party])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise AgreementError(str(error)) from error


def _same(value: object, other: object) -> bool:
    return type(value) is type(other) and value == other
