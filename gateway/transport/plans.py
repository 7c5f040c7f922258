"""The query plan in the response's extensions: for developers, where the settings allow it.

A client asks with `Quipu-Query-Plan: true`, or `dry-run` for the plan without the answer. The headers of Apollo Router
and Hive Router, with the same words, do as well. The plan comes under `extensions.queryPlan`: `text` to read, `plan`
for tools.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from starlette.datastructures import Headers

from gateway.federation.planning.plan_json import plan_as_json
from gateway.federation.planning.printer import print_plan
from gateway.federation.planning.query_plan import QueryPlan

PLAN_HEADERS = ("quipu-query-plan", "apollo-expose-query-plan", "hive-expose-query-plan")


class PlanWanted(Enum):
    """What the client wants of the plan."""

    NO = ""
    WITH_ANSWER = "true"
    ALONE = "dry-run"


def plan_wanted(headers: Headers) -> PlanWanted:
    """By the first of the headers that is there; any other word is no."""
    word = next((headers[name] for name in PLAN_HEADERS if name in headers), "").strip().lower()
    return next((wanted for wanted in PlanWanted if wanted.value == word), PlanWanted.NO)


def plan_extension(plan: QueryPlan) -> dict[str, Any]:
    """The extension as JSON values."""
    return {"queryPlan": {"text": print_plan(plan, reasons=True), "plan": plan_as_json(plan)}}
