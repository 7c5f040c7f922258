"""Ways around `@authenticated`, `@requiresScopes` and `@policy`, from the subgraphs' SDLs to the answer.

Each world is composed, planned and run; the caller is nobody, or somebody with the scopes that a test gives.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from world_kit import World

from gateway.access.identity import Identity
from gateway.access.profile import Access
from gateway.federation.answer import Answer
from gateway.federation.composition.errors import CompositionError
from gateway.federation.engine import Profile

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", '
    '"@shareable", "@context", "@fromContext", "@authenticated", "@requiresScopes", "@policy"])\n'
)
IMPORTED = LINK.replace('"@authenticated"', '{name: "@authenticated", as: "@login"}')
WITHOUT_IMPORT = LINK.replace(', "@authenticated"', "")
AS_ITSELF = WITHOUT_IMPORT + (
    'extend schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "entry", for: SECURITY)\n'
)
THING = {"Query": {"thing": "t"}, "t": {"__typename": "Thing", "id": "1", "open": "o", "hidden": "h"}}


def profile(world: World, *scopes: str, identified: bool = True) -> Profile:
    identity = Identity("jueza.uno", "PJ", ("judge",), None, None, None, scopes=scopes) if identified else None
    return Access().profile(identity, world.supergraph, date(2026, 11, 2))


async def ask(world: World, query: str, *scopes: str, identified: bool = True) -> tuple[Answer, str]:
    """The answer, and all that subgraphs were asked for it."""
    local, who = world.local(), profile(world, *scopes, identified=identified)
    answer = await world.ask(query, subgraphs=local, profile=who)
    return answer, "\n".join(step.operation for step in world.prepared(query, who).plan.steps)


def refused(answer: Answer) -> set[tuple[str, Any]]:
    return {(error.code, error.extensions["coordinate"]) for error in answer.errors}


@pytest.mark.parametrize(
    ("link", "directive"),
    [(IMPORTED, "login"), (WITHOUT_IMPORT, "federation__authenticated"), (AS_ITSELF, "entry")],
    ids=["import renamed", "not imported", "specification renamed"],
)
async def test_a_rule_holds_under_whatever_name_a_subgraph_imports_it(link: str, directive: str) -> None:
    sdl = f'type Query {{ thing: Thing }} type Thing @key(fields: "id") {{ id: ID! open: ID hidden: ID @{directive} }}'
    world = World({"a": link + sdl, "b": LINK + 'type Thing @key(fields: "id") { id: ID! }'}, THING)
    answer, asked = await ask(world, "{ thing { open hidden } }", identified=False)
    assert answer.data == {"thing": {"open": "o", "hidden": None}}
    assert refused(answer) == {("UNAUTHENTICATED", "Thing.hidden")}
    assert "hidden" not in asked
    known, _ = await ask(world, "{ thing { hidden } }")
    assert known.data == {"thing": {"hidden": "h"}}


ABSTRACT = World(
    {
        "a": LINK
        + """
        type Query { one: Node  all: [Node!]  any: [Either!]  boxes: [Box!] }
        interface Node { id: ID!  note: String }
        interface Box { content: Node }
        union Either = Open | Kept | Sealed
        type Open implements Node @key(fields: "id") { id: ID!  note: String }
        type Kept implements Node @key(fields: "id") { id: ID!  note: String @authenticated }
        type Sealed implements Node @key(fields: "id") @authenticated { id: ID!  note: String  more: String }
        type Safe implements Box { content: Sealed }
        """,
        "b": LINK + 'type Kept @key(fields: "id") { id: ID!  other: String @authenticated }',
    },
    {
        "Query": {"one": "k", "all": ["o", "k", "s"], "any": ["o", "k", "s"], "boxes": ["f"]},
        "o": {"__typename": "Open", "id": "1", "note": "open"},
        "k": {"__typename": "Kept", "id": "2", "note": "SECRET", "other": "SECRET"},
        "s": {"__typename": "Sealed", "id": "SECRET", "note": "SECRET", "more": "SECRET"},
        "f": {"__typename": "Safe", "content": "s"},
    },
)
ON_OBJECTS_ALONE = World(
    ABSTRACT.sdls,
    ABSTRACT.data,
    re.sub(r"\ninterface [^}]*}", lambda found: found[0].replace("@authenticated", ""), ABSTRACT.supergraph.sdl),
)
"""The supergraph of a composer that does not tell interfaces what their implementers demand."""


@pytest.mark.parametrize("world", [ABSTRACT, ON_OBJECTS_ALONE], ids=["composed here", "on objects alone"])
@pytest.mark.parametrize(
    "query",
    [
        "{ one { note } }",
        "{ all { note } }",
        "{ all { n: note } }",
        "{ all { ... on Node { note } } }",
        "{ all { ...N } } fragment N on Node { ... { note } }",
        "{ all { ... on Kept { note other } ... on Sealed { id more } } }",
        "{ any { ... on Node { note } } }",
        "{ any { ... on Kept { other ... on Node { note } } } }",
        "{ any { ... on Sealed { id } } }",
        "{ boxes { content { note id } } }",
        "{ boxes { ... on Safe { content { more } } } }",
    ],
)
async def test_what_an_object_protects_is_read_neither_through_its_interfaces_nor_its_unions(
    world: World, query: str
) -> None:
    answer, _ = await ask(world, query, identified=False)
    assert b"SECRET" not in answer.encoded
    assert {code for code, _ in refused(answer)} == {"UNAUTHENTICATED"}
    known, _ = await ask(world, query)
    assert b"SECRET" in known.encoded
    assert known.errors == ()


INTERFACE_OBJECT = {
    "a": """
    type Query { all: [Node!] }
    interface Node @key(fields: "id") { id: ID! }
    type Open implements Node @key(fields: "id") { id: ID! }
    type Kept implements Node @key(fields: "id") { id: ID! }
    """,
    "b": """
    type Query { ours: [Node!] }
    type Node @key(fields: "id") @interfaceObject { id: ID!  note: String @authenticated  more: String }
    """,
}
MANY = {
    "Query": {"all": ["o", "k"], "ours": ["o", "k"]},
    "o": {"__typename": "Open", "id": "1", "note": "SECRET", "more": "m"},
    "k": {"__typename": "Kept", "id": "2", "note": "SECRET", "more": "m"},
}


TYPES = ("Kept", "Node", "Open")


def interface_objects(kept: str = "") -> World:
    """`kept`: the part of the supergraph where the rule is left, as another composer may leave it on one type alone."""
    link = LINK.replace('"@shareable"', '"@interfaceObject"')
    world = World({name: link + sdl for name, sdl in INTERFACE_OBJECT.items()}, MANY)
    if not kept:
        return world
    parts = re.split(r"\n(?=type |interface )", world.supergraph.sdl)
    bare = [part.replace(" @authenticated", "") if part.startswith(("type", "interface")) else part for part in parts]
    left = [part if part.startswith(kept) else other for part, other in zip(parts, bare, strict=True)]
    return World(world.sdls, MANY, "\n".join(left))


@pytest.mark.parametrize("kept", ["", "type Kept"], ids=["composed here", "on one object alone"])
@pytest.mark.parametrize(
    "query",
    [
        "{ all { note } }",
        "{ all { more note } }",
        "{ all { ... on Kept { note } } }",
        "{ ours { note } }",
        "{ ours { more note } }",
        "{ ours { __typename note } }",
        "{ ours { ... on Kept { note } } }",
    ],
)
async def test_what_is_protected_is_not_read_from_a_subgraph_that_knows_the_interface_as_an_object(
    kept: str, query: str
) -> None:
    world = interface_objects(kept)
    assert set(world.supergraph.access_rules) == {f"{name}.note" for name in (["Kept"] if kept else TYPES)}
    answer, asked = await ask(world, query, identified=False)
    assert b"SECRET" not in answer.encoded
    assert {code for code, _ in refused(answer)} == {"UNAUTHENTICATED"}
    assert "note" not in asked
    known, _ = await ask(world, query)
    assert b"SECRET" in known.encoded


OWNER = LINK + 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! hidden: ID @authenticated }'
REQUIRING = """
    type Thing @key(fields: "id") { id: ID! hidden: ID @external  shown: ID @requires(fields: "hidden") }
"""
IN_CONTEXT = """
    type Query { thing: Thing }
    type Thing @key(fields: "id") @context(name: "c") { id: ID!  hidden: ID @authenticated  part: Part }
    type Part @key(fields: "id") { id: ID!  shown(from: ID @fromContext(field: "$c { hidden }")): ID }
"""


@pytest.mark.parametrize(
    ("sdls", "coordinate"),
    [
        ({"a": OWNER, "b": LINK + REQUIRING}, "Thing.shown"),
        ({"a": LINK + IN_CONTEXT, "b": LINK + 'type Part @key(fields: "id") { id: ID! }'}, "Part.shown"),
    ],
    ids=["requires", "fromContext"],
)
def test_an_open_field_computed_from_a_protected_one_does_not_compose(sdls: dict[str, str], coordinate: str) -> None:
    with pytest.raises(CompositionError) as failed:
        _ = World(sdls, {}).supergraph
    assert [(issue.code, issue.coordinate) for issue in failed.value.issues] == [
        ("MISSING_TRANSITIVE_AUTH_REQUIREMENTS", coordinate)
    ]


async def test_where_another_composer_let_it_pass_the_computed_field_is_refused() -> None:
    """The rule is written into the supergraph after composition, as an older composer leaves it."""
    sdls = {
        "a": OWNER.replace("hidden: ID @authenticated", "hidden: ID  kept: ID @authenticated"),
        "b": LINK + REQUIRING,
    }
    sdl = World(sdls, {}).supergraph.sdl.replace("hidden: ID @join", "hidden: ID @authenticated @join")
    data = {**THING, "t": {**THING["t"], "kept": "k", "shown": "s"}}
    world = World(sdls, data, sdl)
    answer, asked = await ask(world, "{ thing { shown } }", identified=False)
    assert answer.data == {"thing": {"shown": None}}
    assert refused(answer) == {("UNAUTHENTICATED", "Thing.shown")}
    assert "hidden" not in asked


BOTH = World(
    {
        name: LINK
        + f"""
        type Query {{ {name}Thing: Thing @shareable }}
        type Thing @key(fields: "id") {{ id: ID!  hidden: ID @shareable @requiresScopes(scopes: [["{name}"]]) }}
        """
        for name in ("a", "b")
    },
    {"Query": {"aThing": "t", "bThing": "t"}, "t": {"__typename": "Thing", "id": "1", "hidden": "h"}},
)


@pytest.mark.parametrize("through", ["aThing", "bThing"])
@pytest.mark.parametrize(("scopes", "given"), [((), None), (("a",), None), (("b",), None), (("a", "b"), "h")])
async def test_two_subgraphs_that_protect_a_field_differently_protect_it_both(
    through: str, scopes: tuple[str, ...], given: str | None
) -> None:
    answer, _ = await ask(BOTH, f"{{ {through} {{ hidden }} }}", *scopes)
    assert answer.data == {through: {"hidden": given}}
    assert {code for code, _ in refused(answer)} == (set() if given else {"INSUFFICIENT_SCOPE"})


@pytest.mark.parametrize(
    "query",
    [
        "{ all { __typename ... on Open { x: note } ... on Kept { x: note } ... on Sealed { x: more } } }",
        "{ all { __typename ... on Kept { x: other } ... on Sealed { x: more } ... on Open { x: note } } }",
        "{ all { __typename x: note } }",
        "{ all { __typename ...A ...B } } fragment A on Kept { x: note } fragment B on Node { x: note }",
    ],
)
async def test_one_response_key_in_sibling_fragments_is_decided_for_each_type_by_itself(query: str) -> None:
    answer, _ = await ask(ON_OBJECTS_ALONE, query, identified=False)
    assert answer.data is not None
    assert [list(each.values()) for each in answer.data["all"]] == [["Open", "open"], ["Kept", None], ["Sealed", None]]
    assert {error.path for error in answer.errors} == {("all", 1, "x"), ("all", 2, "x")}
