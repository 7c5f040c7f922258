"""The field's own composer, `@apollo/composition` of npm, asked for its verdict on sets of subgraphs.

It is no part of the product: `npm ci --prefix tests/conformance` installs it for these tests, which
are skipped without.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, print_ast, visit
from graphql.language import Node, StringValueNode, Visitor

from gateway.federation.composition.compose import compose
from gateway.federation.composition.errors import CompositionError
from gateway.federation.composition.shapes import with_parts
from gateway.federation.composition.subgraph import Source

FOLDER = Path(__file__).parent / "conformance"

_PACKAGES = json.loads((FOLDER / "package.json").read_text())["dependencies"]
needs_npm = pytest.mark.skipif(
    shutil.which("node") is None or not all((FOLDER / "node_modules" / name).is_dir() for name in _PACKAGES),
    reason="needs Node.js and `npm ci --prefix tests/conformance`, which installs the composer to compare with",
)


@dataclass(frozen=True)
class Verdict:
    """The codes of the errors, each once, and of the hints; `definitions` is empty if there are errors."""

    errors: frozenset[str]
    hints: tuple[str, ...] = ()
    """In order, one each element that there is something to say of."""
    definitions: tuple[str, ...] = ()


def ours(sources: Sequence[Source]) -> Verdict:
    try:
        composed = compose(sources)
    except CompositionError as error:
        return Verdict(frozenset(issue.code for issue in error.issues))
    return Verdict(frozenset(), tuple(sorted(hint.code for hint in composed.hints)), canonical(composed.sdl))


def reference(cases: Mapping[str, Sequence[Source]]) -> dict[str, Verdict]:
    """The verdicts of the field's composer."""
    return {name: verdict_of(answer) for name, answer in asked(cases).items()}


def asked(cases: Mapping[str, Sequence[Source]]) -> dict[str, Any]:
    """What the field's composer answers, messages included."""
    given = {
        name: [{"name": source.name, "url": source.url, "sdl": source.sdl} for source in sources]
        for name, sources in cases.items()
    }
    command = ["node", "--max-old-space-size=4096", str(FOLDER / "compose.mjs")]
    run = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    answers: dict[str, Any] = json.loads(run.stdout)
    return answers


def verdict_of(answer: Mapping[str, Any]) -> Verdict:
    """The verdict in an answer of `asked`."""
    if answer["errors"]:
        return Verdict(frozenset(code for code, _ in answer["errors"]))
    return Verdict(frozenset(), tuple(_once_an_element(answer["hints"])), canonical(answer["sdl"]))


def _once_an_element(hints: Sequence[Sequence[str]]) -> list[str]:
    """The codes, in order. What only shows on paths of queries is told once a path, of one element."""
    a_path = {"INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN"}
    anywhere = [code for code, _, _ in hints if code not in a_path]
    return sorted([*anywhere, *(code for code, _ in {(code, about) for code, _, about in hints if code in a_path})])


def canonical(sdl: str) -> tuple[str, ...]:
    """The definitions of a schema, each printed without regard to what has no meaning: the order of applied
    directives, of their arguments, of locations and of imports, and how strings are quoted."""
    document = visit(parse(sdl, no_location=True), _Canonical())
    return tuple(print_ast(node) for node in document.definitions)


class _Canonical(Visitor):
    def leave(self, node: Node, *_: Any) -> Node | None:
        if isinstance(node, StringValueNode):
            return StringValueNode(value=node.value)
        if node.kind in ("argument", "const_argument") and node.name.value == "import":
            return with_parts(
                node, value=with_parts(node.value, values=tuple(sorted(node.value.values, key=print_ast)))
            )
        if node.kind == "directive_definition":
            return with_parts(node, locations=tuple(sorted(node.locations, key=lambda location: location.value)))
        if getattr(node, "directives", None):
            return with_parts(node, directives=tuple(sorted(map(_in_order, node.directives), key=print_ast)))
        return None


def _in_order(directive: Any) -> Any:
    return with_parts(
        directive, arguments=tuple(sorted(directive.arguments or (), key=lambda argument: argument.name.value))
    )
