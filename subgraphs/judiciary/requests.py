"""What the Judiciary's resolvers have of the request: the reader, and nothing beside it."""

from typing import Protocol

import strawberry

from subgraphs.judiciary.reader import JudiciaryReader


class HasReader(Protocol):
    @property
    def reader(self) -> JudiciaryReader: ...


Info = strawberry.Info[HasReader, None]
