"""A query plan as people read it, and as JSON for tools.

The readable form is the one developers of federations know: `QueryPlan { Sequence { Fetch … Flatten … } }`. It shows
the steps in waves; execution is freer than that, since a step starts as soon as the steps it waits for are done.
"""

from __future__ import annotations

from typing import Any

from graphql import parse, print_ast

from gateway.federation.planning.query_plan import (
    ContextValue,
    FetchStep,
    PathStep,
    QueryPlan,
    Representation,
    RepresentationField,
    RepresentationShape,
)


def print_plan(plan: QueryPlan, reasons: bool = False) -> str:
    """The plan as indented text; with `reasons`, each hop says why it is there."""
    lines = ["QueryPlan {"]
    waves = _waves(plan.steps)
    if plan.introspection is not None:
        lines.append("  Introspection {}")
    if len(waves) > 1:
        lines += ["  Sequence {", *(_indent(line, 4) for wave in waves for line in _wave(wave, reasons)), "  }"]
    elif waves:
        lines += [_indent(line, 2) for line in _wave(waves[0], reasons)]
    return "\n".join([*lines, "}"])


def plan_as_json(plan: QueryPlan) -> dict[str, Any]:
    """The plan's steps as JSON values."""
    return {
        "kind": plan.kind,
        "introspection": plan.introspection,
        "steps": [
            {
                "id": step.id,
                "subgraph": step.subgraph,
                "path": print_path(step.path),
                "dependsOn": list(step.depends_on),
                "conditions": [{"variable": name, "is": value} for name, value in sorted(step.conditions)],
                "representations": [_representation(shape) for shape in step.representations],
                "contexts": [
                    {
                        "variable": value.variable,
                        "type": value.type,
                        "path": print_path(step.path[: value.above]),
                        "value": _shape(value.shape),
                    }
                    for value in step.contexts
                ],
                "operation": step.operation,
                "variables": list(step.variables),
                "reason": step.reason,
            }
            for step in plan.steps
        ],
    }


def print_path(path: tuple[PathStep, ...]) -> str:
    """`case.parties|[Person].document`: storage keys, with the runtime types that a step is limited to."""
    parts: list[str] = []
    for step in path:
        types = f"|[{','.join(sorted(step.types))}]" if step.types is not None else ""
        parts.append(f"{types}.{step.key}" if parts or types else step.key)
    return "".join(parts).lstrip(".")


def _waves(steps: tuple[FetchStep, ...]) -> list[list[FetchStep]]:
    depth: dict[int, int] = {}
    waves: list[list[FetchStep]] = []
    for step in steps:
        depth[step.id] = 1 + max((depth[other] for other in step.depends_on), default=-1)
        while len(waves) <= depth[step.id]:
            waves.append([])
        waves[depth[step.id]].append(step)
    return waves


def _wave(steps: list[FetchStep], reasons: bool) -> list[str]:
    blocks = [line for step in steps for line in _step(step, reasons)]
    if len(steps) == 1:
        return blocks
    return ["Parallel {", *(_indent(line, 2) for line in blocks), "}"]


def _step(step: FetchStep, reasons: bool) -> list[str]:
    lines = [f"# {step.reason}"] if reasons and step.reason else []
    body = [f'Fetch(service: "{step.subgraph}") {{']
    if step.representations:
        inputs = " ".join(_representation(shape) for shape in step.representations)
        body += [f"  {{ {inputs} }} =>"]
    body += [f"  # {_context(step, value)}" for value in step.contexts]
    body += [_indent(line, 2) for line in print_ast(parse(step.operation)).splitlines()]
    body += ["}"]
    if step.path:
        body = [f'Flatten(path: "{print_path(step.path)}") {{', *(_indent(line, 2) for line in body), "}"]
    for variable, expected in sorted(step.conditions):
        keyword = "Include" if expected else "Skip"
        body = [f"{keyword}(if: ${variable}) {{", *(_indent(line, 2) for line in body), "}"]
    return lines + body


def _context(step: FetchStep, value: ContextValue) -> str:
    """`$context_0: String is { currency } of tours`: of the ancestor there, or at the root."""
    place = print_path(step.path[: value.above])
    return f"${value.variable}: {value.type} is {{ {_shape(value.shape)} }} of {place or 'the root'}"


def _representation(representation: Representation) -> str:
    types = ",".join(sorted(representation.types)) if representation.types else representation.typename
    renamed = f" as {representation.typename}" if representation.types and representation.typename else ""
    return f"... on {types}{renamed} {{ __typename {_shape(representation.shape)} }}"


def _shape(shape: RepresentationShape) -> str:
    parts = [_field(part) for part in shape.fields]
    parts += [
        f"... on {name} {{ {' '.join(_field(part) for part in fields)} }}"
        for name, fields in sorted(shape.by_type.items())
    ]
    return " ".join(parts)


def _field(part: RepresentationField) -> str:
    name = part.name if part.name == part.storage_key else f"{part.name}: {part.storage_key}"
    return name if part.selection is None else f"{name} {{ {_shape(part.selection)} }}"


def _indent(line: str, by: int) -> str:
    return " " * by + line
