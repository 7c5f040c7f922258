"""What one caller may have of this institution on one day, by the agreements that it holds.

The default is no. A field is given by a grant that names it, one of the caller's roles, and the purpose that is stated;
an institution's own people need none under its internal directive. A grant may ask more of the row: conditions, which
its data fulfil or not, and that the caller is assigned to the case, or says an exceptional reason.
"""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from subgraphs.common.agreements.held import HeldAgreements
from subgraphs.common.agreements.text import Agreement, Condition, Grant
from subgraphs.common.identity import Caller

Value = Callable[[tuple[str, ...]], object]
"""The value of a row's field, by its path."""


@dataclass(frozen=True, slots=True)
class Given:
    """A grant that is the caller's. `cited`: `NUMBER@digest#clause`."""

    grant: Grant
    cited: str

    def conditions_hold(self, type_name: str, value: Value, claims: dict[str, str]) -> bool:
        """Whether a row of the type fulfils what the grant asks of such rows."""
        asked = (one for one in self.grant.conditions if one.type == type_name)
        return all(condition.holds(value(condition.path), claims) for condition in asked)


@dataclass(frozen=True)
class Rights:
    """`given`: all grants that are the caller's; `unlimited`: no agreement decides here."""

    given: tuple[Given, ...] = ()
    claims: dict[str, str] = field(default_factory=dict)
    exceptional: bool = False
    mask_documents: bool = False
    page_limit: int | None = None
    unlimited: bool = False
    _free: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def covers(self, coordinate: str) -> bool:
        """Whether some grant names the field."""
        return self.unlimited or any(_names(one.grant.fields, coordinate) for one in self.given)

    def is_free(self, coordinate: str) -> bool:
        """Whether the field is given on every row."""
        if coordinate not in self._free:
            self._free[coordinate] = self.unlimited or self._find_free(coordinate)
        return self._free[coordinate]

    def _find_free(self, coordinate: str) -> bool:
        type_name = coordinate.partition(".")[0]
        if any(".".join(condition.field.split(".")[:2]) == coordinate for condition in self._conditions()):
            return True  # the gateway fetches it to check the condition again, and shows it to nobody
        return any(
            not one.grant.assignment
            and not any(condition.type == type_name for condition in one.grant.conditions)
            and _names(one.grant.fields, coordinate)
            for one in self.given
        )

    def _conditions(self) -> Iterator[Condition]:
        for one in self.given:
            yield from one.grant.conditions

    def limits_rows(self, type_name: str) -> bool:
        """Whether there may be rows of the type that do not exist for the caller."""
        naming = self._naming(type_name)
        return not self.unlimited and not any(
            all(condition.type != type_name for condition in one.grant.conditions) for one in naming
        )

    def shows(self, type_name: str, value: Value) -> bool:
        """Whether a row exists for the caller: some grant that names a field of its type covers it."""
        return not self.limits_rows(type_name) or any(
            one.conditions_hold(type_name, value, self.claims) for one in self._naming(type_name)
        )

    async def refusal(self, coordinate: str, value: Value, assigned: Callable[[], Awaitable[bool]]) -> str | None:
        """The code by which a field of a row is kept back; None if it is given."""
        type_name = coordinate.partition(".")[0]
        covering = [
            one
            for one in self.given
            if _names(one.grant.fields, coordinate) and one.conditions_hold(type_name, value, self.claims)
        ]
        if not covering:
            return "WITHHELD"
        if self.exceptional or any(not one.grant.assignment for one in covering) or await assigned():
            return None
        return "ASSIGNMENT_REQUIRED"

    def cited(self, coordinates: Collection[str]) -> list[str]:
        """The clauses that give these fields, as records cite them."""
        return sorted({one.cited for one in self.given if any(_names(one.grant.fields, each) for each in coordinates)})

    def _naming(self, type_name: str) -> list[Given]:
        return [one for one in self.given if any(_covers_type(pattern, type_name) for pattern in one.grant.fields)]


UNLIMITED = Rights(unlimited=True)
"""Where no agreements are held: for trying a subgraph, and for its own tests."""


@dataclass(frozen=True, slots=True)
class Kind:
    """All of a caller that grants are given by."""

    institution: str
    roles: frozenset[str]
    purpose: str | None


def kind_of(caller: Caller) -> Kind:
    return Kind(caller.institution, caller.held_roles, caller.purpose)


def rights_of(held: HeldAgreements, caller: Caller, day: date) -> Rights:
    """The caller's rights on that day in Lima."""
    claims = {**dict(caller.claims), "institution": caller.institution, "subject": caller.subject}
    given = rights_of_kind(held, kind_of(caller), day)
    return replace(given, claims=claims, exceptional=caller.exceptional_reason is not None)


@lru_cache(maxsize=256)
def rights_of_kind(held: HeldAgreements, kind: Kind, day: date) -> Rights:
    """What every caller of that kind has, worked out once; what only the caller's own claims decide is left open."""
    found: list[Given] = []
    agreements: list[Agreement] = []
    for one in held.held:
        agreement = one.agreement
        if agreement.consumer != kind.institution or not agreement.is_in_force(day):
            continue
        mine = [grant for grant in agreement.grants if _is_for(agreement, grant, kind)]
        found += [Given(grant, f"{agreement.number}@{one.digest}#{grant.clause}") for grant in mine]
        agreements += [agreement] if mine else []
    limits = [one.obligations.page_limit for one in agreements if one.obligations.page_limit is not None]
    return Rights(
        tuple(found),
        mask_documents=any(one.obligations.mask_documents for one in agreements),
        page_limit=min(limits, default=None),
    )


def _is_for(agreement: Agreement, grant: Grant, kind: Kind) -> bool:
    if kind.roles.isdisjoint(grant.roles):
        return False
    return agreement.consumer == agreement.provider or kind.purpose in (grant.purposes or agreement.purposes)


def _names(patterns: Iterable[str], coordinate: str) -> bool:
    return any(_expression(pattern).fullmatch(coordinate) for pattern in patterns)


def _covers_type(pattern: str, type_name: str) -> bool:
    return _expression(pattern.partition(".")[0]).fullmatch(type_name) is not None


@lru_cache(maxsize=10_000)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(r"\w*".join(map(re.escape, pattern.split("*"))))
