"""The programs of an engine: made when a plan has been run a few times, kept as long as they are used.

Compiling costs some milliseconds and a program some tens of kilobytes, so a plan that is run once gets none.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Mapping
from typing import Any

from graphql import GraphQLSchema

from gateway.federation.cache import BoundedCache
from gateway.federation.execution.compiled.places import NotCompiled
from gateway.federation.execution.compiled.program import Program, compile_plan
from gateway.federation.planning.query_plan import QueryPlan

log = logging.getLogger(__name__)

_NONE = object()
"""Stands for the program of a plan that cannot be compiled."""


class Programs:
    """`entries`: how many are kept; `after`: how often a plan is run before it is compiled."""

    def __init__(self, schema: GraphQLSchema, entries: int, after: int) -> None:
        self._schema = schema
        self._after = after
        self._kept: BoundedCache[Any] = BoundedCache(entries, entries)

    def program(self, key: Hashable, plan: QueryPlan, variables: Mapping[str, Any]) -> Program | None:
        """The program of the plan under that key, for the values of the variables of its conditions; None while it has
        been run too seldom, or where it cannot be compiled."""
        found = (key, tuple([variables.get(name) for name in plan.condition_variables]))
        known = self._kept.get(found) or 0
        if isinstance(known, Program):
            return known
        if known is _NONE:
            return None
        if known < self._after:
            self._kept.keep(found, known + 1)
            return None
        return self._compiled(found, plan, variables)

    def _compiled(self, found: Hashable, plan: QueryPlan, variables: Mapping[str, Any]) -> Program | None:
        program = None
        try:
            program = compile_plan(plan, self._schema, variables)
        except NotCompiled as reason:
            log.debug("a plan stays with the interpreter: %s", reason)
        self._kept.keep(found, _NONE if program is None else program)
        return program
