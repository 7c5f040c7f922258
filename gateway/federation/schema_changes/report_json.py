"""A report as JSON: an object of stable shape, for other tools.

`breaking`, `dangerous` and `safe` list changes: `{"code", "coordinate", "message", "operations": [{"name", "file",
"line"}]}`. `operations` lists those that were given: `{"name", "file", "line", "status", "changes": [{"code",
"coordinate", "severity"}], "errors": [{"message", "file", "line"}]}`.
"""

from __future__ import annotations

from typing import Any

from gateway.federation.schema_changes.change import Change, Severity
from gateway.federation.schema_changes.check import Report, Verdict
from gateway.federation.schema_changes.documents import Operation


def report_as_json(report: Report) -> dict[str, Any]:
    """See the module."""
    listed = {
        severity.value: [_change(report, change) for change in report.of(severity)]
        for severity in (Severity.BREAKING, Severity.DANGEROUS, Severity.SAFE)
    }
    return {**listed, "operations": [_verdict(verdict) for verdict in report.verdicts]}


def _change(report: Report, change: Change) -> dict[str, Any]:
    return {
        "code": change.code,
        "coordinate": change.coordinate,
        "message": change.message,
        "operations": [_operation(operation) for operation in report.touched_by(change)],
    }


def _operation(operation: Operation) -> dict[str, Any]:
    return {"name": operation.name, "file": operation.file, "line": operation.line}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        **_operation(verdict.operation),
        "status": verdict.status.value,
        "changes": [
            {"code": change.code, "coordinate": change.coordinate, "severity": change.severity.value}
            for change in verdict.changes
        ],
        "errors": [
            {"message": problem.message, "file": problem.file, "line": problem.line} for problem in verdict.problems
        ],
    }
