"""One request -> its row in the record of what the institution served: who asked, for what, which rows were read."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from subgraphs.common.agreements.decision import Decision
from subgraphs.common.agreements.gate import Row, value_of
from subgraphs.common.identity import Caller
from subgraphs.common.privacy import pseudonym_key
from subgraphs.common.served import ServedRecords, ServedRequest

DIGESTED = frozenset(("Person",))
"""Types whose keys are people's documents: recorded as keyed digests."""
_REQUEST = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Sent:
    """What the gateway sent, and what was decided on it. `request`: the id that it gave."""

    request: str
    document: str
    caller: Caller
    decision: Decision


class Recorder:
    """`keys`: the coordinates of the entities' keys."""

    def __init__(self, records: ServedRecords, keys: Iterable[str]) -> None:
        self.records = records
        self._keys: defaultdict[str, list[str]] = defaultdict(list)
        for coordinate in sorted(keys):
            type_name, _, name = coordinate.partition(".")
            self._keys[type_name].append(name)

    async def record(self, sent: Sent, rows: Mapping[tuple[str, int], Row], outcome: str) -> None:
        """Returns when the row is durable. Raises `RecordUnavailableError`."""
        caller, decision = sent.caller, sent.decision
        await self.records.append(
            ServedRequest(
                request=sent.request if _REQUEST.fullmatch(sent.request) else "-",
                subject=caller.subject,
                institution=caller.institution,
                roles=caller.roles,
                purpose=caller.purpose,
                reference=caller.purpose_reference,
                exceptional=caller.exceptional_reason,
                operation=hashlib.sha256(sent.document.encode()).hexdigest(),
                coordinates=decision.coordinates,
                entities=tuple(sorted({(name, self._key(name, row)) for name, row in rows.values()})),
                agreements=decision.cited,
                outcome=outcome,
            )
        )

    def _key(self, type_name: str, row: object) -> str:
        value = value_of(row)
        key = "\u001f".join(str(value((name,))) for name in self._keys[type_name])
        if type_name not in DIGESTED:
            return key
        return hashlib.blake2b(key.encode(), key=pseudonym_key(), digest_size=16).hexdigest()
