"""The ways to one field: from the tails that are there, along the field or by hops to where it is resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.federation.operation.selection import Budget, Selected, SelectedField
from gateway.federation.planning.contexts import ContextSource, applicable, given_at
from gateway.federation.planning.hops import Hop, Purpose, State
from gateway.federation.planning.local import Locality
from gateway.federation.planning.space import Space, below
from gateway.federation.planning.storage import Position, StorageKeys
from gateway.federation.planning.tails import TYPENAME, FieldMove, HopKey, HopMove, RootMove, Tail, rank
from gateway.federation.supergraph.field_set import FieldSet
from gateway.federation.supergraph.model import FieldInSubgraph


class Ways:
    """The ways of one plan."""

    def __init__(self, space: Space, storage: StorageKeys, budget: Budget, local: Locality) -> None:
        self.space = space
        self.storage = storage
        self.budget = budget
        self.local = local
        self._reached: dict[tuple[str, str, FieldSet, str], Mapping[tuple[str, str], Hop]] = {}

    def to(
        self,
        tails: Sequence[Tail],
        types: tuple[str, ...],
        asked: SelectedField,
        purpose: Purpose,
        probe: bool = False,
    ) -> list[Tail]:
        """The tails behind the field, the best for each subgraph and static type."""
        best: dict[tuple[str, str, FieldSet], Tail] = {}
        for tail in self._promising(tails, types[0], asked.name, purpose):
            self.budget.spend()
            for way in self._ways_from(tail, types, asked, purpose):
                found = (way.subgraph, way.type, way.provided)
                known = best.get(found)
                if known is None or rank(way) < rank(known):
                    best[found] = way
            if probe and best:
                break
        return sorted(best.values(), key=rank)

    def _promising(self, tails: Sequence[Tail], type_name: str, name: str, purpose: Purpose) -> Sequence[Tail]:
        """The tails worth trying: at the root, where nothing is to be had by hops, those that resolve the field."""
        if len(tails) == 1 or tails[0].position.parent is not None:
            return tails
        there = self.space.resolvers(type_name, name, purpose)
        return [tail for tail in tails if tail.subgraph in there]

    def _ways_from(self, tail: Tail, types: tuple[str, ...], asked: SelectedField, purpose: Purpose) -> list[Tail]:
        if self.is_interface_object(tail) and not self.space.supergraph.types[types[0]].is_abstract:
            typed = self._typed(tail)
            return [way for known in typed for way in self._ways_from(known, types, asked, purpose)]
        if asked is TYPENAME:
            return [
                self._typename(known) for known in (self._typed(tail) if self.is_interface_object(tail) else [tail])
            ]
        direct = self._direct(tail, types, asked, purpose)
        ways = [] if direct is None else [direct]
        if tail.position.parent is None:
            return ways  # every subgraph's root is a tail of its own
        if direct is not None and self._is_answered(direct, asked, purpose):
            return ways  # a hop could only add requests
        for name, owner, entry in self.space.targets(types[0], asked.name, purpose):
            if direct is not None and name == tail.subgraph and owner == types[0]:
                continue
            if not self._interface_resolves(types, name, owner, asked.name, purpose):
                continue
            self.budget.spend()
            base = self._hop(tail, types, name, owner, entry)
            if base is not None:
                ways.append(self._along(base, types, owner, entry, asked))
        return ways

    def _is_answered(self, direct: Tail, asked: SelectedField, purpose: Purpose) -> bool:
        """Is all that is asked of the field there, wherever else the field may be resolved?"""
        if asked.child is None:
            return True
        if self.space.supergraph.types[asked.child.type].kind == "union":
            return False  # other subgraphs may know other members
        return self.local.is_local(asked.child, direct.state, purpose)

    def _typename(self, tail: Tail) -> Tail:
        move = FieldMove(TYPENAME, (tail.type,), (tail.type,), (TYPENAME.name,))
        return replace(tail, parent=tail, move=move, made={})

    def _hops(self, tail: Tail, type_name: str) -> Mapping[tuple[str, str], Hop]:
        """The hops from a tail. What they cost is spent once a plan, whether they were known before or not."""
        found = (tail.subgraph, tail.type, tail.provided, type_name)
        if found not in self._reached:
            self._reached[found] = self.space.hops(tail.state, type_name)
            self.budget.spend(len(self._reached[found]))
        return self._reached[found]

    def _typed(self, tail: Tail) -> list[Tail]:
        """From an interface object to the subgraphs that can tell its runtime type."""
        return [
            self._made(tail, HopMove(hop, (tail.type,)), 0)
            for (name, owner), hop in self._hops(tail, tail.type).items()
            if hop.key is not None and not self.space.supergraph.is_interface_object(owner, name)
        ]

    def _direct(self, tail: Tail, types: tuple[str, ...], asked: SelectedField, purpose: Purpose) -> Tail | None:
        """Along the field without leaving the subgraph."""
        owner = types[0]
        if self.is_interface_object(tail):
            if not self.space.supergraph.types[owner].is_abstract:
                return None
            owner = tail.type
        entry = self.space.resolver(tail.state, owner, asked.name, purpose)
        if entry is None or entry.requires or not self._is_given(tail, entry):
            return None
        if not self._interface_resolves(types, tail.subgraph, owner, asked.name, purpose):
            return None
        return self._along(tail, types, owner, entry, asked)

    def _is_given(self, tail: Tail, entry: FieldInSubgraph) -> bool:
        """Does the request that the tail belongs to take all that the field needs of contexts?"""
        if not entry.context_arguments:
            return True
        given = given_at(tail.position, entry, self.space.supergraph)
        first: Tail | None = tail
        while first is not None and isinstance(first.move, FieldMove):
            first = first.parent
        if given is None or first is None or not isinstance(first.move, HopMove):
            return False
        return all(source in first.move.contexts for _, source in given)

    def _interface_resolves(
        self, types: tuple[str, ...], subgraph: str, owner: str, name: str, purpose: Purpose
    ) -> bool:
        """An interface's field serves only where every implementation there resolves it plainly."""
        graph = self.space.supergraph
        if owner not in types or not graph.types[owner].is_abstract or graph.is_interface_object(owner, subgraph):
            return True
        for possible in graph.possible_in(owner, subgraph):
            entry = self.space.resolvers(possible, name, purpose).get(subgraph)
            if entry is None or entry.requires or entry.context_arguments:
                return False
        return True

    def _along(
        self, tail: Tail, types: tuple[str, ...], owner: str, entry: FieldInSubgraph, asked: SelectedField
    ) -> Tail:
        place = tail.position
        through = types if owner in types else (owner,)
        stored = tuple(self.storage_key(place, name, asked) for name in types)[: len(through)]
        position = place
        if asked.child is not None:
            position = self.place_below(place, stored[0], types, asked.child)
        return Tail(
            subgraph=tail.subgraph,
            type=entry.named_type,
            provided=entry.provides + below(self.space, tail.provided, owner, asked.name),
            position=position,
            parent=tail,
            move=FieldMove(asked, types, through, stored, given_at(place, entry, self.space.supergraph) or ()),
            depth=tail.depth,
            hops=tail.hops,
        )

    def storage_key(self, place: Position, type_name: str, asked: SelectedField) -> str:
        """Where the field of objects of the type lies."""
        return self.storage.key(place.type, type_name, asked.name, asked.variant)

    def place_below(self, place: Position, key: str, types: tuple[str, ...], child: Selected) -> Position:
        """The place that the field leads to from objects of the types."""
        leading: frozenset[str] | None = frozenset(types)
        if types == (place.type,) or leading == self.space.supergraph.possible.get(place.type):
            leading = None
        return place.child(key, leading, child.type)

    def _hop(
        self, tail: Tail, types: tuple[str, ...], subgraph: str, owner: str, entry: FieldInSubgraph
    ) -> Tail | None:
        """Into the subgraph that resolves the field, gathering the field's requirements on the way."""
        hop = self._hops(tail, types[0]).get((subgraph, owner))
        if hop is None:
            hop = self._reentry(tail, types[0], subgraph, owner, entry)
        if hop is None:
            return None
        states = [tail.state, *self._states_after(tail, types[0])] if entry.requires else []
        given = given_at(tail.position, entry, self.space.supergraph)
        known = [self.space.gather(states, types[0], entry.requires, Purpose.SHOW)]
        known += [None] if given is None else [self._known_after(tail, source) for _, source in given]
        if None in known:
            return None
        needed = max(depth for depth in known if depth is not None) - tail.depth
        contexts = tuple(dict.fromkeys(source for _, source in given or ()))
        return self._made(tail, HopMove(hop, types, entry.requires, contexts), max(0, needed))

    def _known_after(self, tail: Tail, source: ContextSource) -> int | None:
        """The fewest sequential requests after which an ancestor's value is known; None where it cannot be had."""
        bases = self.ancestors(tail, source.place)
        deepest = 0
        for name in source.types:
            states = [state for base in bases for state in (base.state, *self._states_after(base, name))]
            wanted = applicable(source.selection, name, self.space.supergraph)
            depth = self.space.gather(states, name, wanted, Purpose.SHOW)
            if depth is None:
                return None
            deepest = max(deepest, depth)
        return deepest

    def _made(self, tail: Tail, move: HopMove, needed: int) -> Tail:
        made = (move.hop.subgraph, move.hop.owner, move.types, move.requires, move.contexts)
        if made not in tail.made:
            tail.made[made] = self._after_hop(tail, move, needed)
        return tail.made[made]

    def _reentry(self, tail: Tail, type_name: str, subgraph: str, owner: str, entry: FieldInSubgraph) -> Hop | None:
        """Back into the same subgraph, to hand in what a field requires or takes from contexts: by a key that is not
        resolvable if there is no other, since the subgraph that declares the field must take its inputs."""
        if subgraph != tail.subgraph or not (entry.requires or entry.context_arguments):
            return None
        keys = self.space.supergraph.types[owner].subgraphs[subgraph].keys
        states = [State(tail.subgraph, tail.type, tail.provided, 0), *self._states_after(tail, type_name, 0)]
        for key in sorted(keys, key=lambda key: not key.resolvable):
            depth = self.space.gather(states, type_name, key.fields, Purpose.KEY)
            if depth is not None:
                return Hop(subgraph, owner, key, depth + 1, frozenset())
        return None

    def _states_after(self, tail: Tail, type_name: str, base: int | None = None) -> list[State]:
        start = tail.depth if base is None else base
        hops = self._hops(tail, type_name).values()
        self.budget.spend(len(hops))
        return [State(hop.subgraph, hop.owner, (), start + hop.depth) for hop in hops]

    def _after_hop(self, tail: Tail, move: HopMove, needed: int) -> Tail:
        place, hop = tail.position, move.hop
        handed = (*move.requires, *move.contexts)
        hops: set[HopKey] = {(id(place), name, ()) for name, *_ in hop.via} | {(id(place), hop.subgraph, handed)}
        return Tail(
            subgraph=hop.subgraph,
            type=hop.owner,
            provided=(),
            position=place,
            parent=tail,
            move=move,
            depth=tail.depth + max(hop.depth, needed + 1),
            hops=tail.hops | hops,
        )

    def roots(self, place: Position, serial: int) -> list[Tail]:
        """The root type of each subgraph. `serial` separates the root fields of a mutation."""
        return [
            Tail(name, place.type, (), place, None, RootMove(serial), 0, frozenset(((id(place) + serial, name, ()),)))
            for name in sorted(self.space.supergraph.types[place.type].subgraphs)
        ]

    def ancestors(self, tail: Tail, place: Position) -> list[Tail]:
        """The tails at a place above a tail: those on the way to it, or all roots."""
        way: list[Tail] = []
        above = tail.parent
        while above is not None:
            if above.position is place:
                way.append(above)
            above = above.parent
        if isinstance(way[-1].move, RootMove):
            return self.roots(place, way[-1].move.serial)
        return way

    def is_interface_object(self, tail: Tail) -> bool:
        """Does the tail's subgraph know the interface as an object?"""
        return self.space.supergraph.is_interface_object(tail.type, tail.subgraph)

    def admits(self, tail: Tail, type_name: str) -> bool:
        """May a value at the tail be of the type?"""
        if self.is_interface_object(tail):
            return True
        return type_name in self.space.supergraph.possible_in(tail.type, tail.subgraph)
