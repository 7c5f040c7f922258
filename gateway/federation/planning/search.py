"""The search: for every field asked, the ways to fetch it.

`Search.units` walks a selection with all tails at once. Each `Unit` it gives is a piece that one tail answers whole (a
leaf, or a subtree local to one subgraph) with its alternative tails; choosing among them is `choose.py`'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.federation.errors import ClientError, RequestError
from gateway.federation.operation.selection import Budget, Selected, SelectedField
from gateway.federation.planning.hops import Purpose
from gateway.federation.planning.local import Locality
from gateway.federation.planning.space import Space
from gateway.federation.planning.storage import StorageKeys
from gateway.federation.planning.tails import TYPENAME, Tail, Unit, nearest
from gateway.federation.planning.ways import Ways
from gateway.federation.policy import UNREACHABLE

Found = tuple[tuple[str, ...], SelectedField, tuple[Tail, ...]]
"""A field to find, the runtime types it stands for, and the tails that can have such values."""


class Search:
    """The search for one plan."""

    def __init__(self, space: Space, storage: StorageKeys, budget: Budget) -> None:
        self.space = space
        self.storage = storage
        self.budget = budget
        self.local = Locality(space, budget)
        self.ways = Ways(space, storage, budget, self.local)

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
                alternatives = self.ways.to(admitted, unit_types, asked, purpose)
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
            found.append(Unit(asked, tuple(nearest(alternatives)), True, purpose))
            return
        whole = [tail for tail in alternatives if self.local.is_local(asked.child, tail.state, purpose)]
        soonest = min(tail.depth for tail in alternatives)
        if whole and min(tail.depth for tail in whole) <= soonest and self._members_agree(asked.child, alternatives):
            found.append(Unit(asked, tuple(nearest(whole)), True, purpose))
            return
        if self._has_fields(asked.child, alternatives):
            pending.append((asked.child, tuple(alternatives), ()))
        else:
            found.append(Unit(asked, tuple(nearest(alternatives)), False, purpose))

    def _members_agree(self, selected: Selected, tails: Sequence[Tail]) -> bool:
        """Do all subgraphs that may answer know the same members of a union?"""
        if self.space.supergraph.types[selected.type].kind != "union":
            return True
        known = {self.space.supergraph.possible_in(tail.type, tail.subgraph) for tail in tails}
        return len(known) == 1

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
        untyped = [tail for tail in tails if self.ways.is_interface_object(tail)]
        own_type = (selected.type,)
        common = selected.planned(selected.type) if untyped else ()
        through_interface = {
            asked: None
            for asked in common
            if not self.storage.differs_at_all(selected.type, asked.name)
            and self.ways.to(tails, (selected.type,), asked, Purpose.SHOW, probe=True)
        }
        found: list[Found] = [(own_type, asked, tuple(tails)) for asked in through_interface]
        if untyped and selected.needs_typename:
            found.append((own_type, TYPENAME, tuple(tails)))
        groups: dict[Any, list[str]] = {}
        for type_name in types:
            self.budget.spend(len(tails))
            admitted = tuple(tail for tail in tails if self.ways.admits(tail, type_name))
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
        return [name for name in types if all(self.ways.admits(tail, name) for tail in tails)]

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
            self.ways.to((tail,), types, wanted, Purpose.SHOW, probe=True)
            for types, wanted in typed
            if self.ways.admits(tail, types[0])
        )

    def _refused_left_out(self, fields: list[Found]) -> list[Found]:
        return [
            (types, asked, tails) for types, asked, tails in fields if self.space.refusal(types[0], asked.name) is None
        ]
