"""Searching by a person's document: it needs a reference of the purpose, and is limited for each reader.

What is looked for is a person, and no case that the reader works on; so he says what for (the file that he works on,
Ley 29733), and nobody can go through a list of documents. The limit is this process's own.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from graphql import GraphQLError

from subgraphs.common.agreements.gate import current_caller
from subgraphs.common.identity import Caller

MOST, WINDOW_SECONDS = 30, 60.0
MOST_READERS = 10_000


@dataclass(eq=False)
class PersonSearches:
    """At most `most` in `window` seconds of each reader; who has not searched for longest is forgotten first."""

    most: int = MOST
    window: float = WINDOW_SECONDS
    clock: Callable[[], float] = time.monotonic
    _made: OrderedDict[tuple[str, str], deque[float]] = field(default_factory=OrderedDict)

    def count(self, caller: Caller) -> None:
        """One more search. Raises `GraphQLError`: PURPOSE_REFERENCE_REQUIRED, RATE_LIMITED."""
        if not caller.purpose_reference:
            message = "A search by a person's document states what it is for in the header Quipu-Purpose-Reference."
            raise GraphQLError(message, extensions={"code": "PURPOSE_REFERENCE_REQUIRED"})
        now, who = self.clock(), (caller.institution, caller.subject)
        made = self._made.setdefault(who, deque())
        self._made.move_to_end(who)
        while len(self._made) > MOST_READERS:
            self._made.popitem(last=False)
        while made and now - made[0] >= self.window:
            made.popleft()
        if len(made) >= self.most:
            seconds = ceil(self.window - (now - made[0]))
            message = f"That were too many searches by a person's document; the next may be made in {seconds} s."
            raise GraphQLError(message, extensions={"code": "RATE_LIMITED"})
        made.append(now)


_SEARCHES = PersonSearches()


def search_by_person() -> None:
    """Counts a search of the reader for whom the present code runs. Raises what `PersonSearches.count` does."""
    caller = current_caller()
    if caller is not None:
        _SEARCHES.count(caller)
