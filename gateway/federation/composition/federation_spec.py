"""The Federation specification's directives: since which version each exists, and how it is defined.

https://specs.apollo.dev/federation. A subgraph may name them as its `@link` says, so a definition is a template for
names: `{name}` is the directive's own, `{FieldSet}` and the like the specification's types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Version = tuple[int, int]

FEDERATION_1: Version = (1, 0)
LATEST: Version = (2, 14)

_ELEMENTS = "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | "
_ELEMENTS += "INPUT_OBJECT | INPUT_FIELD_DEFINITION"
_ACCESS = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"


@dataclass(frozen=True, slots=True)
class SpecDirective:
    """A directive as the specification defines it from `since` on; `until` is the first version without this form."""

    name: str
    since: Version
    definition: str
    """What comes after `directive @name`."""
    until: Version = (3, 0)


DIRECTIVES = (
    SpecDirective(
        "key", FEDERATION_1, "(fields: {FieldSet}, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE", (2, 0)
    ),
    SpecDirective("requires", FEDERATION_1, "(fields: {FieldSet}) on FIELD_DEFINITION", (2, 0)),
    SpecDirective("provides", FEDERATION_1, "(fields: {FieldSet}) on FIELD_DEFINITION", (2, 0)),
    SpecDirective("key", (2, 0), "(fields: {FieldSet}!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE"),
    SpecDirective("requires", (2, 0), "(fields: {FieldSet}!) on FIELD_DEFINITION"),
    SpecDirective("provides", (2, 0), "(fields: {FieldSet}!) on FIELD_DEFINITION"),
    SpecDirective("external", FEDERATION_1, "(reason: String) on OBJECT | FIELD_DEFINITION"),
    SpecDirective("extends", FEDERATION_1, " on OBJECT | INTERFACE"),
    SpecDirective("shareable", (2, 0), " on OBJECT | FIELD_DEFINITION", until=(2, 2)),
    SpecDirective("shareable", (2, 2), " repeatable on OBJECT | FIELD_DEFINITION"),
    SpecDirective("tag", FEDERATION_1, f"(name: String!) repeatable on {_ELEMENTS}", until=(2, 3)),
    SpecDirective("tag", (2, 3), f"(name: String!) repeatable on {_ELEMENTS} | SCHEMA"),
    SpecDirective("inaccessible", (2, 0), f" on {_ELEMENTS}"),
    SpecDirective("override", (2, 0), "(from: String!) on FIELD_DEFINITION", until=(2, 7)),
    SpecDirective("override", (2, 7), "(from: String!, label: String) on FIELD_DEFINITION"),
    SpecDirective("interfaceObject", (2, 3), " on OBJECT"),
    SpecDirective("composeDirective", (2, 1), "(name: String) repeatable on SCHEMA"),
    SpecDirective("authenticated", (2, 5), f" on {_ACCESS}"),
    SpecDirective("requiresScopes", (2, 5), f"(scopes: [[{{Scope}}!]!]!) on {_ACCESS}"),
    SpecDirective("policy", (2, 6), f"(policies: [[{{Policy}}!]!]!) on {_ACCESS}"),
    SpecDirective("context", (2, 8), "(name: String!) repeatable on INTERFACE | OBJECT | UNION"),
    SpecDirective("fromContext", (2, 8), "(field: {ContextFieldValue}) on ARGUMENT_DEFINITION"),
    SpecDirective(
        "cost",
        (2, 9),
        "(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
    ),
    SpecDirective(
        "listSize",
        (2, 9),
        "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], "
        "requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
    ),
    SpecDirective("cacheTag", (2, 12), "(format: String!) repeatable on FIELD_DEFINITION | OBJECT"),
)

TYPES = {
    "FieldSet": FEDERATION_1, "Scope": (2, 5), "Policy": (2, 6), "ContextFieldValue": (2, 8),
}  # fmt: skip
"""The specification's scalars, and since which version each exists."""


_CONNECT = """
directive @{connect}(
  source: String, id: String, http: {ConnectHTTP}, batch: {ConnectBatch}, errors: {ConnectorErrors},
  isSuccess: {JSONSelection}, selection: {JSONSelection}!, entity: Boolean = false
) repeatable on FIELD_DEFINITION | OBJECT
directive @{source}(
  name: String!, http: {SourceHTTP}!, errors: {ConnectorErrors}, isSuccess: {JSONSelection}
) repeatable on SCHEMA
scalar {JSONSelection}
scalar {URLPathTemplate}
input {HTTPHeaderMapping} {{ name: String from: String value: String }}
input {ConnectHTTP} {{
  GET: {URLPathTemplate} POST: {URLPathTemplate} PUT: {URLPathTemplate} PATCH: {URLPathTemplate}
  DELETE: {URLPathTemplate} body: {JSONSelection} headers: [{HTTPHeaderMapping}!] path: {JSONSelection}
  queryParams: {JSONSelection}
}}
input {SourceHTTP} {{
  baseURL: String headers: [{HTTPHeaderMapping}!] path: {JSONSelection} queryParams: {JSONSelection}
}}
input {ConnectBatch} {{ maxSize: Int }}
input {ConnectorErrors} {{ message: {JSONSelection} extensions: {JSONSelection} }}
"""


@dataclass(frozen=True, slots=True)
class OtherSpec:
    """A specification that a subgraph may link besides Federation's, which has its directives too, unless it defines
    them itself."""

    versions: Mapping[str, Version]
    """Each known version -> the Federation version whose form of the directives it is."""
    directives: tuple[str, ...]
    types: tuple[str, ...] = ()
    is_implying: bool = False
    """Does whoever links it link that version of Federation?"""
    definitions: str = ""
    """Of what Federation does not define: a template, like a directive's."""


OTHER_SPECS = {
    "tag": OtherSpec({"v0.1": (2, 0), "v0.2": (2, 0), "v0.3": (2, 3)}, ("tag",)),
    "inaccessible": OtherSpec({"v0.1": (2, 0), "v0.2": (2, 0)}, ("inaccessible",)),
    "authenticated": OtherSpec({"v0.1": (2, 5)}, ("authenticated",), is_implying=True),
    "requiresScopes": OtherSpec({"v0.1": (2, 5)}, ("requiresScopes",), ("Scope",)),
    "policy": OtherSpec({"v0.1": (2, 6)}, ("policy",), ("Policy",)),
    "context": OtherSpec({"v0.1": (2, 8)}, ("context", "fromContext"), ("ContextFieldValue",), is_implying=True),
    "cost": OtherSpec({"v0.1": (2, 9)}, ("cost", "listSize"), is_implying=True),
    "connect": OtherSpec(
        {"v0.1": (2, 10), "v0.2": (2, 11), "v0.3": (2, 12), "v0.4": (2, 13)},
        ("connect", "source"),
        (
            "JSONSelection", "URLPathTemplate", "HTTPHeaderMapping", "ConnectHTTP", "SourceHTTP", "ConnectBatch",
            "ConnectorErrors",
        ),
        is_implying=True,
        definitions=_CONNECT,
    ),
}  # fmt: skip


FIRST_FORMS = {
    "tag": "(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION",
    "inaccessible": " on FIELD_DEFINITION | OBJECT | INTERFACE | UNION",
}
"""The directives of v0.1 of these specifications, which are for fewer places than those of any Federation 2."""


def directives_of(version: Version) -> dict[str, SpecDirective]:
    """The directives that a version of the specification has, by name."""
    return {spec.name: spec for spec in DIRECTIVES if spec.since <= version < spec.until}


def types_of(version: Version) -> tuple[str, ...]:
    """The scalars that a version of the specification has."""
    return tuple(name for name, since in TYPES.items() if since <= version)
