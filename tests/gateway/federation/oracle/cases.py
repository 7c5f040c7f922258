"""Cases as text: `# --- subgraph NAME` sections, then `# --- data` (JSON), `# --- operation`, `# --- variables` (JSON,
may be left out). Comment lines before the first section say what the case is about."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from world_kit import World

_SECTION = re.compile(r"^# --- (\w+)(?: (\S+))?\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A world and what it is asked."""

    world: World
    operation: str
    variables: dict[str, Any]

    def __str__(self) -> str:
        sections = [f"# --- subgraph {name}\n{sdl}" for name, sdl in self.world.sdls.items()]
        sections.append(f"# --- data\n{json.dumps(dict(self.world.data), indent=1, ensure_ascii=False)}\n")
        sections.append(f"# --- operation\n{self.operation}\n")
        sections.append(f"# --- variables\n{json.dumps(self.variables)}\n")
        return "\n".join(sections)


def read_case(path: Path) -> Case:
    parts = _SECTION.split(path.read_text())[1:]
    sections = [parts[start : start + 3] for start in range(0, len(parts), 3)]
    sdls = {name: text for kind, name, text in sections if kind == "subgraph"}
    rest = {kind: text for kind, _, text in sections if kind != "subgraph"}
    world = World(sdls, json.loads(rest["data"]), rest.get("supergraph", ""))
    return Case(world, rest["operation"].strip(), json.loads(rest.get("variables", "{}")))
