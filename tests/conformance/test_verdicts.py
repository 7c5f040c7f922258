"""Every composition case has the verdict of the field's own composer, unless its file says why not."""

from __future__ import annotations

import pytest
from composition_kit import case_files, case_name, read_case
from conformance_kit import Verdict, needs_npm, ours, reference

pytestmark = needs_npm
CASES = {case_name(path): read_case(path) for path in case_files()}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return reference({name: case.subgraphs for name, case in CASES.items()})


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.reference])
def test_the_verdict_is_that_of_the_fields_composer(name: str, verdicts: dict[str, Verdict]) -> None:
    assert ours(CASES[name].subgraphs) == verdicts[name]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.reference])
def test_where_ours_differs_the_file_says_what_the_fields_composer_does(
    name: str, verdicts: dict[str, Verdict]
) -> None:
    lines = CASES[name].reference.splitlines()
    said = {line for line in lines if not line.startswith("#")}
    assert (verdicts[name].errors or {"composes"}) == said
    assert verdicts[name] != ours(CASES[name].subgraphs)
    assert any(line.startswith("# ") for line in lines), "the reason is missing"
