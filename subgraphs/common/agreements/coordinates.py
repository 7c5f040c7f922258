"""The fields that a document reads, as coordinates (`Case.parties`): what is asked for, whatever is in the data."""

from collections.abc import Iterable
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)
from graphql.language import ObjectTypeDefinitionNode, StringValueNode

_FREE_FIELDS = frozenset(("__typename", "_entities", "_service"))
"""The gateway moves by these; what it fetches by them is decided field by field."""


class _Reader(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self.info.get_parent_type()
        name = node.name.value
        if parent is not None and name not in _FREE_FIELDS:
            self.found.add(f"{parent.name}.{name}")


@lru_cache(maxsize=512)
def coordinates_of(schema: GraphQLSchema, text: str) -> frozenset[str]:
    """Every field that the document names, in operations and fragments; none of a document that is no GraphQL, which
    is refused elsewhere."""
    try:
        document = parse(text, no_location=True, max_tokens=20_000)
    except GraphQLError:
        return frozenset()
    info = TypeInfo(schema)
    reader = _Reader(info)
    visit(document, TypeInfoVisitor(info, reader))
    return frozenset(reader.found)


def key_coordinates(sdl: str) -> frozenset[str]:
    """The fields of the entities' keys: the gateway may fetch them, and shows none that is not granted."""
    document: DocumentNode = parse(sdl)
    return frozenset(
        f"{definition.name.value}.{name}"
        for definition in document.definitions
        if isinstance(definition, ObjectTypeDefinitionNode)
        for directive in definition.directives or ()
        if directive.name.value == "key"
        for argument in directive.arguments or ()
        if argument.name.value == "fields" and isinstance(argument.value, StringValueNode)
        for name in argument.value.value.split()
    )


def types_of(coordinates: Iterable[str]) -> frozenset[str]:
    """The types that the fields are of."""
    return frozenset(coordinate.partition(".")[0] for coordinate in coordinates)


def path_coordinates(schema: GraphQLSchema, field: str) -> frozenset[str] | None:
    """The coordinates along a condition's field, `Case.court.code`; None if the schema has no such field, or it is no
    leaf."""
    name, *path = field.split(".")
    found: set[str] = set()
    known: object = schema.type_map.get(name)
    for step in path:
        fields = getattr(known, "fields", {})
        if step not in fields:
            return None
        found.add(f"{getattr(known, 'name', name)}.{step}")
        known = get_named_type(fields[step].type)
    return None if getattr(known, "fields", None) else frozenset(found)
