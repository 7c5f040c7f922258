"""`@join__directive`: one for each form of a directive that is passed on, with all the subgraphs that have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import print_ast, visit
from graphql.language import (
    ConstDirectiveNode,
    ConstListValueNode,
    ConstObjectFieldNode,
    ConstObjectValueNode,
    EnumValueNode,
    StringValueNode,
    Visitor,
)

from gateway.federation.composition.merging.context import Directives, Merging, Sourced
from gateway.federation.composition.merging.nodes import directive, text
from gateway.federation.composition.merging.passed_on import written_name


def join_directives(merging: Merging, sources: Sequence[Sourced]) -> Directives:
    """What the subgraphs pass on about one element, whether or not they resolve it."""
    graphs: dict[tuple[str, str], list[EnumValueNode]] = {}
    arguments: dict[tuple[str, str], ConstObjectValueNode] = {}
    for subgraph, node in sources if merging.passed_on else ():
        names = merging.passed_on.get(subgraph.name, {})
        for applied in node.directives or ():
            if name := written_name(subgraph, names, applied):
                given = _object(applied)
                form = (name, print_ast(given))
                arguments.setdefault(form, given)
                graphs.setdefault(form, []).append(merging.graph(subgraph))
    return tuple(
        directive(
            "join__directive",
            graphs=ConstListValueNode(values=tuple(found)),
            name=text(form[0]),
            args=arguments[form],
        )
        for form, found in graphs.items()
    )


def _object(applied: ConstDirectiveNode) -> ConstObjectValueNode:
    """The arguments of an application."""
    fields = (ConstObjectFieldNode(name=given.name, value=given.value) for given in applied.arguments or ())
    written: ConstObjectValueNode = visit(ConstObjectValueNode(fields=tuple(fields)), _EnumsAsTexts())
    return written


class _EnumsAsTexts(Visitor):
    """Makes texts of enum values, since no type tells here what they are."""

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> StringValueNode:
        return text(node.value)
