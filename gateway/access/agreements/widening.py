"""Whether a new version of an agreement gives anything to anybody that the old one did not.

What is not plainly as narrow as before counts as wider: whoever asks wants to be told once too often.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import date

from gateway.access.agreements.document import Agreement, Condition, Grant, Suspension
from gateway.access.agreements.patterns import covers

_NEVER = date.max
Access = tuple[str, str, str]
"""Role, purpose and coordinate."""


def widens(before: Agreement, after: Agreement, coordinates: Collection[str]) -> bool:
    """`coordinates`: every field that the provider has."""
    return (
        (before.consumer, before.provider) != (after.consumer, after.provider)
        or _lasts_longer(before, after)
        or _obliges_less(before, after)
        or _gives_more(before, after, coordinates)
    )


def _lasts_longer(before: Agreement, after: Agreement) -> bool:
    if after.in_force_from < before.in_force_from or after.in_force_until > before.in_force_until:
        return True
    return before.suspension is not None and not _pauses(after.suspension, before.suspension)


def _pauses(now: Suspension | None, was: Suspension) -> bool:
    """Whether all days of the old suspension are suspended."""
    return now is not None and now.from_ <= was.from_ and (now.until or _NEVER) >= (was.until or _NEVER)


def _obliges_less(before: Agreement, after: Agreement) -> bool:
    was, now = before.obligations, after.obligations
    return (was.mask_documents and not now.mask_documents) or (now.page_limit or math.inf) > (
        was.page_limit or math.inf
    )


def _gives_more(before: Agreement, after: Agreement, coordinates: Collection[str]) -> bool:
    was = _given(before, coordinates)
    return any(
        not any(_as_narrow(grant, known) for known in was.get(access, ()))
        for access, grants in _given(after, coordinates).items()
        for grant in grants
    )


def _given(agreement: Agreement, coordinates: Collection[str]) -> dict[Access, list[Grant]]:
    found: dict[Access, list[Grant]] = {}
    for grant in agreement.grants:
        covered = [each for each in coordinates if covers(grant.fields, each)]
        for role in grant.roles:
            for purpose in grant.purposes or agreement.purposes:
                for coordinate in covered:
                    found.setdefault((role, purpose, coordinate), []).append(grant)
    return found


def _as_narrow(now: Grant, was: Grant) -> bool:
    """Whether whatever the new clause lets pass, the old one did too."""
    if was.assignment and not now.assignment:
        return False
    return all(any(_implies(one, old) for one in now.conditions) for old in was.conditions)


def _implies(now: Condition, was: Condition) -> bool:
    if now == was:
        return True
    if now.field != was.field:
        return False
    allowed = (now.equals,) if now.equals is not None else now.one_of
    if allowed is not None:
        return (
            (was.one_of is not None and set(allowed) <= set(was.one_of))
            or (was.equals is not None and set(allowed) == {was.equals})
            or (was.none_of is not None and set(allowed).isdisjoint(was.none_of))
        )
    return now.none_of is not None and was.none_of is not None and set(now.none_of) >= set(was.none_of)
