"""Cases of schema changes, read from data files.

A case is a file of sections: `# --- old` and `# --- new`, two SDLs, then `# --- changes`, each with its severity, code,
coordinate and message. Where there is a section `# --- operations`, `# --- verdicts` has of each operation its status,
the coordinates that touch it (those of safe changes left out) and what is wrong with it.

To add a case, write the sections that are given and run `python tests/schema_changes_kit.py FILE…`: the others are then
written, to be read and judged.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from federation_kit import FIXTURES

from gateway.federation.schema_changes.change import Severity
from gateway.federation.schema_changes.check import Report, check
from gateway.federation.schema_changes.documents import read_operations
from gateway.federation.schema_changes.read import read_schema

CASES = FIXTURES / "schema_changes"
GIVEN = ("old", "new", "operations")
_SECTION = re.compile(r"^# --- (\w+)\n", re.MULTILINE)


def read_case(path: Path) -> dict[str, str]:
    """The texts of the sections by name."""
    parts = _SECTION.split(path.read_text(encoding="utf-8"))[1:]
    return {name: (text.strip("\n") + "\n").lstrip("\n") for name, text in zip(parts[::2], parts[1::2], strict=True)}


def outcome(case: dict[str, str]) -> dict[str, str]:
    """The expected sections, as they come out."""
    operations = read_operations({"case.graphql": case["operations"]} if "operations" in case else {})
    report = check(read_schema(case["old"], "old"), read_schema(case["new"], "new"), operations)
    changes = [f"{c.severity.value} {c.code} at {c.coordinate}: {c.message}\n" for c in report.changes]
    found = {"changes": "".join(changes)}
    return found | ({"verdicts": _verdicts(report)} if operations else {})


def _verdicts(report: Report) -> str:
    lines = []
    for verdict in report.verdicts:
        touching = sorted({c.coordinate for c in verdict.changes if c.severity is not Severity.SAFE})
        by = f" by {', '.join(touching)}" if touching else ""
        lines.append(f"{verdict.operation.name}: {verdict.status.value}{by}\n")
        lines += [f"  {problem.line}: {problem.message}\n" for problem in verdict.problems]
    return "".join(lines)


def write_case(path: Path) -> None:
    """Writes the expected sections of a case anew."""
    case = {name: text for name, text in read_case(path).items() if name in GIVEN}
    sections = (f"# --- {name}\n{text}" for name, text in (case | outcome(case)).items())
    path.write_text("\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_case(Path(name))
