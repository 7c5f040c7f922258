"""Two schemas and the operations of clients -> every change, and which operations it touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from graphql import DocumentNode, GraphQLSchema, validate

from gateway.federation.schema_changes.change import Change, Severity
from gateway.federation.schema_changes.compare import compare
from gateway.federation.schema_changes.documents import Operation, Problem, problem_of
from gateway.federation.schema_changes.uses import marks_of


class Status(StrEnum):
    """`BROKEN`: no longer valid. `AFFECTED`: valid, but touched by a breaking or dangerous change. `UNAFFECTED`:
    neither. `INVALID`: not valid in the old schema either, so that it does not count."""

    BROKEN = "broken"
    AFFECTED = "affected"
    UNAFFECTED = "unaffected"
    INVALID = "invalid"


@dataclass(frozen=True)
class Verdict:
    """What the changes mean for one operation. `problems`: why it is broken, or invalid."""

    operation: Operation
    status: Status
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Report:
    """All changes, by coordinate, and a verdict for each operation that was given."""

    changes: tuple[Change, ...]
    verdicts: tuple[Verdict, ...]

    def of(self, severity: Severity) -> list[Change]:
        return [change for change in self.changes if change.severity is severity]

    def touched_by(self, change: Change) -> list[Operation]:
        """The operations that a change touches."""
        return [verdict.operation for verdict in self.verdicts if change in verdict.changes]

    @property
    def breaks(self) -> bool:
        """Does anything break, used or not?"""
        return bool(self.of(Severity.BREAKING)) or self.breaks_given

    @property
    def breaks_given(self) -> bool:
        """Is an operation that was given broken, or touched by a breaking change?"""
        return any(
            verdict.status is Status.BROKEN or any(change.severity is Severity.BREAKING for change in verdict.changes)
            for verdict in self.verdicts
        )


def check(old: GraphQLSchema, new: GraphQLSchema, operations: Iterable[Operation] = ()) -> Report:
    """Compares two valid schemas, as clients see them."""
    changes = tuple(compare(old, new))
    return Report(changes, tuple(_verdict(old, new, changes, operation) for operation in operations))


def _verdict(old: GraphQLSchema, new: GraphQLSchema, changes: tuple[Change, ...], operation: Operation) -> Verdict:
    if operation.document is None:
        return Verdict(operation, Status.INVALID, problems=operation.problems)
    if problems := _problems(old, operation, operation.document):
        return Verdict(operation, Status.INVALID, problems=problems)
    marks = marks_of(old, operation.document)
    touching = tuple(change for change in changes if not marks.isdisjoint(change.marks))
    if problems := _problems(new, operation, operation.document):
        return Verdict(operation, Status.BROKEN, touching, problems)
    unsafe = any(change.severity is not Severity.SAFE for change in touching)
    return Verdict(operation, Status.AFFECTED if unsafe else Status.UNAFFECTED, touching)


def _problems(schema: GraphQLSchema, operation: Operation, document: DocumentNode) -> tuple[Problem, ...]:
    return tuple(problem_of(error, operation.file, operation.line) for error in validate(schema, document))
