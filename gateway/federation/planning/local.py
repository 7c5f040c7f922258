"""Local subtrees: what one subgraph answers whole, so that no way need be searched inside it."""

from __future__ import annotations

from gateway.federation.operation.selection import Budget, Selected, SelectedField
from gateway.federation.planning.hops import Purpose, State
from gateway.federation.planning.space import Space, below
from gateway.federation.supergraph.field_set import FieldSet


class Locality:
    """What is local in one plan; memoised."""

    def __init__(self, space: Space, budget: Budget) -> None:
        self.space = space
        self.budget = budget
        self._local: dict[tuple[Selected, str, str, FieldSet, Purpose], bool] = {}

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
        if purpose is Purpose.SHOW and self.space.refusal(owner, asked.name) is not None:
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

    def _members_agree_on(self, owner: str, asked: SelectedField, purpose: Purpose) -> bool:
        """Do all subgraphs that resolve a field of a union type know the same members?"""
        graph = self.space.supergraph
        if asked.child is None or graph.types[asked.child.type].kind != "union":
            return True
        entries = self.space.resolvers(owner, asked.name, purpose).values()
        return len({graph.possible_in(entry.named_type, entry.subgraph) for entry in entries}) < 2
