"""Fetch groups: the requests of a plan while it is being built.

A `Group` is one request to one subgraph; its `node` is the selection it will send, `inputs` the fields of the
representations it takes, `after` the groups that must come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gateway.federation.operation.selection import Budget, SelectedField, When
from gateway.federation.planning.contexts import ContextSource, Given
from gateway.federation.planning.storage import Position
from gateway.federation.supergraph.field_set import FieldSet, SetFragment


@dataclass(eq=False, slots=True)
class Entry:
    """One field in a group's selection, with the conditions it stands under."""

    asked: SelectedField
    when: When
    children: dict[Position, Node] = field(default_factory=dict)
    given: Given = ()
    """Arguments that are filled from contexts."""

    def widen(self, when: When) -> None:
        """The field is also wanted under other conditions."""
        if self.when:
            self.when = tuple(dict.fromkeys((*self.when, *when))) if when else ()


@dataclass(eq=False, slots=True)
class Node:
    """A selection set in a group. `type` is the static type in the group's subgraph; `entries` holds, by the type that
    a field is taken on and its storage key, the fields."""

    type: str
    position: Position
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)

    def add(self, type_name: str, storage_key: str, asked: SelectedField, when: When) -> Entry:
        """The entry for a field, new or there already."""
        entry = self.entries.get((type_name, storage_key))
        if entry is None:
            entry = Entry(asked, when)
            self.entries[type_name, storage_key] = entry
        else:
            entry.widen(when)
        return entry

    def absorb(self, other: Node) -> None:
        """Takes in all that the other selects at the same place."""
        pending = [(self, other)]
        while pending:
            into, source = pending.pop()
            for (type_name, key), given in source.entries.items():
                entry = into.add(type_name, key, given.asked, given.when)
                for position, child in given.children.items():
                    known = entry.children.setdefault(position, child)
                    if known is not child:
                        pending.append((known, child))


@dataclass(frozen=True, slots=True)
class Input:
    """What a group's representations carry for objects of some types: a key, and what fields require."""

    key: FieldSet
    requires: FieldSet


@dataclass(eq=False, slots=True)
class Group:
    """See the module. `when` is set for a group whose inputs are conditional: only equal conditions may share it.
    `depth` counts the requests that come before, one after the other; it never changes, and what a group waits for is
    shallower, so that no groups wait for each other."""

    subgraph: str
    position: Position
    node: Node
    serial: int = 0
    depth: int = 0
    is_entity: bool = False
    when: When = ()
    inputs: dict[tuple[tuple[str, ...], str], list[Input]] = field(default_factory=dict)
    """By (runtime types, the name that the subgraph gives them)."""
    contexts: dict[ContextSource, None] = field(default_factory=dict)
    """What it takes of ancestors."""
    computed: dict[str, set[str]] = field(default_factory=dict)
    """The inputs of each field that requires some, by its storage key."""
    after: dict[Group, None] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)

    def compute(self, storage_keys: Iterable[str], requires: FieldSet) -> None:
        """Notes what fields of the group require."""
        for key in storage_keys if requires else ():
            self.computed.setdefault(key, set()).update(input_names(requires))


@dataclass(eq=False, slots=True)
class Groups:
    """All groups of a plan."""

    budget: Budget
    roots: dict[tuple[int, str], Group] = field(default_factory=dict)
    entities: dict[tuple[Position, str, When], list[Group]] = field(default_factory=dict)
    order: list[Group] = field(default_factory=list)

    def root(self, subgraph: str, serial: int, position: Position, type_name: str) -> Group:
        """The group that asks a subgraph's root type."""
        if (serial, subgraph) not in self.roots:
            group = Group(subgraph, position, Node(type_name, position), serial)
            self.roots[serial, subgraph] = group
            self.order.append(group)
        return self.roots[serial, subgraph]

    def entered(
        self,
        subgraph: str,
        position: Position,
        type_name: str,
        suppliers: Iterable[Group],
        is_entity: bool,
        when: When,
        requires: FieldSet,
        types: tuple[str, ...],
        contexts: Sequence[ContextSource] = (),
    ) -> Group:
        """The group that enters a subgraph at a place: one that is there already if the suppliers make it no later,
        else a new one."""
        suppliers = list(suppliers)
        depth = 1 + max(group.depth for group in suppliers)
        known = self.entities.setdefault((position, subgraph, when), [])
        for group in known:
            self.budget.spend()
            if depth > group.depth or clashes(group, types, type_name, requires):
                continue
            if _fail_alike(group, suppliers, contexts):
                break
        else:
            node = Node(type_name, position)
            group = Group(subgraph, position, node, suppliers[0].serial, depth, is_entity, when)
            known.append(group)
            self.order.append(group)
        group.after.update(dict.fromkeys(suppliers))
        group.contexts.update(dict.fromkeys(contexts))
        return group


def _fail_alike(group: Group, suppliers: Iterable[Group], contexts: Sequence[ContextSource]) -> bool:
    """An ancestor without a value costs all that a group asks for, so what shares it must need the same fetches."""
    if not (group.contexts or contexts):
        return True
    return bool(group.contexts and contexts) and set(suppliers) == set(group.after)


def clashes(group: Group, types: tuple[str, ...], owner: str, requires: FieldSet) -> bool:
    """Would the group have to send one object in two ways, if it also took objects of the types, as the owner, with
    what is required?"""
    return _two_values(group, requires) or any(
        _two_names(group, types, owner, others, known) or _asked_too_much(group, types, owner, requires, others, known)
        for others, known in group.inputs
    )


def _two_values(group: Group, requires: FieldSet) -> bool:
    """Would one representation have to carry two values of one name?"""
    mine = {_name(part): part for part in requires}
    for inputs in group.inputs.values():
        for given in inputs:
            for part in given.requires:
                other = mine.get(_name(part))
                if other is not None and other != part:
                    return True
    return False


def input_names(requires: FieldSet) -> Iterator[str]:
    """The fields that a field set begins with, on whatever type."""
    for part in requires:
        if isinstance(part, SetFragment):
            yield from input_names(part.selections)
        else:
            yield part.name


def _two_names(group: Group, types: tuple[str, ...], owner: str, others: tuple[str, ...], known: str) -> bool:
    """Are there objects known as another type? A subgraph may know an entity by several interface objects."""
    place = group.position.type
    return known != owner and (place in (*types, *others) or not set(types).isdisjoint(others))


def _asked_too_much(
    group: Group, types: tuple[str, ...], owner: str, requires: FieldSet, others: tuple[str, ...], known: str
) -> bool:
    """Would objects of an interface object be asked for what only others of it bring the inputs of?"""
    if known != owner or owner in types or others == types:
        return False
    return bool(requires) or any(each.requires for each in group.inputs[others, known])


def _name(part: object) -> object:
    return getattr(part, "name", part)
