"""Identity -> authorization profile: all that could change a plan, so that plans are shared by kinds of user.

An `Access` is what decides at one moment and never changes: a request takes one at its beginning and sees no other. The
name of a profile is JSON of everything that its policy is made from, so no two policies share a name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from gateway.access.agreements.decide import Reader, policy_of
from gateway.access.agreements.register import Register
from gateway.access.directives import Policies, Standing, directives_policy, fulfilled_policies
from gateway.access.identity import Identity
from gateway.access.purposes import purpose_invalid
from gateway.federation.engine import Profile
from gateway.federation.policy import Allow, Decision, Policy
from gateway.federation.supergraph.model import Supergraph


@dataclass(frozen=True, eq=False)
class Access:
    """What decides: the agreements in this gateway's register, if it has one, and which roles fulfil which policies of
    the supergraph's `@policy`. `introspection`: the roles that may read the schema, `*` for all who are identified;
    None for everybody."""

    register: Register | None = None
    policies: Policies = field(default_factory=dict)
    introspection: frozenset[str] | None = None

    def profile(self, identity: Identity | None, supergraph: Supergraph, day: date) -> Profile:
        """The profile of an identity, or of nobody, on that day. Raises `AuthenticationError` for a purpose that
        institutions have not agreed on."""
        roles = frozenset(identity.roles) if identity else frozenset()
        scopes = frozenset(identity.scopes) if identity else frozenset()
        standing = Standing(identity is not None, scopes, fulfilled_policies(self.policies, roles))
        reads = self._may_introspect(identity)
        parts: list[object] = [reads, standing.identified, sorted(standing.scopes), sorted(standing.policies)]
        if self.register is None:
            return Profile(json.dumps(parts), _Lazy(supergraph, standing), reads)
        reader = Reader(identity.institution, roles, identity.purpose) if identity else Reader("", roles, None)
        _check_purpose(reader.purpose, self.register)
        parts += [_state(self.register, day), reader.institution, sorted(reader.roles), reader.purpose]
        return Profile(json.dumps(parts), _Lazy(supergraph, standing, self.register, reader, day), reads)

    def _may_introspect(self, identity: Identity | None) -> bool:
        if self.introspection is None:
            return True
        return identity is not None and not self.introspection.isdisjoint({"*", *identity.roles})


def _check_purpose(purpose: str | None, register: Register) -> None:
    if purpose is not None and purpose not in register.purposes:
        agreed = ", ".join(sorted(register.purposes)) or "none"
        raise purpose_invalid(f"That is no purpose that institutions have agreed on. State one of: {agreed}.")


@lru_cache(maxsize=16)
def _state(register: Register, day: date) -> str:
    """Names what the register gives on that day: it changes when an agreement begins or ends to be in force."""
    states = ",".join(one.agreement.state(day) for one in register.agreements)
    return f"{register.digest}:{states}"


@dataclass(frozen=True, eq=False)
class _Lazy:
    """A policy that is made when it is first asked: where a plan is known already it never is."""

    supergraph: Supergraph
    standing: Standing
    register: Register | None = None
    reader: Reader | None = None
    day: date | None = None

    @cached_property
    def _policies(self) -> tuple[Policy, ...]:
        own = directives_policy(self.supergraph, self.standing)
        if self.register is None or self.reader is None or self.day is None:
            return (own,)
        return own, policy_of(self.register, self.reader, self.day)

    def __call__(self, subgraph: str, coordinate: str) -> Decision:
        decision: Decision = Allow()
        for policy in self._policies:
            decision = policy(subgraph, coordinate)
            if not isinstance(decision, Allow):
                return decision
        return decision


def subject_of(identity: Identity | None) -> Mapping[str, str]:
    """What conditions on data may compare with: the identity's claims, its institution and who it is."""
    if identity is None:
        return {}
    return {**dict(identity.claims), "institution": identity.institution, "subject": identity.subject}
