"""The institutions' schemas fit together: what two of them define alike may be shared, and nothing else is alike."""

from __future__ import annotations

import itertools

import pytest
from graphql import EnumTypeDefinitionNode, ObjectTypeDefinitionNode, TypeDefinitionNode, parse, print_ast

from subgraphs.common.server import INSTITUTIONS, schema_sdl

_OF_EACH = ("Query", "_Service", "_Any", "_Entity")


def types(institution: str) -> dict[str, TypeDefinitionNode]:
    found = (node for node in parse(schema_sdl(institution)).definitions if isinstance(node, TypeDefinitionNode))
    return {node.name.value: node for node in found if node.name.value not in _OF_EACH}


def _directives(node: object) -> dict[str, str]:
    return {directive.name.value: print_ast(directive) for directive in getattr(node, "directives", None) or ()}


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(INSTITUTIONS, 2)])
def test_what_two_institutions_define_is_a_key_an_input_or_shareable(one: str, other: str) -> None:
    here, there = types(one), types(other)
    for name in here.keys() & there.keys():
        a, b = here[name], there[name]
        assert a.kind == b.kind, name
        if isinstance(a, EnumTypeDefinitionNode):
            assert print_ast(a) == print_ast(b)
        if not isinstance(a, ObjectTypeDefinitionNode) or not isinstance(b, ObjectTypeDefinitionNode):
            continue
        fields = {field.name.value: field for field in b.fields}
        for field in a.fields:
            twin = fields.get(field.name.value)
            if twin is None:
                continue
            assert print_ast(field.type) == print_ast(twin.type), (name, field.name.value)
            shared = all("shareable" in _directives(type_) for type_ in (a, b))
            in_key = all(f'"{field.name.value}"' in _directives(type_).get("key", "") for type_ in (a, b))
            external = any("external" in _directives(each) for each in (field, twin))
            assert shared or in_key or external, (name, field.name.value)


def test_the_magistrate_and_the_case_are_told_by_several() -> None:
    assert "Magistrate" in types("judiciary").keys() & types("academy").keys()
    assert {"Case", "ConstitutionalProceeding", "CaseReference", "PageInfo"} <= (
        types("judiciary").keys() & types("constitutional_court").keys()
    )
