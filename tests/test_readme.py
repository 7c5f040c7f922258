"""The README's commands are the ones that CI runs, and its snippets run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def blocks() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", README, flags=re.S)


def test_ci_runs_the_test_commands_that_the_readme_prints() -> None:
    ci = (ROOT / ".ci" / "run").read_text().replace(" --quiet", "")
    [commands] = [block for block in blocks() if "pytest" in block]
    for line in commands.splitlines():
        assert line in ci


def test_the_plan_snippet_prints_a_plan(tmp_path: Path) -> None:
    [snippet] = [block for block in blocks() if "quipu plan" in block]
    quipu = f"{sys.executable} -c 'from gateway.cli.main import main; main()'"
    script = snippet.replace(".venv/bin/quipu", quipu).replace("query.graphql", str(tmp_path / "query.graphql"))
    done = subprocess.run(["sh", "-ec", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert "QueryPlan {" in done.stdout.splitlines()


def test_every_folder_that_the_readme_names_exists() -> None:
    folders = re.findall(r"^\| `([a-z_/]+)` \|", README, flags=re.M)
    assert folders
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
