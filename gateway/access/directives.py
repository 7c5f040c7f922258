"""`@authenticated`, `@requiresScopes` and `@policy` of the supergraph, as a policy.

A field is refused by a rule on itself, on its type, on the type that it gives, and by those of every interface that its
type has: whoever asks through the interface meets the same rules, and so does whoever names the object's type. A field
that a subgraph gives on an interface, which it knows as an object, is one of every type that has the interface, and
meets the rules of each. All of them must hold. The rules are found under whatever names the supergraph links them
(Apollo Federation, `@link`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.federation.policy import ALLOW, Decision, Policy, Refusal
from gateway.federation.supergraph.model import AccessRule, Supergraph

Policies = Mapping[str, frozenset[str]]
"""Names that `@policy` may have, and the roles of which any fulfils the policy."""

_UNAUTHENTICATED = "Only who is identified may have {coordinate}. Send a token."
_SCOPES = "{coordinate} needs scopes that your token has not. Ask your institution for them."
_POLICY = "{coordinate} is kept by a policy that you do not fulfil."


@dataclass(frozen=True, slots=True)
class Standing:
    """All of a caller that the directives decide on."""

    identified: bool
    scopes: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()


def fulfilled_policies(policies: Policies, roles: frozenset[str]) -> frozenset[str]:
    """Those that someone with these roles fulfils."""
    return frozenset(name for name, wanted in policies.items() if not roles.isdisjoint(wanted))


def directives_policy(supergraph: Supergraph, standing: Standing) -> Policy:
    """What the supergraph's own rules allow to that kind of caller, whichever subgraph is asked."""

    def decide(subgraph: str, coordinate: str) -> Decision:
        for rule in _rules(supergraph, coordinate):
            refused = _refused(rule, standing, coordinate)
            if refused is not None:
                return refused
        return ALLOW

    return decide


def _rules(supergraph: Supergraph, coordinate: str) -> Iterator[AccessRule]:
    type_name, _, field_name = coordinate.partition(".")
    known = supergraph.types[type_name]
    named = {entry.named_type for entry in known.fields.get(field_name, {}).values()}
    for place in (type_name, *sorted(known.interfaces), *_implementers(supergraph, type_name)):
        for element in (place, f"{place}.{field_name}"):
            if element in supergraph.access_rules:
                yield supergraph.access_rules[element]
    for element in sorted(named):
        if element in supergraph.access_rules:
            yield supergraph.access_rules[element]


def _implementers(supergraph: Supergraph, type_name: str) -> list[str]:
    """The types that an interface's field may be of; none for another type."""
    return sorted(name for name, known in supergraph.types.items() if type_name in known.interfaces)


def _refused(rule: AccessRule, standing: Standing, coordinate: str) -> Refusal | None:
    if not standing.identified and rule != AccessRule():
        return Refusal("UNAUTHENTICATED", _UNAUTHENTICATED.format(coordinate=coordinate))
    if rule.scopes and not _any_whole(rule.scopes, standing.scopes):
        return Refusal("INSUFFICIENT_SCOPE", _SCOPES.format(coordinate=coordinate))
    if rule.policies and not _any_whole(rule.policies, standing.policies):
        return Refusal("POLICY_NOT_FULFILLED", _POLICY.format(coordinate=coordinate))
    return None


def _any_whole(alternatives: tuple[tuple[str, ...], ...], held: frozenset[str]) -> bool:
    return any(held.issuperset(each) for each in alternatives)
