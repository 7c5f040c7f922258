"""What other gateways have got wrong, one case a file in tests/fixtures/known_defects.

A case is a file of sections: `# --- subgraph NAME` with an SDL, as many as there are; `# --- data` as `world_kit` has
it; `# --- query`, and `# --- variables` if any. Then what must come of it: `# --- sent`, the operation that each
subgraph receives with its variables on a line below, and `# --- answer`, what the client does.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from federation_kit import FIXTURES
from world_kit import LocalSubgraphs, World

CASES = sorted((FIXTURES / "known_defects").glob("*.graphql"))
_SECTION = re.compile(r"^# --- (\w+)(?: (\S+))?\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    world: World
    query: str
    variables: dict[str, Any]
    sent: str
    answer: Any


def read_case(path: Path) -> Case:
    parts = _SECTION.split(path.read_text())[1:]
    sections = [parts[start : start + 3] for start in range(0, len(parts), 3)]
    sdls = {name: text for kind, name, text in sections if kind == "subgraph"}
    others = {kind: text for kind, _, text in sections if kind != "subgraph"}
    return Case(
        World(sdls, json.loads(others["data"])),
        others["query"],
        json.loads(others.get("variables", "{}")),
        others.get("sent", ""),
        json.loads(others.get("answer", "{}")),
    )


def printed(local: LocalSubgraphs) -> str:
    """What was sent, as the case files have it."""
    lines = []
    for request in local.sent:
        lines.append(f"{request.subgraph} {request.operation}\n")
        if request.variables:
            lines.append(f"  {json.dumps(request.variables, ensure_ascii=False)}\n")
    return "".join(lines)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
async def test_a_case_is_planned_and_answered_as_its_file_says(path: Path) -> None:
    case = read_case(path)
    local = case.world.local()
    answer = await case.world.ask(case.query, case.variables, local)
    errors = [{"code": error.code, "path": list(error.path or ())} for error in answer.errors]
    assert {"data": answer.data} | ({"errors": errors} if errors else {}) == case.answer
    assert printed(local) == case.sent
