"""`@override`: which fields a subgraph gave up to another, wholly or (with a label) for some requests.

An override that is itself wrong moves nothing, so that what follows from it is told too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphql.language import FieldDefinitionNode
from graphql.pyutils import did_you_mean, suggestion_list

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.hints import hint
from gateway.federation.composition.subgraph import Subgraph, TypeShape

_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9_:./-]*|percent\((\d{1,2}(\.\d{1,8})?|100)\)", re.ASCII)

FieldThere = tuple[str, str, str]
"""A subgraph, a type and a field by their names."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """`given_up` has each field that another subgraph resolves instead; `labels` both sides of each that it resolves
    for some requests only."""

    given_up: frozenset[FieldThere]
    labels: Mapping[FieldThere, str]
    issues: tuple[Issue, ...]
    hints: tuple[Issue, ...]


def read_overrides(subgraphs: Sequence[Subgraph]) -> Overrides:
    """Reads every `@override`, with OVERRIDE_ON_INTERFACE, OVERRIDE_FROM_SELF_ERROR, OVERRIDE_SOURCE_HAS_OVERRIDE,
    OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE and OVERRIDE_LABEL_INVALID, and the hints."""
    reader = _Reader({subgraph.name: subgraph for subgraph in subgraphs})
    for subgraph in subgraphs:
        for shape in subgraph.types.values():
            for node in shape.fields.values():
                for arguments in subgraph.applied(node, "override"):
                    label = arguments.get("label")
                    reader.read(_Override(subgraph, shape, node, str(arguments["from"]), str(label) if label else None))
    return Overrides(frozenset(reader.given_up), reader.labels, tuple(reader.issues), tuple(reader.hints))


@dataclass(frozen=True, slots=True)
class _Override:
    """One application, in the subgraph that takes the field over."""

    subgraph: Subgraph
    shape: TypeShape
    node: FieldDefinitionNode
    source: str
    label: str | None

    @property
    def coordinate(self) -> str:
        return f"{self.shape.name}.{self.node.name.value}"

    def there(self, subgraph: str) -> FieldThere:
        return subgraph, self.shape.name, self.node.name.value

    def issue(self, code: str, message: str) -> Issue:
        return self.subgraph.issue(code, message, self.coordinate, self.node)


@dataclass(frozen=True, slots=True)
class _Reader:
    subgraphs: Mapping[str, Subgraph]
    given_up: set[FieldThere] = field(default_factory=set)
    labels: dict[FieldThere, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    hints: list[Issue] = field(default_factory=list)

    def read(self, override: _Override) -> None:
        wrong = list(_wrong_here(override))
        source = self.subgraphs.get(override.source)
        left = _field_of(source, override) if source else None
        if not wrong and source is not None:
            wrong += _wrong_there(override, source, left)
        self.issues.extend(wrong)
        if wrong:
            return
        if source is None:
            self.hints.append(_unknown_source(override, self.subgraphs))
        elif left is None:
            self.hints.append(_not_there(override, source))
        else:
            self.take_over(override, source, left)

    def take_over(self, override: _Override, source: Subgraph, left: FieldDefinitionNode) -> None:
        if override.label is not None:
            self.labels[override.there(override.subgraph.name)] = override.label
            self.labels[override.there(source.name)] = override.label
            self.issues.extend(_wrong_label(override, override.label))
        self.given_up.add(override.there(source.name))
        self.hints.extend(_what_remains(override, source, left))


def _field_of(subgraph: Subgraph, override: _Override) -> FieldDefinitionNode | None:
    shape = subgraph.types.get(override.shape.name)
    return shape.fields.get(override.node.name.value) if shape else None


def _wrong_here(override: _Override) -> Iterator[Issue]:
    subgraph, shape = override.subgraph, override.shape
    if shape.kind == "interface":
        message = "An interface's field is resolved by nobody: override the fields of the implementing types."
        yield override.issue("OVERRIDE_ON_INTERFACE", message)
    if subgraph.has(shape.node, "interfaceObject"):
        message = "A field of an @interfaceObject type cannot override another: override it type by type."
        yield override.issue("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", message)
    if override.source == subgraph.name:
        message = f"The field is overridden from {override.source}, which is this subgraph: name the one it leaves."
        yield override.issue("OVERRIDE_FROM_SELF_ERROR", message)


def _wrong_there(override: _Override, source: Subgraph, left: FieldDefinitionNode | None) -> Iterator[Issue]:
    code = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"
    if left is None:
        if (interface := _abstracted_by(source, override)) is not None:
            message = (
                f"{source.name} resolves the field for all of {interface}, its @interfaceObject, and such a field "
                "cannot be overridden for one type: remove @override, or the field of the @interfaceObject."
            )
            yield override.issue(code, message)
        return
    subgraph, places = override.subgraph, (override.subgraph.place(override.node), source.place(left))
    if subgraph.is_external(override.shape, override.node):
        message = "The field is @external here, so it cannot be taken over: remove @external or @override."
        yield override.issue(code, message)
    if source.has(left, "override"):
        message = f"{subgraph.name} overrides it from {source.name}, which overrides it too: keep one @override."
        yield Issue("OVERRIDE_SOURCE_HAS_OVERRIDE", message, override.coordinate, places)
    for directive in ("requires", "provides"):
        if source.has(left, directive):
            message = f"It is overridden from {source.name}, where it has @{directive}: remove that first."
            yield Issue(code, message, override.coordinate, places)


def _abstracted_by(source: Subgraph, override: _Override) -> str | None:
    """The interface whose object in the source has the field, for all implementers."""
    for interface in override.shape.interfaces:
        if source.is_interface_object(interface) and override.node.name.value in source.types[interface].fields:
            return interface
    return None


def _wrong_label(override: _Override, label: str) -> Iterator[Issue]:
    if not _LABEL.fullmatch(label):
        message = (
            f"{label!r} is no label: write a letter and then letters, digits and any of _ - : . /, or percent(x) with "
            "x from 0 to 100 and at most 8 decimals."
        )
        yield override.issue("OVERRIDE_LABEL_INVALID", message)


def _unknown_source(override: _Override, subgraphs: Mapping[str, Subgraph]) -> Issue:
    near = did_you_mean(suggestion_list(override.source, list(subgraphs)))
    message = f"There is no subgraph {override.source!r} to take the field from, so nothing moves: mend the name."
    code, places = "FROM_SUBGRAPH_DOES_NOT_EXIST", (override.subgraph.place(override.node),)
    return hint(code, message + near, override.coordinate, places)


def _not_there(override: _Override, source: Subgraph) -> Issue:
    message = f"{source.name} does not have the field any more: remove @override."
    code, places = "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", (override.subgraph.place(override.node),)
    return hint(code, message, override.coordinate, places)


def _what_remains(override: _Override, source: Subgraph, left: FieldDefinitionNode) -> Iterator[Issue]:
    """What is left to do when the field has moved."""
    here, there = override.subgraph.place(override.node), source.place(left)
    shape = source.types[override.shape.name]
    is_used = (shape.name, left.name.value) in source.usage
    after = "mark it @external there, since a directive or an interface needs it" if is_used else "remove it there"
    if source.is_external(shape, left):
        message = f"{source.name} does not resolve the field any more (it is @external there): remove @override."
        yield hint("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", message, override.coordinate, (here, there))
    elif override.label is None:
        message = f"{source.name} gave the field up to {override.subgraph.name}: {after}."
        yield hint("OVERRIDDEN_FIELD_CAN_BE_REMOVED", message, override.coordinate, (there,))
    if override.label is not None:
        message = (
            f"The field moves from {source.name} to {override.subgraph.name} where {override.label} holds. When all of "
            f"it has moved: {after}, and remove the label."
        )
        yield hint("OVERRIDE_MIGRATION_IN_PROGRESS", message, override.coordinate, (here, there))
