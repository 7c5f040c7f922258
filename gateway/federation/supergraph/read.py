"""Supergraph SDL -> model: the join specification, v0.1 to v0.5, as composers write it.

`read_supergraph` is the entry point. The join directives are resolved through `@link` (or `@core`), never by spelling,
so a supergraph that renames them reads the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    OperationType,
    UnionTypeDefinitionNode,
    build_ast_schema,
    parse,
)
from graphql.language import FieldDefinitionNode, SchemaDefinitionNode

from gateway.federation.supergraph.access_rules import read_access_rules
from gateway.federation.supergraph.api_schema import build_api_schema, without_machinery
from gateway.federation.supergraph.consistency import problems
from gateway.federation.supergraph.contexts import read_context_arguments, read_contexts
from gateway.federation.supergraph.costs import read_costs, read_list_sizes
from gateway.federation.supergraph.directives import SPEC_HOST, LinkNames, applications, read_links
from gateway.federation.supergraph.field_set import FieldSet, SetField, parse_field_set
from gateway.federation.supergraph.model import (
    FieldInSubgraph,
    Key,
    Subgraph,
    Supergraph,
    TypeInfo,
    TypeInSubgraph,
)
from gateway.federation.supergraph.type_text import type_text

CompositeNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode

MAX_PROBLEMS = 10
"""Inconsistencies that are told at once."""
JOIN_VERSIONS = frozenset({"v0.1", "v0.2", "v0.3", "v0.4", "v0.5"})


class SupergraphError(Exception):
    """The supergraph cannot be read; the message says what is wrong and where."""

    code = "INVALID_SUPERGRAPH"


def read_supergraph(sdl: str) -> Supergraph:
    """Reads a supergraph SDL.

    Raises `SupergraphError` when the text is no GraphQL, no supergraph, names what it does not have, or needs a
    specification that is not known.
    """
    try:
        # Where each word stands would be most of the objects of a supergraph that is served.
        document = parse(sdl, no_location=True)
        links = read_links(document)
        _refuse_unknown(links)
        read = _Reader(sdl, document, links).read()
        wrong = list(islice(problems(read), MAX_PROBLEMS))
    except GraphQLError as error:
        raise SupergraphError(f"The supergraph is not valid GraphQL: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SupergraphError(f"The supergraph is inconsistent: {error}") from error
    if wrong:
        raise SupergraphError(f"The supergraph is inconsistent: {'; '.join(wrong)}.")
    return read


def _refuse_unknown(links: LinkNames) -> None:
    version = links.version("join")
    if version is None:
        raise SupergraphError(
            "This is not a supergraph: its schema does not link https://specs.apollo.dev/join. "
            "Compose the subgraphs first, with `quipu compose`."
        )
    if version not in JOIN_VERSIONS:
        raise SupergraphError(f"join {version} is not known here; known: {', '.join(sorted(JOIN_VERSIONS))}.")
    if unknown := links.unknown_required():
        raise SupergraphError(f"The supergraph requires specifications that are not known: {', '.join(unknown)}.")


class _Reader:
    """Holds what several steps of the reading share."""

    def __init__(self, sdl: str, document: DocumentNode, links: LinkNames) -> None:
        self.sdl = sdl
        self.document = document
        self.links = links
        self.graph_names: dict[str, str] = {}
        self.composites: dict[str, CompositeNode] = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode)
            and not self.links.is_machinery_type(node.name.value)
        }
        self.overridden: dict[tuple[str, str, str], str] = {}

    def read(self) -> Supergraph:
        subgraphs = self._read_subgraphs()
        known = {name: self._types_in_subgraphs(node) for name, node in self.composites.items()}
        members = self._read_members(known)
        types = {
            name: self._read_type(node, known[name], members.get(name, {})) for name, node in self.composites.items()
        }
        stripped = without_machinery(self.document, self.links)
        schema = build_ast_schema(stripped, assume_valid=True)
        return Supergraph(
            sdl=self.sdl,
            subgraphs=subgraphs,
            types=types,
            schema=schema,
            api_schema=build_api_schema(stripped, self.links),
            roots=_read_roots(stripped, types),
            access_rules=read_access_rules(self.document, self.links),
            costs=read_costs(self.document, self.links),
            list_sizes=read_list_sizes(self.document, self.links),
            connectors=frozenset(self._read_connectors()),
        )

    def _read_subgraphs(self) -> dict[str, Subgraph]:
        graph_enum = self.links.type_name("join", "Graph")
        subgraphs: dict[str, Subgraph] = {}
        for node in self.document.definitions:
            if isinstance(node, EnumTypeDefinitionNode) and node.name.value == graph_enum:
                for value in node.values or ():
                    for arguments in applications(value, self.links.directive("join", "graph")):
                        name = str(arguments["name"])
                        self.graph_names[value.name.value] = name
                        subgraphs[name] = Subgraph(name, str(arguments.get("url") or ""))
        if not subgraphs:
            raise SupergraphError(f"The supergraph names no subgraph (enum {graph_enum} is missing or empty).")
        return subgraphs

    def _read_connectors(self) -> Iterator[str]:
        """The subgraphs whose links of the connect specification are passed on."""
        schemas = (node for node in self.document.definitions if isinstance(node, SchemaDefinitionNode))
        passed_on = self.links.directive("join", "directive")
        for arguments in (found for node in schemas for found in applications(node, passed_on)):
            if str((arguments.get("args") or {}).get("url")).startswith(f"{SPEC_HOST}connect/"):
                yield from (self.graph_names[graph] for graph in arguments.get("graphs") or ())

    def _graph(self, arguments: Mapping[str, Any]) -> str | None:
        graph = arguments.get("graph")
        if graph is not None and graph not in self.graph_names:
            raise ValueError(f"{graph} is named as a subgraph, but is none")
        return None if graph is None else self.graph_names[graph]

    def _types_in_subgraphs(self, node: CompositeNode) -> dict[str, TypeInSubgraph]:
        keys: dict[str, list[Key]] = defaultdict(list)
        interface_object: dict[str, bool] = {}
        extension: set[str] = set()
        for arguments in applications(node, self.links.directive("join", "type")):
            graph = self._graph(arguments)
            if graph is None:
                continue
            interface_object[graph] = interface_object.get(graph, False) or bool(arguments.get("isInterfaceObject"))
            if arguments.get("extension"):
                extension.add(graph)
            if (key := arguments.get("key")) is not None:
                keys[graph].append(Key(_field_set(key), arguments.get("resolvable", True)))
        found = {
            graph: TypeInSubgraph(tuple(keys[graph]), is_object, graph in extension)
            for graph, is_object in interface_object.items()
        }
        if owner := self._owner(node):
            found.setdefault(owner, TypeInSubgraph())
        if not found:  # join v0.1 writes nothing on value types and roots: every subgraph may have them
            found = {graph: TypeInSubgraph() for graph in self.graph_names.values()}
        return found

    def _owner(self, node: CompositeNode) -> str | None:
        for arguments in applications(node, self.links.directive("join", "owner")):
            return self._graph(arguments)
        return None

    def _read_members(self, known: Mapping[str, Mapping[str, TypeInSubgraph]]) -> dict[str, dict[str, frozenset[str]]]:
        members: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name, node in self.composites.items():
            if isinstance(node, UnionTypeDefinitionNode):
                self._union_members(node, known, members[name])
            elif isinstance(node, ObjectTypeDefinitionNode):
                for interface, graph in self._implements(node, known):
                    members[interface][graph].add(name)
        return {
            name: {graph: frozenset(types) for graph, types in by_graph.items()} for name, by_graph in members.items()
        }

    def _union_members(
        self,
        node: UnionTypeDefinitionNode,
        known: Mapping[str, Mapping[str, TypeInSubgraph]],
        into: dict[str, set[str]],
    ) -> None:
        written = list(applications(node, self.links.directive("join", "unionMember")))
        for arguments in written:
            graph = self._graph(arguments)
            if graph is not None:
                into[graph].add(str(arguments["member"]))
        if not written:  # join before v0.3: a member is there wherever both are
            for member in node.types or ():
                for graph in known[node.name.value]:
                    if graph in known[member.name.value]:
                        into[graph].add(member.name.value)

    def _implements(
        self, node: ObjectTypeDefinitionNode, known: Mapping[str, Mapping[str, TypeInSubgraph]]
    ) -> list[tuple[str, str]]:
        written = [
            (str(arguments["interface"]), graph)
            for arguments in applications(node, self.links.directive("join", "implements"))
            if (graph := self._graph(arguments)) is not None
        ]
        if written:
            return written
        return [
            (interface.name.value, graph)
            for interface in node.interfaces or ()
            for graph in known[node.name.value]
            if graph in known.get(interface.name.value, {})
        ]

    def _read_type(
        self, node: CompositeNode, known: Mapping[str, TypeInSubgraph], members: Mapping[str, frozenset[str]]
    ) -> TypeInfo:
        name = node.name.value
        if isinstance(node, UnionTypeDefinitionNode):
            return TypeInfo(name, "union", known, members=members, contexts=read_contexts(node, self.links))
        owner = self._owner(node)
        fields = {definition.name.value: self._read_field(definition, known, owner) for definition in node.fields or ()}
        if owner is not None:
            _add_keys(fields, known)
        kind = "interface" if isinstance(node, InterfaceTypeDefinitionNode) else "object"
        interfaces = frozenset(interface.name.value for interface in node.interfaces or ())
        return TypeInfo(name, kind, known, fields, members, interfaces, read_contexts(node, self.links))

    def _read_field(
        self, definition: FieldDefinitionNode, known: Mapping[str, TypeInSubgraph], owner: str | None
    ) -> dict[str, FieldInSubgraph]:
        default_type = type_text(definition.type)
        written = list(applications(definition, self.links.directive("join", "field")))
        if not written:
            graphs = [owner] if owner else list(known)
            return {graph: FieldInSubgraph(graph, default_type) for graph in graphs}
        found: dict[str, FieldInSubgraph] = {}
        for arguments in written:
            graph = self._graph(arguments)
            if graph is None and owner is not None:
                graph = owner
            if graph is not None:
                found[graph] = self._field_in_subgraph(graph, arguments, default_type)
        return _with_overridden_labels(found, {name: graph for graph, name in self.graph_names.items()}, written)

    def _field_in_subgraph(self, graph: str, arguments: Mapping[str, Any], default_type: str) -> FieldInSubgraph:
        return FieldInSubgraph(
            subgraph=graph,
            type=str(arguments.get("type") or default_type),
            requires=_field_set(arguments.get("requires")),
            provides=_field_set(arguments.get("provides")),
            external=bool(arguments.get("external")),
            used_overridden=bool(arguments.get("usedOverridden")),
            override_label=arguments.get("overrideLabel") if arguments.get("override") else None,
            context_arguments=read_context_arguments(arguments),
        )


def _add_keys(fields: dict[str, dict[str, FieldInSubgraph]], known: Mapping[str, TypeInSubgraph]) -> None:
    """Says of an owned type's keys (join v0.1) that all subgraphs know them that have them: that version names the
    owner alone."""
    for graph, entry in known.items():
        for name in (part.name for key in entry.keys for part in key.fields if isinstance(part, SetField)):
            own = next(iter(fields[name].values()))
            fields[name].setdefault(graph, FieldInSubgraph(graph, own.type))


def _field_set(text: str | None) -> FieldSet:
    try:
        return parse_field_set(text) if text else ()
    except GraphQLSyntaxError as error:
        raise ValueError(f"{text!r} is no field set") from error


def _with_overridden_labels(
    found: dict[str, FieldInSubgraph], graph_ids: Mapping[str, str], written: list[Mapping[str, Any]]
) -> dict[str, FieldInSubgraph]:
    """The source of a progressive override resolves the field while the label is off."""
    labels = {
        str(arguments["override"]): str(arguments["overrideLabel"])
        for arguments in written
        if arguments.get("override") and arguments.get("overrideLabel")
    }
    answer = {}
    for graph, entry in found.items():
        label = labels.get(graph) or labels.get(graph_ids.get(graph, ""))
        answer[graph] = entry if label is None else replace(entry, overridden_label=label)
    return answer


def _read_roots(document: DocumentNode, types: Mapping[str, TypeInfo]) -> dict[str, str]:
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode) and node.operation_types:
            return {root.operation.value: root.type.name.value for root in node.operation_types}
    defaults = {
        OperationType.QUERY: "Query",
        OperationType.MUTATION: "Mutation",
        OperationType.SUBSCRIPTION: "Subscription",
    }
    return {operation.value: name for operation, name in defaults.items() if name in types}
