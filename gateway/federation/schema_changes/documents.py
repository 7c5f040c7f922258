"""Texts -> the operations in them: GraphQL documents with many operations each, and manifests of persisted queries.

An operation may spread fragments of other files, as clients' compilers let it. Each becomes a document of its own, with
the fragments that it reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DefinitionNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    Source,
    Visitor,
    parse,
    print_ast,
    visit,
)

from gateway.federation.schema_changes.manifests import read_manifest


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an operation, and where."""

    message: str
    file: str
    line: int


@dataclass(frozen=True)
class Operation:
    """An operation of a client. `name`: its own, or its manifest's id; empty if it has none. `line`: where it begins in
    its file. Without a `document`, `problems` say why it cannot be read."""

    name: str
    file: str
    line: int
    document: DocumentNode | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """A document. Those of a manifest have a name, begin at a line of its file, and share no fragments."""

    file: str
    body: str
    name: str = ""
    line: int = 1

    @property
    def in_manifest(self) -> bool:
        return _is_manifest(self.file)


Fragments = Mapping[str, list[FragmentDefinitionNode]]


def read_operations(files: Mapping[str, str]) -> list[Operation]:
    """The operations of texts by file name, in their order. A `.json` is a manifest."""
    parsed: list[tuple[_Text, DocumentNode]] = []
    found: list[Operation] = []
    for text in _texts(files):
        try:
            parsed.append((text, parse(Source(text.body, text.file))))
        except GraphQLError as error:
            problem = problem_of(error, text.file, text.line)
            found.append(Operation(text.name, text.file, problem.line, None, (problem,)))
    shared = _fragments(document.definitions for text, document in parsed if not text.in_manifest)
    for text, document in parsed:
        own = _fragments([document.definitions])
        fragments = own if text.in_manifest else {**shared, **own}
        found += [
            _operation(text, node, fragments)
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        ]
    return sorted(found, key=lambda operation: (operation.file, operation.line, operation.name))


def problem_of(error: GraphQLError, file: str, line: int) -> Problem:
    """A mistake in an operation that begins at the line of the file: there, or where the error says in a document."""
    for location in error.locations or ():
        if not _is_manifest(file):
            named = next((node.loc.source.name for node in error.nodes or () if node.loc), file)
            return Problem(error.message, named, location.line)
    return Problem(error.message, file, line)


def _texts(files: Mapping[str, str]) -> Iterator[_Text]:
    for file, body in files.items():
        if _is_manifest(file):
            yield from (_Text(file, entry.body, entry.name, entry.line) for entry in read_manifest(body))
        else:
            yield _Text(file, body)


def _is_manifest(file: str) -> bool:
    return file.endswith(".json")


def _fragments(documents: Iterable[Iterable[DefinitionNode]]) -> dict[str, list[FragmentDefinitionNode]]:
    """All definitions of each fragment."""
    found: dict[str, list[FragmentDefinitionNode]] = {}
    for definitions in documents:
        for node in definitions:
            if isinstance(node, FragmentDefinitionNode):
                found.setdefault(node.name.value, []).append(node)
    return found


def _operation(text: _Text, node: OperationDefinitionNode, fragments: Fragments) -> Operation:
    name = text.name or (node.name.value if node.name else "")
    line = text.line if text.in_manifest else _line(node)
    reached = _reached(node, fragments)
    document = DocumentNode(definitions=(node, *(fragments[spread][0] for spread in reached)))
    problems = tuple(
        _ambiguous(text.file, line, spread, fragments[spread]) for spread in reached if _differ(fragments[spread])
    )
    return Operation(name, text.file, line, None if problems else document, problems)


def _line(node: DefinitionNode) -> int:
    return node.loc.source.get_location(node.loc.start).line if node.loc else 1


def _reached(node: OperationDefinitionNode, fragments: Fragments) -> list[str]:
    """The names of the fragments that an operation spreads, directly or not, as far as they are known."""
    found: dict[str, None] = {}
    pending = _spreads(node)
    while pending:
        name = pending.pop(0)
        if name in fragments and name not in found:
            found[name] = None
            pending += _spreads(fragments[name][0])
    return list(found)


def _spreads(node: DefinitionNode) -> list[str]:
    found: list[str] = []

    class Spreads(Visitor):
        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: Any) -> None:
            found.append(spread.name.value)

    visit(node, Spreads())
    return found


def _differ(definitions: list[FragmentDefinitionNode]) -> bool:
    return len({print_ast(node) for node in definitions}) > 1


def _ambiguous(file: str, line: int, name: str, definitions: list[FragmentDefinitionNode]) -> Problem:
    files = sorted({node.loc.source.name for node in definitions if node.loc})
    return Problem(f"The fragment {name} is not one: {', '.join(files)} define it differently.", file, line)
