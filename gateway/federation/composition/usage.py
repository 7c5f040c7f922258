"""What each subgraph needs of its own fields: for keys, `@requires`, `@provides`, contexts and interfaces."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

from graphql import GraphQLError
from graphql.language import FieldDefinitionNode

from gateway.federation.composition.contexts import context_setters, contextual_arguments
from gateway.federation.composition.shapes import named_type
from gateway.federation.composition.subgraph import FieldName, FieldUsage, TypeShape
from gateway.federation.supergraph.contexts import parse_context_selection
from gateway.federation.supergraph.directives import HasDirectives, applications
from gateway.federation.supergraph.field_set import FieldSet, SetField, parse_field_set


def field_usage(types: Mapping[str, TypeShape], local_names: Mapping[str, str]) -> FieldUsage:
    """Reads every field set. One that is not well formed uses nothing: its rule reports it."""
    reader = _Reader(types, local_names)
    return FieldUsage(
        keys=frozenset(reader.keys(of_extensions=False)),
        extension_keys=frozenset(reader.keys(of_extensions=True)),
        required=frozenset(reader.of_fields("requires")),
        provided=frozenset(reader.of_fields("provides")),
        in_contexts=frozenset(reader.in_contexts()),
        of_interfaces=frozenset(reader.of_interfaces()),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    types: Mapping[str, TypeShape]
    local_names: Mapping[str, str]

    def keys(self, of_extensions: bool) -> Iterator[FieldName]:
        for shape in self.types.values():
            for block in shape.blocks:
                if of_extensions and not shape.is_extension(block):
                    continue
                for selections in self.field_sets(block, "key"):
                    yield from self.used(shape.name, selections)

    def of_fields(self, directive: str) -> Iterator[FieldName]:
        for shape in self.types.values():
            for field in shape.fields.values():
                parent = shape.name if directive == "requires" else named_type(field.type)
                for selections in self.field_sets(field, directive):
                    yield from self.used(parent, selections)

    def in_contexts(self) -> Iterator[FieldName]:
        setters = context_setters(self.types, self.local_names)
        for shape in self.types.values():
            for field in shape.fields.values():
                for _, value in contextual_arguments(field, self.local_names):
                    try:
                        selections = parse_context_selection(value.selection) if value else ()
                    except GraphQLError:
                        continue
                    for setter in setters.get(value.context, ()) if value else ():
                        yield from self.used(setter.name, selections)

    def of_interfaces(self) -> Iterator[FieldName]:
        for shape in self.types.values():
            for interface in shape.interfaces:
                known = self.types.get(interface)
                yield from ((shape.name, name) for name in (known.fields if known else ()))

    def field_sets(self, node: HasDirectives, directive: str) -> Iterator[FieldSet]:
        for arguments in applications(node, self.local_names.get(directive, "")):
            text = arguments.get("fields")
            try:
                yield parse_field_set(text) if isinstance(text, str) else ()
            except GraphQLError:
                continue

    def used(self, parent: str, selections: FieldSet) -> Generator[FieldName, None, bool]:
        """The fields of a set, those of an interface's implementers too. False where the set is wrong, which its own
        rule tells: nothing after the mistake is needed for it."""
        for selection in selections:
            if isinstance(selection, SetField):
                is_right = yield from self.used_field(parent, selection)
            else:
                known = selection.type_condition in self.types
                is_right = known and (yield from self.used(selection.type_condition, selection.selections))
            if not is_right:
                return False
        return True

    def used_field(self, parent: str, selection: SetField) -> Generator[FieldName, None, bool]:
        if selection.name == "__typename":
            return True
        if self.field(parent, selection.name) is None:
            return False
        for type_name in (parent, *self.implementers(parent)):
            if (field := self.field(type_name, selection.name)) is not None:
                yield type_name, selection.name
                if not (yield from self.used(named_type(field.type), selection.selections)):
                    return False
        return True

    def field(self, type_name: str, field_name: str) -> FieldDefinitionNode | None:
        shape = self.types.get(type_name)
        return shape.fields.get(field_name) if shape else None

    def implementers(self, type_name: str) -> Iterator[str]:
        return (other.name for other in self.types.values() if type_name in other.interfaces)
