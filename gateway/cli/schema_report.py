"""A comparison of schemas for a person: changes by gravity and coordinate, what operations they touch, and counts.

In colour on a terminal, the same text elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from gateway.cli.issues import printable
from gateway.federation.schema_changes.change import Change, Severity
from gateway.federation.schema_changes.check import Report, Status, Verdict
from gateway.federation.schema_changes.documents import Operation

_STYLES = {
    Severity.BREAKING: "bold red",
    Severity.DANGEROUS: "bold yellow",
    Severity.SAFE: "bold green",
}
_TITLES = {
    Status.BROKEN: ("Operations that are no longer valid", "bold red"),
    Status.INVALID: ("Operations that were not valid before, and do not count", "bold magenta"),
}


def show(console: Console, report: Report) -> None:
    """Prints the report."""
    for severity in Severity:
        for line in _changes(report, severity):
            console.print(line, soft_wrap=True)
    for status in _TITLES:
        for line in _operations(report, status):
            console.print(line, soft_wrap=True)
    console.print(_counts(report), soft_wrap=True)


def _changes(report: Report, severity: Severity) -> Iterator[Text]:
    found = report.of(severity)
    if found:
        yield Text(severity.value.capitalize(), _STYLES[severity])
        for change in found:
            yield Text.assemble("  ", (change.coordinate, "bold"), f"  {printable(change.message)}")
            yield from _touched(report, change)
        yield Text()


def _touched(report: Report, change: Change) -> Iterator[Text]:
    """The operations that a change touches, where that is worth a line."""
    if not report.verdicts or (change.severity is Severity.SAFE and change.code != "DEPRECATION_ADDED"):
        return
    operations = report.touched_by(change)
    for operation in operations:
        yield Text(f"    {_named(operation)}", "cyan")
    if not operations and change.severity is Severity.BREAKING:
        yield Text("    no given operation is affected", "dim")


def _operations(report: Report, status: Status) -> Iterator[Text]:
    found = [verdict for verdict in report.verdicts if verdict.status is status]
    if found:
        title, style = _TITLES[status]
        yield Text(title, style)
        for verdict in found:
            yield Text(f"  {_named(verdict.operation)}", "cyan")
            yield from _problems(verdict)
        yield Text()


def _problems(verdict: Verdict) -> Iterator[Text]:
    for problem in verdict.problems:
        yield Text(printable(f"    {problem.file}:{problem.line}: {problem.message}"))


def _named(operation: Operation) -> str:
    return printable(f"{operation.name or 'unnamed'} ({operation.file}:{operation.line})")


def _counts(report: Report) -> str:
    changes = ", ".join(f"{len(report.of(severity))} {severity.value}" for severity in Severity)
    if not report.changes:
        changes = "No changes"
    if not report.verdicts:
        return f"{changes}."
    return f"{changes}. {_of_operations(report.verdicts)}."


def _of_operations(verdicts: Sequence[Verdict]) -> str:
    number = len(verdicts)
    by_status = ", ".join(
        f"{sum(verdict.status is status for verdict in verdicts)} {status.value}" for status in Status
    )
    return f"{number} operation{'' if number == 1 else 's'}: {by_status}"
