"""The index names a test for each attack and each promise, and every test that it names exists."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
TEXT = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)))
ROWS = [line for line in TEXT.splitlines() if re.match(r"\| \d", line)]


def test_no_row_is_without_its_test_and_no_number_without_its_row() -> None:
    by_attack, by_promise = TEXT.index("## By attack"), TEXT.index("## By promise")
    assert all(re.fullmatch(r"\| .+ \| `[\w/]+\.py::\w+` \|", row) for row in ROWS)
    assert set(re.findall(r"^\| (\d+) \|", TEXT[by_attack:by_promise], re.MULTILINE)) == {
        str(number) for number in (*range(11, 25), *range(31, 34))
    }
    assert set(re.findall(r"^\| (\d+)\. ", TEXT[by_promise:], re.MULTILINE)) == {str(n) for n in range(1, 8)}


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_test_that_the_index_names_is_there(file: str, name: str) -> None:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    found = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in found
