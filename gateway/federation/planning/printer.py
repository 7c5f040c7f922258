"""A query plan as people read it.

The readable form is the one developers of federations know: `QueryPlan { Sequence { Fetch … Flatten … } }`. It shows
the steps in waves; execution is freer than that, since a step starts as soon as the steps it waits for are done.
"""

from __future__ import annotations

from graphql import parse, print_ast

from gateway.federation.operation.selection import Conditions
from gateway.federation.planning.query_plan import (
    Entities,
    EntityPlace,
    FetchStep,
    PathStep,
    QueryPlan,
    Representation,
    RepresentationField,
    RepresentationShape,
)


def print_plan(plan: QueryPlan, reasons: bool = False) -> str:
    """The plan as indented text; with `reasons`, it says what it costs, and each hop why it is there."""
    waves = _waves(plan.steps)
    lines = [f"# {_cost(len(plan.steps), len(waves))}"] if reasons else []
    lines.append("QueryPlan {")
    if plan.introspection is not None:
        lines.append("  Introspection {}")
    if len(waves) > 1:
        lines += ["  Sequence {", *(_indent(line, 4) for wave in waves for line in _wave(wave, reasons)), "  }"]
    elif waves:
        lines += [_indent(line, 2) for line in _wave(waves[0], reasons)]
    return "\n".join([*lines, "}"])


def print_path(path: tuple[PathStep, ...]) -> str:
    """`case.parties|[Person].document`: storage keys, with the runtime types that a step is limited to."""
    parts: list[str] = []
    for step in path:
        types = f"|[{','.join(sorted(step.types))}]" if step.types is not None else ""
        parts.append(f"{types}.{step.key}" if parts or types else step.key)
    return "".join(parts).lstrip(".")


def depth_of(plan: QueryPlan) -> int:
    """How many fetches come one after the other, at most."""
    return len(_waves(plan.steps))


def _cost(fetches: int, depth: int) -> str:
    if fetches == 1:
        return "1 fetch"
    return f"{fetches} fetches" + (f", at most {depth} one after the other" if depth > 1 else "")


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
    operation = print_ast(parse(step.operation)).splitlines()
    places = [(entities, place) for entities in step.entities for place in entities.places]
    if len(places) == 1:  # the form that developers know
        place = places[0][1]
        body = _fetch(step, [f"{{ {_representations(place)} }} =>", *_handed(place), *operation])
        return lines + _under(place.conditions, _flatten(place.path, body))
    if not places:
        body = _fetch(step, operation)
        return lines + _under(step.conditions, _flatten(step.path, body) if step.path else body)
    taken = [line for entities, place in places for line in _taken(entities, place)]
    return lines + _fetch(step, [*taken, *operation])


def _taken(entities: Entities, place: EntityPlace) -> list[str]:
    """What a request takes from one of its places."""
    taken = [f"{{ {_representations(place)} }} => ${entities.variable}", *_handed(place)]
    return _under(place.conditions, _flatten(place.path, taken))


def _handed(place: EntityPlace) -> list[str]:
    """`{ currency } of tours => $context_0: String`: what an ancestor, or the root, hands in."""
    return [
        f"{{ {_shape(value.shape)} }} of {print_path(place.path[: value.above]) or 'the root'} => "
        f"${value.variable}: {value.type}"
        for value in place.contexts
    ]


def _fetch(step: FetchStep, inside: list[str]) -> list[str]:
    return [f'Fetch(service: "{step.subgraph}") {{', *(_indent(line, 2) for line in inside), "}"]


def _flatten(path: tuple[PathStep, ...], inside: list[str]) -> list[str]:
    return [f'Flatten(path: "{print_path(path)}") {{', *(_indent(line, 2) for line in inside), "}"]


def _under(conditions: Conditions, body: list[str]) -> list[str]:
    for variable, expected in sorted(conditions):
        keyword = "Include" if expected else "Skip"
        body = [f"{keyword}(if: ${variable}) {{", *(_indent(line, 2) for line in body), "}"]
    return body


def _representations(place: EntityPlace) -> str:
    return " ".join(_representation(shape) for shape in place.representations)


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
