"""What is wrong or doubtful in a register, held against the supergraph whose fields it grants.

A finding never changes what is enforced: what could not be enforced is refused when agreements are loaded
(`soundness`); this says all of it, and what a lawyer would want to know besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import combinations

from graphql import GraphQLEnumType

from gateway.access.agreements.decide import Clause, all_clauses
from gateway.access.agreements.document import Agreement, Condition
from gateway.access.agreements.patterns import covers
from gateway.access.agreements.register import Register
from gateway.access.agreements.soundness import leaf_type, unsound_clause
from gateway.federation.supergraph.model import Supergraph

ERROR, WARNING = "error", "warning"
_FREE: tuple[tuple[Condition, ...], bool] = ((), False)


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is stable; `clause` is None for what concerns the whole agreement; `about` fills the words of the code."""

    level: str
    code: str
    agreement: str
    clause: str | None
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reviewed:
    """One clause with the coordinates that its provider has in the supergraph."""

    clause: Clause
    coordinates: frozenset[str]

    @property
    def agreement(self) -> Agreement:
        return self.clause.signed.agreement

    @property
    def covered(self) -> frozenset[str]:
        """What the clause grants."""
        return frozenset(each for each in self.coordinates if covers(self.clause.grant.fields, each))

    def find(self, level: str, code: str, *about: str) -> Finding:
        """A finding in this clause."""
        return Finding(level, code, self.agreement.number, self.clause.grant.clause, about)


def review(register: Register, supergraph: Supergraph, day: date, within: timedelta) -> list[Finding]:
    """All findings, errors first. `within`: how soon an agreement ends that is told to end soon."""
    clauses = [
        Reviewed(clause, _coordinates(register, supergraph, clause.signed.agreement.provider))
        for clause in all_clauses(register)
    ]
    found = [finding for signed in register.agreements for finding in _dates(signed.agreement, day, within)]
    for clause in clauses:
        for rule in _RULES:
            found += rule(clause, register, supergraph)
    found += _overlaps(clauses, day)
    found += _idle(clauses)
    return sorted(found, key=lambda finding: (finding.level != ERROR, finding.agreement, finding.clause or ""))


def _coordinates(register: Register, supergraph: Supergraph, provider: str) -> frozenset[str]:
    """Every field that the provider's subgraphs resolve."""
    own = set(register.parties[provider].subgraphs)
    return frozenset(
        f"{name}.{field}"
        for name, known in supergraph.types.items()
        for field, entries in known.fields.items()
        if any(entry.subgraph in own and not entry.external for entry in entries.values())
    )


def _dates(agreement: Agreement, day: date, within: timedelta) -> Iterator[Finding]:
    state = agreement.state(day)
    if state == "EXPIRED":
        yield Finding(WARNING, "EXPIRED", agreement.number, None, (agreement.in_force_until.isoformat(),))
    elif state == "SUSPENDED":
        yield Finding(WARNING, "SUSPENDED", agreement.number, None)
    elif agreement.in_force_until <= day + within:
        yield Finding(WARNING, "EXPIRES_SOON", agreement.number, None, (agreement.in_force_until.isoformat(),))


def _unknown_fields(one: Reviewed, register: Register, supergraph: Supergraph) -> Iterator[Finding]:
    for pattern in one.clause.grant.fields:
        if any(covers([pattern], each) for each in one.coordinates):
            continue
        near = get_close_matches(pattern, sorted(one.coordinates), 1)
        level = WARNING if "*" in pattern else ERROR
        yield one.find(level, "UNKNOWN_FIELD", pattern, near[0] if near else "-")


def _unenforceable(one: Reviewed, register: Register, supergraph: Supergraph) -> Iterator[Finding]:
    for subgraph in register.parties[one.agreement.provider].subgraphs:
        if subgraph in supergraph.subgraphs:
            for problem in unsound_clause(one.clause.grant, subgraph, supergraph):
                yield one.find(ERROR, "UNENFORCEABLE", problem)


def _unknown_values(one: Reviewed, register: Register, supergraph: Supergraph) -> Iterator[Finding]:
    for condition in one.clause.grant.conditions:
        for subgraph in register.parties[one.agreement.provider].subgraphs:
            leaf = supergraph.schema.type_map.get(leaf_type(condition, subgraph, supergraph) or "")
            for value in (condition.equals, *(condition.one_of or ()), *(condition.none_of or ())):
                if isinstance(leaf, GraphQLEnumType) and value is not None and value not in leaf.values:
                    yield one.find(ERROR, "UNKNOWN_VALUE", str(value), condition.field, ", ".join(leaf.values))


_RULES: tuple[Callable[[Reviewed, Register, Supergraph], Iterator[Finding]], ...] = (
    _unknown_fields,
    _unenforceable,
    _unknown_values,
)


def _overlaps(clauses: list[Reviewed], day: date) -> Iterator[Finding]:
    """Two agreements in force at once that give the same to the same, each in its own way: the laxer one wins."""
    for one, other in combinations(clauses, 2):
        if one.agreement.number == other.agreement.number or not _same_parties(one.agreement, other.agreement):
            continue
        both = one.agreement.state(day) == other.agreement.state(day) == "IN_FORCE"
        shared = one.covered & other.covered
        if both and shared and _meet(one, other) and _terms(one) != _terms(other):
            cited = f"{other.agreement.number}, {other.clause.grant.clause}"
            yield one.find(WARNING, "OVERLAP", min(shared), cited)


def _idle(clauses: list[Reviewed]) -> Iterator[Finding]:
    """A clause that changes nothing: another of the same agreement gives all of it, to all of its roles, freely."""
    for place, one in enumerate(clauses):
        for other_place, other in enumerate(clauses):
            if one is other or one.agreement is not other.agreement or _terms(other) != _FREE:
                continue
            twin = _terms(one) == _FREE and one.covered == other.covered and place < other_place
            if one.covered and one.covered <= other.covered and _is_wider(other, one) and not twin:
                yield one.find(WARNING, "IDLE_CLAUSE", other.clause.grant.clause)
                break


def _is_wider(one: Reviewed, other: Reviewed) -> bool:
    """Whether whoever has the other clause has this one too."""
    return set(one.clause.grant.roles) >= set(other.clause.grant.roles) and _purposes(one) >= _purposes(other)


def _same_parties(one: Agreement, other: Agreement) -> bool:
    return (one.consumer, one.provider) == (other.consumer, other.provider)


def _meet(one: Reviewed, other: Reviewed) -> bool:
    roles = set(one.clause.grant.roles) & set(other.clause.grant.roles)
    return bool(roles and (_purposes(one) & _purposes(other)))


def _purposes(one: Reviewed) -> set[str]:
    return set(one.clause.grant.purposes or one.agreement.purposes)


def _terms(one: Reviewed) -> tuple[tuple[Condition, ...], bool]:
    return one.clause.grant.conditions, one.clause.grant.assignment
