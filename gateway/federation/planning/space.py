"""The space that plans move in: which subgraph may be asked for a field, and which hops lead from one to another.

A `Space` belongs to one supergraph, one policy and one set of active override labels. What it works out is memoised and
shared by all plans made in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type

from gateway.federation.planning.contexts import applicable
from gateway.federation.planning.hops import Entrance, Hop, Purpose, State, entrances, find_hops
from gateway.federation.planning.query_plan import ProjectedField
from gateway.federation.planning.rights import Rights
from gateway.federation.policy import Allow, Condition, Policy, Refusal
from gateway.federation.supergraph.field_set import FieldSet, SetField, SetFragment
from gateway.federation.supergraph.model import FieldInSubgraph, Supergraph

Target = tuple[str, str, FieldInSubgraph]
"""Subgraph, owner, and what the subgraph says of the owner's field."""


class Space:
    """See the module."""

    def __init__(self, supergraph: Supergraph, policy: Policy, labels: frozenset[str]) -> None:
        self.supergraph = supergraph
        self.rights = Rights(supergraph, policy)
        self.labels = labels
        self.plain_leaves: dict[tuple[str, str], ProjectedField] = {}
        """By type and field: how leaves are projected that are asked for without alias, arguments or conditions."""
        self._resolvers: dict[tuple[str, str, Purpose], dict[str, FieldInSubgraph]] = {}
        self._hops: dict[tuple[str, str, str, FieldSet], dict[tuple[str, str], Hop]] = {}
        self._entrances: dict[str, Mapping[tuple[str, FieldSet], Sequence[Entrance]]] = {}
        self._owners: dict[str, tuple[str, ...]] = {}
        self._targets: dict[tuple[str, str, Purpose], tuple[Target, ...]] = {}
        self._interned: dict[object, int] = {}
        self._field_signatures: dict[tuple[str, str], int] = {}
        self._refusals: dict[tuple[str, str], Refusal | None] = {}
        self._conditions: dict[tuple[str, str], tuple[Condition, ...]] = {}
        self._signatures: dict[str, int] = {}
        self._gathering: set[tuple[str, FieldSet]] = set()

    # --- fields -------------------------------------------------------------------------------------------------

    def resolvers(self, type_name: str, field_name: str, purpose: Purpose) -> Mapping[str, FieldInSubgraph]:
        """The subgraphs that resolve the field on the type itself (interface objects apart), `@provides` apart."""
        found = (type_name, field_name, purpose)
        if found not in self._resolvers:
            entries = self.supergraph.types[type_name].fields.get(field_name, {})
            active = {
                name: entry
                for name, entry in sorted(entries.items())
                if self._is_active(type_name, field_name, entry, purpose)
            }
            self._resolvers[found] = active if purpose is Purpose.KEY else self._given(active, type_name, field_name)
        return self._resolvers[found]

    def _given(
        self, entries: Mapping[str, FieldInSubgraph], type_name: str, field_name: str
    ) -> dict[str, FieldInSubgraph]:
        """Those of them that the policy gives: without conditions where it can be had so, else from one alone, so that
        it is known which condition to check."""
        given = {
            name: entry for name, entry in entries.items() if self.rights.refusal(name, type_name, field_name) is None
        }
        free = {name: entry for name, entry in given.items() if not self.rights.condition(name, type_name, field_name)}
        return free or dict(list(given.items())[:1])

    def targets(self, type_name: str, field_name: str, purpose: Purpose) -> tuple[Target, ...]:
        """Where the field is resolved: on the type itself, or on interfaces of it that are objects somewhere."""
        found = (type_name, field_name, purpose)
        if found not in self._targets:
            self._targets[found] = tuple(
                (name, owner, entry)
                for owner in self.owners(type_name)
                for name, entry in self.resolvers(owner, field_name, purpose).items()
            )
        return self._targets[found]

    def _is_active(self, type_name: str, field_name: str, entry: FieldInSubgraph, purpose: Purpose) -> bool:
        if entry.override_label is not None and entry.override_label not in self.labels:
            return False
        moved = entry.used_overridden if entry.overridden_label is None else entry.overridden_label in self.labels
        if moved and not (purpose is Purpose.KEY and entry.used_overridden):
            return False
        return not entry.external or (
            purpose is Purpose.KEY and self.supergraph.is_own_key(type_name, field_name, entry.subgraph)
        )

    def resolver(self, state: State, type_name: str, field_name: str, purpose: Purpose) -> FieldInSubgraph | None:
        """How the state's subgraph resolves the field of the type, its `@provides` included; None if it does not."""
        entry = self.resolvers(type_name, field_name, purpose).get(state.subgraph)
        if entry is None and provides(self, state.provided, type_name, field_name):
            entry = self._provided_entry(state.subgraph, type_name, field_name, purpose)
        return entry

    def _provided_entry(
        self, subgraph: str, type_name: str, field_name: str, purpose: Purpose
    ) -> FieldInSubgraph | None:
        decision = self.rights.decision(subgraph, type_name, field_name)
        if purpose is Purpose.SHOW and not (isinstance(decision, Allow) and decision.condition is None):
            return None
        written = self.supergraph.types[type_name].fields.get(field_name, {}).get(subgraph)
        field_type = written.type if written else str(self._schema_field_type(type_name, field_name))
        return FieldInSubgraph(subgraph, field_type)

    def _schema_field_type(self, type_name: str, field_name: str) -> object:
        found = self.supergraph.schema.type_map[type_name]
        assert isinstance(found, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - only these have fields
        return found.fields[field_name].type

    def static_type(self, type_name: str, field_name: str) -> str:
        """The named type of a field in the whole supergraph."""
        return get_named_type(self._schema_field_type(type_name, field_name)).name  # type: ignore[call-overload, no-any-return]

    def refusal(self, type_name: str, field_name: str) -> Refusal | None:
        """Why the policy leaves no subgraph to ask for the field; None where it leaves one, or there is none at all."""
        found = (type_name, field_name)
        if found not in self._refusals:
            self._refusals[found] = None  # a requirement that leads back here adds nothing
            self._refusals[found] = self._find_refusal(type_name, field_name)
        return self._refusals[found]

    def _find_refusal(self, type_name: str, field_name: str) -> Refusal | None:
        first: Refusal | None = None
        for owner, entry in self._all_resolvers(type_name, field_name):
            refused = (
                self.rights.refusal(entry.subgraph, owner, field_name)
                or self._refused_input(owner, entry.requires)
                or self._refused_context(entry)
            )
            if refused is None:
                return None
            first = first or refused
        return first

    def _all_resolvers(self, type_name: str, field_name: str) -> Iterable[tuple[str, FieldInSubgraph]]:
        for owner in self.owners(type_name):
            for entry in self.supergraph.types[owner].fields.get(field_name, {}).values():
                if self._is_active(owner, field_name, entry, Purpose.SHOW):
                    yield owner, entry

    def _refused_input(self, type_name: str, requires: FieldSet, elsewhere: bool = False) -> Refusal | None:
        """Why the policy keeps back an input. One that is given under a condition on an object that lies `elsewhere` is
        kept back too: it could not be checked where the answer is cut out."""
        for part in requires:
            if isinstance(part, SetFragment):
                refused = self._refused_input(part.type_condition, part.selections, elsewhere)
            else:
                refused = self.refusal(type_name, part.name)
                guards = self.conditions(type_name, part.name) if elsewhere and refused is None else ()
                refused = guards[0].refusal if guards else refused
                if refused is None and part.selections:
                    refused = self._refused_input(self.static_type(type_name, part.name), part.selections, True)
            if refused is not None:
                return refused
        return None

    def conditions(self, type_name: str, field_name: str) -> tuple[Condition, ...]:
        """What must hold of an object of the type for the field to be shown, and for its inputs to be handed in."""
        found = (type_name, field_name)
        if found not in self._conditions:
            self._conditions[found] = ()  # a requirement that leads back here adds nothing
            self._conditions[found] = tuple(dict.fromkeys(self._find_conditions(type_name, field_name)))
        return self._conditions[found]

    def _find_conditions(self, type_name: str, field_name: str) -> Iterator[Condition]:
        for name, owner, entry in self.targets(type_name, field_name, Purpose.SHOW):
            if (own := self.rights.condition(name, owner, field_name)) is not None:
                yield own
            yield from self._conditions_of_inputs(type_name, entry.requires)

    def _conditions_of_inputs(self, type_name: str, requires: FieldSet) -> Iterator[Condition]:
        for part in requires:
            if isinstance(part, SetFragment):
                yield from self._conditions_of_inputs(type_name, part.selections)
            else:
                yield from self.conditions(type_name, part.name)

    def grounds(self, type_name: str, field_name: str) -> tuple[str, ...]:
        """By what right the field is given."""
        return tuple(
            ground
            for name, owner, _ in self.targets(type_name, field_name, Purpose.SHOW)
            if isinstance(decision := self.rights.decision(name, owner, field_name), Allow)
            for ground in decision.grounds
        )

    def _refused_context(self, entry: FieldInSubgraph) -> Refusal | None:
        """Why the policy keeps back a value that a context could hand in, below whichever ancestor."""
        for argument in entry.context_arguments:
            for name, contexts in self.supergraph.contexts.items():
                if argument.context in contexts and not self.supergraph.types[name].is_abstract:
                    wanted = applicable(argument.selection, name, self.supergraph)
                    if (refused := self._refused_input(name, wanted, True)) is not None:
                        return refused
        return None

    # --- types --------------------------------------------------------------------------------------------------

    def owners(self, type_name: str) -> tuple[str, ...]:
        """The type, and the interfaces of it that some subgraph defines as an object."""
        if type_name not in self._owners:
            info = self.supergraph.types[type_name]
            objects = self.supergraph.interface_objects
            self._owners[type_name] = (type_name, *sorted(known for known in info.interfaces if known in objects))
        return self._owners[type_name]

    def signature(self, type_name: str) -> int:
        """Equal for types that the same hops lead to, from and by the same keys, and that set the same contexts."""
        if type_name not in self._signatures:
            self._signatures[type_name] = self._number(self._sign(type_name))
        return self._signatures[type_name]

    def _sign(self, type_name: str) -> object:
        info = self.supergraph.types[type_name]
        keys = tuple((name, known.keys) for name, known in sorted(info.subgraphs.items()))
        key_fields = sorted(
            {part.name for _, ks in keys for key in ks for part in key.fields if isinstance(part, SetField)}
        )
        parts = tuple((name, self.field_signature(type_name, name)) for name in key_fields)
        return (keys, self.owners(type_name)[1:], parts, self.supergraph.contexts.get(type_name))

    def field_signature(self, type_name: str, field_name: str) -> int:
        """Equal for types on which the same subgraphs resolve the field in the same way."""
        found = (type_name, field_name)
        if found not in self._field_signatures:
            entries = self.supergraph.types[type_name].fields.get(field_name, {})
            written = tuple(entry for _, entry in sorted(entries.items()))
            given = tuple(self.resolvers(type_name, field_name, Purpose.SHOW))
            alone = type_name if any(entry.requires for entry in written) else ""
            self._field_signatures[found] = self._number((written, given, alone))
        return self._field_signatures[found]

    def _number(self, value: object) -> int:
        """A number for the value, since hashing one is cheap."""
        return self._interned.setdefault(value, len(self._interned))

    # --- hops ---------------------------------------------------------------------------------------------------

    def hops(self, state: State, type_name: str) -> Mapping[tuple[str, str], Hop]:
        """Every hop from the state for an entity of the type, by (subgraph, owner).

        `type_name` is the runtime type, or an interface where the runtime type is not known yet.
        """
        found = (state.subgraph, state.owner, type_name, state.provided)
        if found not in self._hops:
            self._hops[found] = find_hops(self, State(state.subgraph, state.owner, state.provided, 0), type_name)
        return self._hops[found]

    def entrances(self, type_name: str) -> Mapping[tuple[str, FieldSet], Sequence[Entrance]]:
        """The ways into subgraphs for an entity of the type, by (owner, key fields)."""
        if type_name not in self._entrances:
            self._entrances[type_name] = entrances(self, type_name)
        return self._entrances[type_name]

    # --- requirements -------------------------------------------------------------------------------------------

    def gather(
        self,
        states: Sequence[State],
        type_name: str,
        wanted: FieldSet,
        purpose: Purpose,
        suppliers: set[State] | None = None,
    ) -> int | None:
        """The fewest sequential requests after which all the wanted fields are known, starting from `states`.

        None where they cannot be had. `suppliers` collects the states that the fields are taken from.
        """
        deepest = 0
        for part in wanted:
            depth = self._gather_part(states, type_name, part, purpose, suppliers)
            if depth is None:
                return None
            deepest = max(deepest, depth)
        return deepest

    def _gather_part(
        self,
        states: Sequence[State],
        type_name: str,
        part: SetField | SetFragment,
        purpose: Purpose,
        suppliers: set[State] | None,
    ) -> int | None:
        if isinstance(part, SetFragment):
            return self._gather_fragment(states, type_name, part, purpose, suppliers)
        if part.name == "__typename":
            return min((state.depth for state in self._typed(states, type_name)), default=None)
        ways = self._plain_ways(states, type_name, part.name, purpose)
        if not ways:
            return self._gather_required(states, type_name, part)
        if part.selections:
            return self._gather_nested(ways, part.selections, purpose, suppliers)
        best = min((state for state, _ in ways), key=lambda state: state.depth)
        if suppliers is not None:
            suppliers.add(best)
        return best.depth

    def _gather_fragment(
        self,
        states: Sequence[State],
        type_name: str,
        part: SetFragment,
        purpose: Purpose,
        suppliers: set[State] | None,
    ) -> int | None:
        if not self.supergraph.types[type_name].is_abstract:
            applies = part.type_condition in (type_name, *self.supergraph.types[type_name].interfaces)
            return self.gather(states, type_name, part.selections, purpose, suppliers) if applies else 0
        inside = [s for s in states if part.type_condition in self._types_of(s)]
        if not inside:
            return 0 if self._typed(states, type_name) else None
        return self.gather(inside, part.type_condition, part.selections, purpose, suppliers)

    def _typed(self, states: Sequence[State], type_name: str) -> list[State]:
        """The states that tell the value's runtime type: an interface object does not."""
        graph = self.supergraph
        if not graph.types[type_name].is_abstract:
            return list(states)
        return [state for state in states if not graph.is_interface_object(state.owner, state.subgraph)]

    def _plain_ways(
        self, states: Sequence[State], type_name: str, field_name: str, purpose: Purpose
    ) -> list[tuple[State, State]]:
        """The states that resolve the field without requirements, each with the state that it leads to."""
        ways = []
        for state in states:
            entry, owner = self._entry_for(state, type_name, field_name, purpose)
            if entry is not None and not entry.requires and not entry.context_arguments:
                provided = below(self, state.provided, owner, field_name) + entry.provides
                ways.append((state, State(state.subgraph, entry.named_type, provided, state.depth)))
        return ways

    def _gather_required(self, states: Sequence[State], type_name: str, part: SetField) -> int | None:
        """An input that is itself computed from other inputs."""
        depths = []
        for owner in self.owners(type_name):
            for name, entry in self.resolvers(owner, part.name, Purpose.SHOW).items():
                guard = (f"{name}:{owner}.{part.name}", entry.requires)
                if not entry.requires or guard in self._gathering:
                    continue
                self._gathering.add(guard)
                try:
                    depth = self.gather(states, type_name, entry.requires, Purpose.SHOW)
                finally:
                    self._gathering.discard(guard)
                if depth is not None:
                    depths.append(self._gather_below(name, entry, part, depth + 1))
        return min((depth for depth in depths if depth is not None), default=None)

    def _gather_below(self, subgraph: str, entry: FieldInSubgraph, part: SetField, depth: int) -> int | None:
        """What is asked beneath a field that one subgraph gives after so many requests."""
        if not part.selections:
            return depth
        child = State(subgraph, entry.named_type, entry.provides, depth)
        return self._gather_nested([(child, child)], part.selections, Purpose.SHOW, None)

    def _gather_nested(
        self,
        children: Sequence[tuple[State, State]],
        wanted: FieldSet,
        purpose: Purpose,
        suppliers: set[State] | None,
    ) -> int | None:
        local = [child for _, child in children]
        guard = (",".join(f"{child.subgraph}:{child.owner}" for child in local), wanted)
        inner: set[State] = set()
        type_name = local[0].owner
        depth = self.gather(local, type_name, wanted, purpose, inner)
        if depth is None:
            if guard in self._gathering:
                return None
            self._gathering.add(guard)
            try:
                depth = self._gather_far(local, type_name, wanted, purpose, inner)
            finally:
                self._gathering.discard(guard)
        if depth is not None and suppliers is not None:
            used = {state.subgraph for state in inner}
            suppliers.update(parent for parent, child in children if child.subgraph in used or len(children) == 1)
        return depth

    def _gather_far(
        self, states: Sequence[State], type_name: str, wanted: FieldSet, purpose: Purpose, suppliers: set[State]
    ) -> int | None:
        """With hops to other subgraphs, which lead on from each runtime type by keys of its own."""
        depths = []
        for each, admitted in self._by_runtime_type(states, type_name):
            depth = self.gather(self._with_hops(admitted, each), each, wanted, purpose, suppliers)
            if depth is None:
                return None
            depths.append(depth)
        return max(depths, default=None)

    def _by_runtime_type(self, states: Sequence[State], type_name: str) -> list[tuple[str, Sequence[State]]]:
        """The runtime types that values of the states may have, each with the states that may have such; the static
        type, where an interface object is all that is known."""
        graph = self.supergraph
        if any(graph.is_interface_object(state.owner, state.subgraph) for state in states):
            return [(type_name, states)]
        found: dict[str, list[State]] = {}
        for state in states:
            for possible in sorted(graph.possible_in(state.owner, state.subgraph)):
                found.setdefault(possible, []).append(state)
        return list(found.items())

    def _with_hops(self, states: Sequence[State], type_name: str) -> list[State]:
        reached = list(states)
        for state in states:
            reached += [
                State(hop.subgraph, hop.owner, (), state.depth + hop.depth)
                for hop in self.hops(state, type_name).values()
            ]
        return reached

    def _types_of(self, state: State) -> frozenset[str]:
        known = self.supergraph.possible_in(state.owner, state.subgraph) | {state.owner}
        return known | frozenset(i for t in known for i in self.supergraph.types[t].interfaces)

    def _entry_for(
        self, state: State, type_name: str, field_name: str, purpose: Purpose
    ) -> tuple[FieldInSubgraph | None, str]:
        """The field as the state's subgraph has it: on the runtime type, or on the interface that it knows instead."""
        untyped = self.supergraph.is_interface_object(state.owner, state.subgraph)
        owner = state.owner if untyped else type_name
        return self.resolver(state, owner, field_name, purpose), owner


def provides(space: Space, provided: FieldSet, type_name: str, field_name: str) -> bool:
    """Does the `@provides` selection hold the field for the type?"""
    return any(part.name == field_name for part in _provided_parts(space, provided, type_name))


def below(space: Space, provided: FieldSet, type_name: str, field_name: str) -> FieldSet:
    """What a `@provides` selection says beneath the field."""
    return tuple(
        inner
        for part in _provided_parts(space, provided, type_name)
        if part.name == field_name
        for inner in part.selections
    )


def _provided_parts(space: Space, provided: FieldSet, type_name: str) -> Iterable[SetField]:
    for part in provided:
        if isinstance(part, SetField):
            yield part
        elif (
            part.type_condition == type_name
            or (part.type_condition in space.supergraph.types[type_name].interfaces)
            or type_name in space.supergraph.possible.get(part.type_condition, ())
        ):
            yield from _provided_parts(space, part.selections, type_name)
