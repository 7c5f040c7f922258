"""Whether a request may be executed at all: every field that it names is given to the caller, or nothing is answered.

The gateway never asks for what it knows to be refused. Where it does, the two sides do not hold the same agreements:
then the provider's own copy decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from graphql import GraphQLSchema

from subgraphs.common.agreements.coordinates import coordinates_of, path_coordinates
from subgraphs.common.agreements.held import HeldAgreements
from subgraphs.common.agreements.rights import Rights, rights_of
from subgraphs.common.agreements.text import AgreementError, Grant
from subgraphs.common.identity import Caller


@dataclass(frozen=True, slots=True)
class Decision:
    """`coordinates`: what the request reads; `refused`: those of them that no agreement gives, sorted."""

    rights: Rights
    coordinates: frozenset[str]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """An institution's schema and the fields of its keys, as it decides on requests."""

    schema: GraphQLSchema
    keys: frozenset[str]

    def decide(self, held: HeldAgreements, caller: Caller, day: date, document: str) -> Decision:
        """What holds for one request."""
        rights = rights_of(held, caller, day)
        asked = coordinates_of(self.schema, document)
        free = self.keys | self._named_by_conditions(rights)
        refused = (coordinate for coordinate in asked - free if not rights.covers(coordinate))
        return Decision(rights, asked, tuple(sorted(refused)))

    def check(self, held: HeldAgreements) -> None:
        """Raises `AgreementError` for agreements that could not be enforced: a condition on what this schema does not
        have, or one that is laid on parts of rows."""
        problems = [
            f"{one.agreement.number}, clause {grant.clause}: {problem}"
            for one in held.held
            for grant in one.agreement.grants
            for problem in self._problems(grant)
        ]
        if problems:
            raise AgreementError("\n".join(problems))

    def _problems(self, grant: Grant) -> Iterator[str]:
        types = {coordinate.partition(".")[0] for coordinate in self.keys} | {"Query"}
        for condition in grant.conditions:
            if path_coordinates(self.schema, condition.field) is None or condition.type not in types:
                yield f"{condition.field} is no field that a condition can be on here."
        if grant.conditions or grant.assignment:
            for field in grant.fields:
                if field.partition(".")[0] not in types:
                    yield f"{field} is a part of other rows: grant it in a clause without conditions."

    def _named_by_conditions(self, rights: Rights) -> frozenset[str]:
        """What the gateway fetches to check conditions again."""
        fields = {condition.field for one in rights.given for condition in one.grant.conditions}
        return _union(path_coordinates(self.schema, field) or frozenset() for field in fields)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
