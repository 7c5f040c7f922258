"""`@join__directive`: one for each form of a directive that is passed on, with all the subgraphs that have it."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import print_ast
from graphql.language import ConstListValueNode, ConstObjectFieldNode, ConstObjectValueNode, EnumValueNode

from gateway.federation.composition.merging.context import Directives, Merging, Sourced
from gateway.federation.composition.merging.nodes import directive, text


def join_directives(merging: Merging, sources: Sequence[Sourced]) -> Directives:
    """What the subgraphs pass on about one element, whether or not they resolve it."""
    forms: dict[tuple[str, str], ConstObjectValueNode] = {}
    graphs: dict[tuple[str, str], list[EnumValueNode]] = {}
    for subgraph, node in sources if merging.passed_on else ():
        names = merging.passed_on.get(subgraph.name, {})
        for applied in node.directives or ():
            if name := names.get(applied.name.value):
                given = ConstObjectValueNode(
                    fields=tuple(
                        ConstObjectFieldNode(name=argument.name, value=argument.value)
                        for argument in applied.arguments or ()
                    )
                )
                form = (name, print_ast(given))
                forms.setdefault(form, given)
                graphs.setdefault(form, []).append(merging.graph(subgraph))
    return tuple(
        directive(
            "join__directive",
            graphs=ConstListValueNode(values=tuple(graphs[form])),
            name=text(form[0]),
            args=given,
        )
        for form, given in forms.items()
    )
