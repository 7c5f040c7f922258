"""Which way for each unit: those that together cost least.

A way costs its items: the requests on it, and the fields that they fetch. Ways share items, and each is paid once.
Units with the same choice are one question. Questions are answered some at a time, by branch and bound that begins with
what adds least to what is paid already. Fewer requests go before fewer fields; sequential requests are no question,
since no way is taken that is deeper than some unit needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gateway.federation.operation.selection import Budget
from gateway.federation.planning.tails import FieldMove, HopKey, HopMove, RootMove, Tail, Unit
from gateway.federation.supergraph.field_set import FieldSet, SetField

TOGETHER = 8
"""Questions answered together."""
MAX_STEPS = 500
"""Steps of branch and bound for those."""

REQUEST, FIELD = "request", "field"
Item = tuple[object, ...]
"""REQUEST or FIELD, and what tells it from others."""
Cost = tuple[int, int]
"""Requests, fields."""


@dataclass(frozen=True, slots=True)
class Items:
    """What a way costs: `sure`, and what it may cost besides."""

    sure: frozenset[Item] = frozenset()
    guessed: frozenset[Item] = frozenset()


@dataclass(frozen=True, eq=False, slots=True)
class Question:
    """A choice for units that have the same ways. `ways`: which of their alternatives are worth taking (by index), and
    what each adds to the items paid before."""

    ways: Sequence[tuple[int, frozenset[Item]]]


@dataclass(eq=False)
class Chooser:
    """Chooses for one plan. `paid`: the items that are in it already."""

    budget: Budget
    paid: set[Item] = field(default_factory=set)
    _entered: dict[tuple[str, int], int] = field(default_factory=dict)
    """By subgraph and place: the depth of the last request that enters there."""
    _items: dict[Tail, Items] = field(default_factory=dict)

    def pay(self, tails: Iterable[Tail]) -> None:
        """The tails are taken."""
        for tail in tails:
            self.paid |= self._items_of(tail).sure
            hop = _last_hop(tail)
            if hop is not None:
                place = (hop.subgraph, id(hop.position))
                self._entered[place] = max(hop.depth, self._entered.get(place, 0))

    def choose(self, units: Sequence[Unit], deepest: int, awaited: bool) -> Sequence[Tail]:
        """A way for each unit, at most so deep. `awaited`: other requests need the values."""
        chosen = [unit.alternatives[0] for unit in units]
        groups = list(self._alike(units).values())
        popular = Counter(hop for group in groups for way in units[group[0]].alternatives for hop in way.hops)
        for start in range(0, len(groups), TOGETHER):
            asked = groups[start : start + TOGETHER]
            questions = [self._question([units[i] for i in group], deepest, awaited, popular) for group in asked]
            for group, way in zip(asked, self._answers(questions), strict=True):
                for index in group:
                    chosen[index] = units[index].alternatives[way]
                self.pay(chosen[index] for index in group)
        return chosen

    def _alike(self, units: Sequence[Unit]) -> dict[object, list[int]]:
        """The units by the hops of their ways; those with the fewest ways first."""
        groups: dict[object, list[int]] = {}
        for index in sorted(range(len(units)), key=lambda index: len(units[index].alternatives)):
            ways = units[index].alternatives
            self.budget.spend(len(ways))
            groups.setdefault(tuple((way.subgraph, way.hops) for way in ways), []).append(index)
        return groups

    def _question(self, units: Sequence[Unit], deepest: int, awaited: bool, popular: Counter[HopKey]) -> Question:
        """The choice of units with the same ways, the most shared way first, then the soonest: these win ties."""
        ways = units[0].alternatives

        def preference(place: int) -> tuple[int, int, str]:
            tail = ways[place]
            return (-min((popular[hop] for hop in tail.hops), default=0), tail.depth, tail.subgraph)

        adds: list[tuple[int, frozenset[Item]]] = []
        for place in sorted(range(len(ways)), key=preference):
            if ways[place].depth <= deepest:
                known = [self._items_of(unit.alternatives[place]) for unit in units]
                items = frozenset[Item]().union(*(each.sure | each.guessed for each in known))
                free = set[Item]() if awaited else self._postponed(ways[place])
                adds.append((place, items - self.paid - free))
        return Question(adds)

    def _postponed(self, tail: Tail) -> set[Item]:
        """The last request on the way, if a later one of its place can fetch what it would."""
        hop = _last_hop(tail)
        if hop is None or self._entered.get((hop.subgraph, id(hop.position)), 0) <= hop.depth:
            return set()
        return {(REQUEST, hop.subgraph, hop.depth)}

    def _answers(self, questions: Sequence[Question]) -> tuple[int, ...]:
        """A way for each question, so that all of them together add least."""
        best: tuple[int, ...] = ()
        least: Cost | None = None
        stack: list[tuple[Cost, tuple[int, ...], frozenset[Item]]] = [((0, 0), (), frozenset())]
        steps = 0
        while stack and (steps < MAX_STEPS or least is None):
            steps += 1
            cost, taken, new = stack.pop()
            if least is not None and cost >= least:
                continue
            if len(taken) == len(questions):
                best, least = taken, cost
                continue
            self.budget.spend(1 + len(questions[len(taken)].ways) // 4)
            tries = [(_plus(cost, items - new), way, items) for way, items in questions[len(taken)].ways]
            tries.sort(key=lambda each: each[0])
            stack += [(total, (*taken, way), new | items) for total, way, items in reversed(tries)]
        return best

    # --- items --------------------------------------------------------------------------------------------------

    def _items_of(self, tail: Tail) -> Items:
        """All items on the way to the tail."""
        way: list[Tail] = []
        known: Tail | None = tail
        while known is not None and known not in self._items:
            way.append(known)
            known = known.parent
        for each in reversed(way):
            self.budget.spend()
            before = Items() if each.parent is None else self._items[each.parent]
            self._items[each] = Items(
                before.sure.union(_own_items(each)),
                before.guessed.union(_passed(each)),
            )
        return self._items[tail]


def _plus(cost: Cost, items: frozenset[Item]) -> Cost:
    requests = sum(item[0] == REQUEST for item in items)
    return (cost[0] + requests, cost[1] + len(items) - requests)


def _last_hop(tail: Tail) -> Tail | None:
    """Where the way's last request enters its subgraph as an entity."""
    known: Tail | None = tail
    while known is not None and isinstance(known.move, FieldMove):
        known = known.parent
    return known if known is not None and isinstance(known.move, HopMove) else None


def _own_items(tail: Tail) -> Iterator[Item]:
    """What the last move of the way adds. Entity requests of one subgraph that are equally deep are one request, in
    which each place is as much as a field."""
    move, base = tail.move, tail.parent or tail
    if isinstance(move, RootMove):
        yield (REQUEST, tail.subgraph, 0, move.serial)
    elif isinstance(move, FieldMove):
        yield _field(base, (move.field.name, move.field.variant))
    elif move.hop.key is None:
        yield (REQUEST, tail.subgraph, tail.depth, id(tail.position))
    else:
        yield (REQUEST, tail.subgraph, tail.depth)
        yield _field(tail, ("_entities",))
        for path in _paths(move.hop.key.fields):
            yield _field(base, path)


def _passed(tail: Tail) -> Iterator[Item]:
    """The requests before the last move's that supply its key, unless others are chosen for that."""
    if isinstance(tail.move, HopMove) and tail.parent is not None:
        for subgraph, _, depth in tail.move.hop.via:
            yield (REQUEST, subgraph, tail.parent.depth + depth)


def _field(at: Tail, name: tuple[object, ...]) -> Item:
    return (FIELD, id(at.position), at.subgraph, at.depth, name)


def _paths(fields: FieldSet, before: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Each field of a field set, as a client's plain selection of it would be told."""
    for part in fields:
        if isinstance(part, SetField):
            name = (*before, part.name, part.arguments)
            yield name
            yield from _paths(part.selections, name)
        else:
            yield from _paths(part.selections, before)
