"""What in a register could not be enforced on a supergraph: taken, it would give more than it says.

Conditions and assignment hold for rows: they may be laid on fields of the provider's entities (types with a key) and on
the doors of `Query`. What hangs below is given by another clause, without conditions, and reached only through them.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.access.agreements.document import Condition, Grant
from gateway.access.agreements.register import Register
from gateway.federation.supergraph.model import Supergraph


def unsound(register: Register, supergraph: Supergraph) -> list[str]:
    """Each problem with its agreement and clause. Agreements of providers whose subgraphs are not in the supergraph
    give nothing here."""
    return [
        f"{signed.agreement.number}, clause {grant.clause}: {problem}"
        for signed in register.agreements
        for subgraph in register.parties[signed.agreement.provider].subgraphs
        if subgraph in supergraph.subgraphs
        for grant in signed.agreement.grants
        for problem in unsound_clause(grant, subgraph, supergraph)
    ]


def unsound_clause(grant: Grant, subgraph: str, supergraph: Supergraph) -> Iterator[str]:
    """What of one clause could not be enforced where its provider is that subgraph."""
    rows = {name for name, known in supergraph.types.items() if (told := known.subgraphs.get(subgraph)) and told.keys}
    rows |= set(supergraph.roots.values())
    if grant.conditions or grant.assignment:
        for field in grant.fields:
            if field.partition(".")[0] not in rows:
                yield f"{field} is a part of other rows: grant it in a clause without conditions."
    for condition in grant.conditions:
        if condition.field.partition(".")[0] not in rows or leaf_type(condition, subgraph, supergraph) is None:
            yield f"{condition.field} is no field that {subgraph} resolves by itself on rows of that type."


def leaf_type(condition: Condition, subgraph: str, supergraph: Supergraph) -> str | None:
    """The type of the leaf that a condition is on; None where the subgraph does not resolve it all by itself."""
    name, *path = condition.field.split(".")
    for step in path:
        known = supergraph.types.get(name)
        entry = None if known is None else known.fields.get(step, {}).get(subgraph)
        if entry is None or entry.external or entry.is_moved or entry.requires or entry.type.startswith("["):
            return None
        name = entry.named_type
    return None if name in supergraph.types else name
