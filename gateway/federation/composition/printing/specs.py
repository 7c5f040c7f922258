"""What a supergraph has besides its types: links to the specifications that it uses, and their definitions.

https://specs.apollo.dev/join: v0.3 suffices before Federation 2.7, v0.4 adds labels of overrides, v0.5 (2.8) contexts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import parse
from graphql.language import (
    ConstDirectiveNode,
    ConstValueNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    ListValueNode,
)

from gateway.federation.composition.federation_spec import LATEST, Version, directives_of
from gateway.federation.composition.merging.kept_directives import SPECIFICATIONS, KeptSpecification
from gateway.federation.composition.merging.nodes import directive, enum_value, link_import, name, text
from gateway.federation.composition.merging.passed_on import CONNECT, connect_version
from gateway.federation.composition.merging.spec_names import SpecNames
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.supergraph.directives import SPEC_HOST

_LABELS_SINCE: Version = (2, 7)
_CONTEXTS_SINCE: Version = (2, 8)

_DEFINITIONS = """
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__type(
  graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true,
  isInterfaceObject: Boolean! = false
) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
scalar join__FieldSet
scalar link__Import
enum link__Purpose {
  "`SECURITY` features provide metadata necessary to securely resolve fields."
  SECURITY
  "`EXECUTION` features provide metadata necessary for operation execution."
  EXECUTION
}
"""
_FIELD = """
directive @join__field(
  graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean,
  override: String, usedOverridden: Boolean %s
) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
"""
_WITH_LABELS = """
directive @join__directive(
  graphs: [join__Graph!], name: String!, args: join__DirectiveArguments
) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
scalar join__DirectiveArguments
"""
_WITH_CONTEXTS = """
input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
scalar join__FieldValue
"""
_FROM_CONTEXT = """
directive @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION
scalar context__ContextFieldValue
"""


def spec_links(version: Version, names: SpecNames, subgraphs: Sequence[Subgraph]) -> list[ConstDirectiveNode]:
    """The `@link` of each specification that the supergraph uses."""
    links = [_link("link", "v1.0"), _link("join", _join_version(version), purpose="EXECUTION")]
    for spec in used_specifications(names):
        imports = () if spec.is_passed_on else _imports(spec, names)
        links.append(_link(spec.name, spec.version, spec.purpose, imports))
    if connect := connect_version(subgraphs):
        links.append(_link(CONNECT, connect, purpose="EXECUTION"))
    return links


def used_specifications(names: SpecNames) -> list[KeptSpecification]:
    """The specifications whose directives some subgraph applies."""
    return [spec for spec in SPECIFICATIONS if not names.applied.isdisjoint(spec.directives)]


def _imports(spec: KeptSpecification, names: SpecNames) -> list[ConstValueNode]:
    """Its directives that are not called here what they are without an import."""
    local_names = ((element, names.local_names[element]) for element in spec.directives)
    return [link_import(element, local) for element, local in local_names if local != spec.default_name(element)]


def _join_version(version: Version) -> str:
    if version >= _CONTEXTS_SINCE:
        return "v0.5"
    return "v0.4" if version >= _LABELS_SINCE else "v0.3"


def _link(
    spec: str, version: str, purpose: str | None = None, imports: Sequence[ConstValueNode] = ()
) -> ConstDirectiveNode:
    arguments: dict[str, Any] = {"url": text(f"{SPEC_HOST}{spec}/{version}")}
    if imports:
        arguments["import"] = ListValueNode(values=tuple(imports))
    if purpose:
        arguments["for"] = enum_value(purpose)
    return directive("link", **arguments)


def spec_definitions(
    version: Version, names: SpecNames, subgraphs: Sequence[Subgraph], graphs: Mapping[str, str]
) -> list[Any]:
    """The directives and types of those specifications, with the enum of the subgraphs."""
    labels, contexts = version >= _LABELS_SINCE, version >= _CONTEXTS_SINCE
    more = ", overrideLabel: String" if labels else ""
    more += ", contextArguments: [join__ContextArgument!]" if contexts else ""
    written = [_DEFINITIONS, _FIELD % more]
    written += [_WITH_LABELS] if labels else []
    written += [_WITH_CONTEXTS] if contexts else []
    written += [_FROM_CONTEXT] if "context" in names.applied else []
    forms = directives_of(LATEST)
    for spec in (used for used in used_specifications(names) if not used.is_passed_on):
        types = {type_name: f"{spec.name}__{type_name}" for type_name in spec.types}
        written += [f"scalar {local}" for local in types.values()]
        written += [
            f"directive @{names.local_names[directive_name]}{forms[directive_name].definition.format_map(types)}"
            for directive_name in spec.directives
        ]
    return [*parse("\n".join(written), no_location=True).definitions, _graph_enum(subgraphs, graphs)]


def _graph_enum(subgraphs: Sequence[Subgraph], graphs: Mapping[str, str]) -> EnumTypeDefinitionNode:
    values = (
        EnumValueDefinitionNode(
            name=name(graphs[subgraph.name]),
            directives=(directive("join__graph", name=text(subgraph.name), url=text(subgraph.url)),),
        )
        for subgraph in subgraphs
    )
    return EnumTypeDefinitionNode(name=name("join__Graph"), values=tuple(values), directives=())
