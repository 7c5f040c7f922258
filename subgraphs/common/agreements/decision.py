"""Whether a request may be executed at all: every field that it names is given to the caller, or nothing is answered.

The gateway never asks for what it knows to be refused. Where it does, the two sides do not hold the same agreements:
then the provider's own copy decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from graphql import GraphQLSchema

from subgraphs.common.agreements.coordinates import coordinates_of, path_coordinates, types_of
from subgraphs.common.agreements.held import HeldAgreements
from subgraphs.common.agreements.rights import UNLIMITED, Kind, Rights, kind_of, rights_of, rights_of_kind
from subgraphs.common.agreements.text import AgreementError, Grant
from subgraphs.common.identity import Caller


@dataclass(frozen=True, slots=True)
class Decision:
    """`coordinates`: what the request reads; `refused`: those of them that no agreement gives; `cited`: the clauses
    that give the others. All sorted."""

    rights: Rights
    coordinates: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()


class Provider:
    """An institution's schema and the fields of its keys, as it decides on requests. What is decided for a document and
    a kind of caller is kept: the gateway sends the same documents again and again."""

    def __init__(self, schema: GraphQLSchema, keys: frozenset[str]) -> None:
        self.schema, self.keys = schema, keys
        self._known = lru_cache(maxsize=512)(self._decide)

    def decide(self, held: HeldAgreements, caller: Caller, day: date, document: str) -> Decision:
        """What holds for one request."""
        return replace(self._known(held, kind_of(caller), day, document), rights=rights_of(held, caller, day))

    def give_all(self, document: str) -> Decision:
        """What holds for a request of anyone where no agreements are held."""
        return Decision(UNLIMITED, tuple(sorted(coordinates_of(self.schema, document))))

    def _decide(self, held: HeldAgreements, kind: Kind, day: date, document: str) -> Decision:
        """What holds for everyone of that kind."""
        rights = rights_of_kind(held, kind, day)
        asked = coordinates_of(self.schema, document)
        free = self.keys | self._named_by_conditions(rights)
        refused = (coordinate for coordinate in asked - free if not rights.covers(coordinate))
        return Decision(rights, tuple(sorted(asked)), tuple(sorted(refused)), tuple(rights.cited(asked)))

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
        types = types_of(self.keys) | {"Query"}
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
