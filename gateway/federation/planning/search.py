"""The search: for every field asked, the ways to fetch it.

A `Tail` is the end of one way: a value known in one subgraph, linked to the tail that it was reached from by a `Move`.
`Search.units` walks a selection with all tails at once. Each `Unit` it gives is a piece that one tail answers whole (a
leaf, or a subtree local to one subgraph) with its alternative tails; choosing among them is `choose.py`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.federation.errors import ClientError, RequestError
from gateway.federation.operation.selection import Budget, Selected, SelectedField
from gateway.federation.planning.contexts import ContextSource, Given, applicable, given_at
from gateway.federation.planning.hops import Hop, Purpose, State
from gateway.federation.planning.space import Space, below
from gateway.federation.planning.storage import Position, StorageKeys
from gateway.federation.supergraph.field_set import FieldSet
from gateway.federation.supergraph.model import FieldInSubgraph

UNREACHABLE = "FIELD_UNREACHABLE"

TYPENAME = SelectedField("__typename", (), "", (), frozenset(), None)
"""Asked where the runtime type matters and only an interface object is at hand."""


@dataclass(frozen=True, eq=False, slots=True)
class RootMove:
    """Into a subgraph's root type. `serial` separates the root fields of a mutation."""

    serial: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class FieldMove:
    """Along a field. `types` are the runtime types that the field is taken on; `entry_types` what the subgraph calls
    them."""

    field: SelectedField
    types: tuple[str, ...]
    entry_types: tuple[str, ...]
    storage_keys: tuple[str, ...]
    given: Given = ()
    """Arguments that are filled from contexts."""


@dataclass(frozen=True, eq=False, slots=True)
class HopMove:
    """Into another subgraph, as an entity (`hop.key`) or at the root. `requires` is gathered beside the key, `contexts`
    at places above."""

    hop: Hop
    types: tuple[str, ...]
    requires: FieldSet = ()
    contexts: tuple[ContextSource, ...] = ()


Move = RootMove | FieldMove | HopMove
HopKey = tuple[int, str, tuple[object, ...]]
"""Place, subgraph, and what is handed in beside the key."""
Found = tuple[tuple[str, ...], SelectedField, "tuple[Tail, ...]"]
"""A field to find, the runtime types it stands for, and the tails that can have such values."""


@dataclass(eq=False, slots=True)
class Tail:
    """The end of a way. `type` is the value's static type in the subgraph; `depth` counts sequential requests;
    `hops` names the fetches that the way needs."""

    subgraph: str
    type: str
    provided: FieldSet
    position: Position
    parent: Tail | None
    move: Move
    depth: int
    hops: frozenset[HopKey]
    made: dict[Any, Tail] = field(default_factory=dict)
    """Hops already made from here, so that equal ways are one."""
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.state = State(self.subgraph, self.type, self.provided, self.depth)


@dataclass(frozen=True, eq=False, slots=True)
class Unit:
    """A piece of the selection and the tails that can answer it. `whole`: with everything below it."""

    field: SelectedField
    alternatives: tuple[Tail, ...]
    whole: bool
    purpose: Purpose


class Search:
    """The search for one plan."""

    def __init__(self, space: Space, storage: StorageKeys, budget: Budget) -> None:
        self.space = space
        self.storage = storage
        self.budget = budget
        self._local: dict[tuple[Selected, str, str, FieldSet, Purpose], bool] = {}
        self._reached: dict[tuple[str, str, FieldSet, str], Mapping[tuple[str, str], Hop]] = {}

    def units(
        self,
        selected: Selected,
        tails: Sequence[Tail],
        purpose: Purpose = Purpose.SHOW,
        only: Sequence[str] = (),
        below_depth: int | None = None,
    ) -> list[Unit]:
        """The pieces of a selection. `only` restricts it to some runtime types, `below_depth` to ways that need fewer
        sequential requests. Raises `RequestError` (FIELD_UNREACHABLE) where a field cannot be fetched by any way."""
        found: list[Unit] = []
        pending = [(selected, tuple(tails), tuple(only))]
        while pending:
            chosen, at, types = pending.pop()
            for unit_types, asked, admitted in self._fields(chosen, at, types):
                alternatives = self._ways(admitted, unit_types, asked, purpose)
                if below_depth is not None:
                    alternatives = [tail for tail in alternatives if tail.depth < below_depth]
                if not alternatives:
                    self._unreachable(unit_types[0], asked)
                self._sort_out(asked, alternatives, purpose, found, pending)
        return found

    def _sort_out(
        self,
        asked: SelectedField,
        alternatives: list[Tail],
        purpose: Purpose,
        found: list[Unit],
        pending: list[tuple[Selected, tuple[Tail, ...], tuple[str, ...]]],
    ) -> None:
        """Keeps a field as a unit where one tail answers it whole, else goes down with all of them."""
        if asked.child is None:
            found.append(Unit(asked, tuple(_nearest(alternatives)), True, purpose))
            return
        whole = [tail for tail in alternatives if self.is_local(asked.child, tail.state, purpose)]
        nearest = min(tail.depth for tail in alternatives)
        if whole and min(tail.depth for tail in whole) <= nearest and self._members_agree(asked.child, alternatives):
            found.append(Unit(asked, tuple(_nearest(whole)), True, purpose))
            return
        if self._has_fields(asked.child, alternatives):
            pending.append((asked.child, tuple(alternatives), ()))
        else:
            found.append(Unit(asked, tuple(_nearest(alternatives)), False, purpose))

    def _members_agree(self, selected: Selected, tails: Sequence[Tail]) -> bool:
        """Do all subgraphs that may answer know the same members of a union?"""
        if self.space.supergraph.types[selected.type].kind != "union":
            return True
        known = {self.space.supergraph.possible_in(tail.type, tail.subgraph) for tail in tails}
        return len(known) == 1

    def _members_agree_on(self, owner: str, asked: SelectedField, purpose: Purpose) -> bool:
        """Do all subgraphs that resolve a field of a union type know the same members?"""
        graph = self.space.supergraph
        if asked.child is None or graph.types[asked.child.type].kind != "union":
            return True
        entries = self.space.resolvers(owner, asked.name, purpose).values()
        return len({graph.possible_in(entry.named_type, entry.subgraph) for entry in entries}) < 2

    def _has_fields(self, selected: Selected, tails: Sequence[Tail]) -> bool:
        return next(iter(self._fields(selected, tails, ())), None) is not None

    def _unreachable(self, type_name: str, asked: SelectedField) -> None:
        coordinate = f"{type_name}.{asked.name}"
        raise RequestError(
            [
                ClientError(
                    f"{coordinate} cannot be fetched here: no subgraph that resolves it can be entered from the ones "
                    "before it.",
                    UNREACHABLE,
                    extensions={"coordinate": coordinate},
                )
            ]
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

    # --- which fields, on which types ---------------------------------------------------------------------------

    def _fields(self, selected: Selected, tails: Sequence[Tail], only: Sequence[str]) -> list[Found]:
        """The fields to find, each with the runtime types it stands for and the tails that can have such values."""
        if not selected.is_abstract:
            return self._refused_left_out(
                [((selected.type,), asked, tuple(tails)) for asked in selected.planned(selected.type)]
            )
        if tuple(only) == (selected.type,) or not selected.possible:
            return self._on_interface(selected, tails)
        return self._refused_left_out(self._by_type(selected, tails, only or selected.possible))

    def _on_interface(self, selected: Selected, tails: Sequence[Tail]) -> list[Found]:
        """Asked of whatever type the value has; by type all the same where the field's types differ."""
        whole = selected.planned(selected.type)
        differing = {f.name for f in whole if self.storage.differs_at_all(selected.type, f.name)}
        found: list[Found] = [((selected.type,), asked, tuple(tails)) for asked in whole if asked.name not in differing]
        if differing:
            by_type = self._by_type(selected, tails, selected.possible)
            found += [each for each in by_type if each[1].name in differing]
        return found

    def _by_type(self, selected: Selected, tails: Sequence[Tail], types: Sequence[str]) -> list[Found]:
        types = self._shared_members(selected, tails, types)
        untyped = [tail for tail in tails if self._is_interface_object(tail)]
        own_type = (selected.type,)
        common = selected.planned(selected.type) if untyped else ()
        through_interface = {
            asked: None
            for asked in common
            if not self.storage.differs_at_all(selected.type, asked.name)
            and self._ways(tails, (selected.type,), asked, Purpose.SHOW, probe=True)
        }
        found: list[Found] = [(own_type, asked, tuple(tails)) for asked in through_interface]
        if untyped and selected.needs_typename:
            found.append((own_type, TYPENAME, tuple(tails)))
        groups: dict[Any, list[str]] = {}
        for type_name in types:
            self.budget.spend(len(tails))
            admitted = tuple(tail for tail in tails if self._admits(tail, type_name))
            if not admitted:
                continue
            for asked in selected.planned(type_name):
                if asked in through_interface:
                    continue
                self.budget.spend()
                signature = (self.space.signature(type_name), self.space.field_signature(type_name, asked.name))
                refused = self.space.refusal(type_name, asked.name) is not None
                alone = type_name if self.storage.differs(selected.type, asked.name) else ""
                groups.setdefault((asked, signature, admitted, refused, alone), []).append(type_name)
        found += [(tuple(names), asked, admitted) for (asked, _, admitted, _, _), names in groups.items()]
        if len(tails) > 1:
            self._check_one_serves_all(selected, tails, found)
        return found

    def _shared_members(self, selected: Selected, tails: Sequence[Tail], types: Sequence[str]) -> Sequence[str]:
        """Where subgraphs that may answer know different members of a union, only the members they share are asked."""
        if self.space.supergraph.types[selected.type].kind != "union":
            return types
        return [name for name in types if all(self._admits(tail, name) for tail in tails)]

    def _check_one_serves_all(self, selected: Selected, tails: Sequence[Tail], found: Sequence[Found]) -> None:
        """A field asked of an interface must be had from one of the tails for all the types that it may return: which
        tail will return the object is not known beforehand."""
        typed: dict[object, list[tuple[tuple[str, ...], SelectedField]]] = {}
        for types, wanted, _ in found:
            typed.setdefault((wanted.name, wanted.arguments), []).append((types, wanted))
        for asked in selected.planned(selected.type):
            same = typed.get((asked.name, asked.arguments), [])
            if same and not any(self._serves_all(tail, same) for tail in tails):
                self._unreachable(selected.type, asked)

    def _serves_all(self, tail: Tail, typed: Sequence[tuple[tuple[str, ...], SelectedField]]) -> bool:
        self.budget.spend(len(typed))
        return all(
            self._ways((tail,), types, wanted, Purpose.SHOW, probe=True)
            for types, wanted in typed
            if self._admits(tail, types[0])
        )

    def _refused_left_out(self, fields: list[Found]) -> list[Found]:
        return [
            (types, asked, tails) for types, asked, tails in fields if self.space.refusal(types[0], asked.name) is None
        ]

    def _is_interface_object(self, tail: Tail) -> bool:
        return self.space.supergraph.is_interface_object(tail.type, tail.subgraph)

    def _admits(self, tail: Tail, type_name: str) -> bool:
        """May a value at the tail be of the type?"""
        if self._is_interface_object(tail):
            return True
        return type_name in self.space.supergraph.possible_in(tail.type, tail.subgraph)

    # --- ways ---------------------------------------------------------------------------------------------------

    def _ways(
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
                if known is None or _rank(way) < _rank(known):
                    best[found] = way
            if probe and best:
                break
        return sorted(best.values(), key=_rank)

    def _promising(self, tails: Sequence[Tail], type_name: str, name: str, purpose: Purpose) -> Sequence[Tail]:
        """The tails worth trying: at the root, where nothing is to be had by hops, those that resolve the field."""
        if len(tails) == 1 or tails[0].position.parent is not None:
            return tails
        there = self.space.resolvers(type_name, name, purpose)
        return [tail for tail in tails if tail.subgraph in there]

    def _ways_from(self, tail: Tail, types: tuple[str, ...], asked: SelectedField, purpose: Purpose) -> list[Tail]:
        if self._is_interface_object(tail) and not self.space.supergraph.types[types[0]].is_abstract:
            typed = self._typed(tail)
            return [way for known in typed for way in self._ways_from(known, types, asked, purpose)]
        if asked is TYPENAME:
            return [
                self._typename(known) for known in (self._typed(tail) if self._is_interface_object(tail) else [tail])
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
        return self.is_local(asked.child, direct.state, purpose)

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
        if self._is_interface_object(tail):
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

    # --- local subtrees -----------------------------------------------------------------------------------------

    def is_local(self, selected: Selected, state: State, purpose: Purpose) -> bool:
        """Can the state's subgraph answer the whole selection by itself?"""
        found = (selected, state.subgraph, state.owner, state.provided, purpose)
        if found not in self._local:
            self.budget.spend()
            self._local[found] = self._find_local(selected, state, purpose)
        return self._local[found]

    def _find_local(self, selected: Selected, state: State, purpose: Purpose) -> bool:
        graph = self.space.supergraph
        if graph.is_interface_object(state.owner, state.subgraph):
            if selected.needs_typename:
                return False
            return all(
                self._field_is_local(asked, state.owner, state, purpose) for asked in selected.planned(selected.type)
            )
        if not selected.possible:  # an interface that nothing implements
            return all(
                self._field_is_local(asked, selected.type, state, purpose) for asked in selected.planned(selected.type)
            )
        known = graph.possible_in(state.owner, state.subgraph)
        return all(
            self._field_is_local(asked, name, state, purpose)
            for name in selected.possible
            if name in known
            for asked in selected.planned(name)
        )

    def _field_is_local(self, asked: SelectedField, owner: str, state: State, purpose: Purpose) -> bool:
        self.budget.spend()
        if self.space.refusal(owner, asked.name) is not None:
            return True
        entry = self.space.resolver(state, owner, asked.name, purpose)
        if entry is None or entry.requires or entry.context_arguments:
            return False
        if asked.child is None:
            return True
        if not self._members_agree_on(owner, asked, purpose):
            return False
        provided = entry.provides + below(self.space, state.provided, owner, asked.name)
        return self.is_local(asked.child, State(state.subgraph, entry.named_type, provided, 0), purpose)


def _rank(tail: Tail) -> tuple[int, int, str, str]:
    return (tail.depth, len(tail.hops), tail.subgraph, tail.type)


def _nearest(tails: Sequence[Tail]) -> list[Tail]:
    """The tails worth choosing from: those with the fewest sequential requests, and one more."""
    ordered = sorted(tails, key=_rank)
    return [tail for tail in ordered if tail.depth <= ordered[0].depth + 1]
