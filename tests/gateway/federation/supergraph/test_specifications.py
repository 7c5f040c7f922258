"""What linked specifications say of a supergraph's elements, under whatever names they are linked."""

from pathlib import Path

import pytest
from graphql import print_schema

from gateway.federation.supergraph.model import AccessRule, ListSize
from gateway.federation.supergraph.read import SupergraphError, read_supergraph

FIXTURES = Path(__file__).parents[3] / "fixtures" / "supergraphs"
SHOP = (FIXTURES / "shop.graphql").read_text()
TOURS = (FIXTURES / "tours.graphql").read_text()
FEDERATION_1 = (FIXTURES / "hospital" / "join_v0.1.graphql").read_text()

RULES = {
    "Item.note": AccessRule(scopes=(("a", "b"), ("c",))),
    "Thing.note": AccessRule(scopes=(("a", "b"), ("c",))),
    "Item.name": AccessRule(authenticated=True),
    "Item.owner": AccessRule(policies=(("p",),)),
    "Kind": AccessRule(authenticated=True),
    "Secret": AccessRule(policies=(("q",), ("r", "s"))),
    "Thing": AccessRule(authenticated=True),
    "Vault": AccessRule(authenticated=True),
}


def test_access_rules_are_read_under_imported_names_on_every_kind_of_element() -> None:
    assert read_supergraph(SHOP).access_rules == RULES


def test_access_rules_are_read_under_the_name_of_a_whole_specification() -> None:
    imported = 'authenticated/v0.1", for: SECURITY, import: [{name: "@authenticated", as: "@login"}]'
    assert imported in SHOP
    named = SHOP.replace(imported, 'authenticated/v0.1", for: SECURITY, as: "auth"').replace("@login", "@auth")
    assert read_supergraph(named).access_rules == RULES


def test_a_directive_that_only_looks_like_a_rule_is_none() -> None:
    sdl = SHOP.replace('{name: "@authenticated", as: "@login"}', "")
    assert "Item.name" not in read_supergraph(sdl).access_rules


def test_costs_and_list_sizes_are_carried_by_coordinate() -> None:
    graph = read_supergraph(SHOP)
    assert graph.costs == {
        "Query.items(first:)": 2,
        "Where.name": 6,
        "Item.owner": 3,
        "Kind": 4,
        "Item": 7,
        "Secret": 9,
    }
    assert graph.list_sizes == {
        "Query.items": ListSize(50, ("first",), (), True),
        "Query.page": ListSize(5, (), ("nodes",), False),
    }


def test_a_list_of_one_may_be_written_without_brackets() -> None:
    assert 'scopes: [["a", "b"], ["c"]]' in SHOP
    assert 'slicingArguments: ["first"]' in SHOP
    sdl = SHOP.replace('scopes: [["a", "b"], ["c"]]', 'scopes: "read"')
    graph = read_supergraph(sdl.replace('slicingArguments: ["first"]', 'slicingArguments: "first"'))
    assert graph.access_rules["Item.note"] == AccessRule(scopes=(("read",),))
    assert graph.list_sizes["Query.items"].slicing_arguments == ("first",)


def test_clients_see_no_directive_of_any_specification_and_no_hidden_element() -> None:
    shown = print_schema(read_supergraph(SHOP).api_schema)
    assert "@" not in shown
    assert "__" not in shown
    assert "hidden" not in shown
    assert "type policy" in shown


def test_links_may_stand_in_an_extension_of_the_schema() -> None:
    last = '  @link(url: "https://shop.example/audit/v1.0", import: ["@audited"])\n'
    assert last in SHOP
    assert "@" not in print_schema(read_supergraph(f"{SHOP.replace(last, '')}\nextend schema {last}").api_schema)


def test_another_directive_of_the_schema_is_no_link() -> None:
    spoof = '@about(url: "https://specs.apollo.dev/authenticated/v9.9", as: "nothing")'
    sdl = SHOP.replace("schema\n", f"directive @about(url: String, as: String) on SCHEMA\nschema {spoof}\n", 1)
    assert read_supergraph(sdl).access_rules == RULES


def test_another_hosts_specification_of_the_same_name_is_another() -> None:
    foreign = '@link(url: "https://shop.example/authenticated/v0.1", import: ["@authenticated"])'
    sdl = SHOP.replace("\n{\n  query", f"\n  {foreign}\n{{\n  query", 1)
    assert read_supergraph(sdl).access_rules == RULES


REFUSED = {
    "a_required_specification_that_is_not_known": (
        SHOP.replace('audit/v1.0"', 'audit/v1.0", for: SECURITY'),
        r"requires specifications that are not known: audit/v1.0",
    ),
    "a_version_of_join_that_is_not_known": (SHOP.replace("join/v0.5", "join/v0.9"), r"join v0.9 is not known here"),
    "no_join_at_all": ("type Query { a: Int }", r"This is not a supergraph"),
    "no_graphql": (SHOP + "type {", r"not valid GraphQL: Syntax Error"),
    "a_specification_linked_twice": (
        SHOP.replace("policy/v0.1", "authenticated/v0.2"),
        r"it links authenticated twice",
    ),
    "no_subgraph": (SHOP.replace("enum join__Graph", "enum Other"), r"names no subgraph"),
    "an_unknown_subgraph": (
        SHOP.replace("@join__implements(graph: SHOP", "@join__implements(graph: SHIP"),
        r"SHIP is named as a subgraph, but is none",
    ),
    "a_malformed_field_set": (SHOP.replace('key: "id"', 'key: "id {"'), r"'id \{' is no field set"),
    "a_key_of_no_field": (
        SHOP.replace('key: "id"', 'key: "id code"', 1),
        r"the key of Item in shop, \{ id code \}, names Item.code, which is not defined",
    ),
    "a_key_with_half_an_object": (
        FEDERATION_1.replace('CLINIC, key: "number"', 'CLINIC, key: "ward"'),
        r"the key of Bed in clinic, \{ ward \}, must select fields of ward just where it has any",
    ),
    "a_requirement_of_no_field": (
        FEDERATION_1.replace('requires: "weight"', 'requires: "height"'),
        r"what Patient.tablets in pharmacy requires, \{ height \}, names Patient.height",
    ),
    "a_provision_of_no_field": (
        FEDERATION_1.replace('provides: "name"', 'provides: "... on Pill { name }"'),
        r"what Patient.drug in clinic provides has a fragment on Pill, which is not defined",
    ),
    "a_field_of_no_type": (SHOP.replace("text: String", "text: Text"), r"Unknown type: 'Text'"),
    "a_type_of_no_subgraphs_field": (
        FEDERATION_1.replace("gown: String @join__field(", 'gown: String @join__field(type: "Cloth", '),
        r"Patient.gown in laundry is of type Cloth, which is not defined",
    ),
    "a_member_of_no_type": (
        TOURS.replace('member: "Rental"', 'member: "Rent"'),
        r"Offer has Rent among its types in prices, which is no object type",
    ),
    "an_unknown_query_type": (SHOP.replace("query: Query", "query: Kind"), r"its query type Kind is no object type"),
    "no_query_type": (SHOP.replace("query: Query", "mutation: Query"), r"it has no query type"),
    "a_context_that_no_type_sets": (
        TOURS.replace('@context(name: "prices__season")', ""),
        r"Tariff.rate in prices takes season from the context prices__season, which no type sets",
    ),
}


@pytest.mark.parametrize(("sdl", "message"), REFUSED.values(), ids=REFUSED)
def test_a_supergraph_is_refused_that_has(sdl: str, message: str) -> None:
    with pytest.raises(SupergraphError, match=message):
        read_supergraph(sdl)
