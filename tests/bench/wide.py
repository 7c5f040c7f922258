"""What planning costs on a wide supergraph, made from a seed. Run by hand:

    python tests/bench/wide.py --subgraphs 100 --types 2000 --operations 300
    python tests/bench/wide.py --supergraph justice.graphql

It prints how long reading takes and how much memory that needs, then a table: for realistic operations in a fresh space
(nothing known of the supergraph yet) and in a warm one, and for each hostile family, the processor time of a plan
(parsing and validation apart), its steps of budget, its fetches, and the bytes that the plan itself holds.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wide_operations import HOSTILE, realistic
from wide_supergraph import Shape, wide_supergraph

from gateway.federation.errors import RequestError
from gateway.federation.operation.parse import ParsedOperation, parse_operation
from gateway.federation.planning.plan import PlanLimits, planned
from gateway.federation.planning.space import Space
from gateway.federation.policy import allow_everything
from gateway.federation.supergraph.model import Supergraph
from gateway.federation.supergraph.read import read_supergraph

HEAD = f"{'operations':24}{'count':>6}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}{'steps':>8}{'max':>8}{'fetches':>9}"


@dataclass(frozen=True)
class Measured:
    """One plan: processor time in milliseconds, steps, fetches (0 where it was refused) and the refusal."""

    took: float
    steps: int
    fetches: int
    refused: str = ""


def fresh(graph: Supergraph) -> Space:
    return Space(graph, allow_everything, frozenset())


def measure(parsed: ParsedOperation, space: Space) -> Measured:
    limits = PlanLimits()
    gc.collect(1)
    began = time.process_time()
    try:
        plan, steps = planned(parsed, space, limits)
    except RequestError as error:
        return Measured((time.process_time() - began) * 1000, limits.work, 0, error.errors[0].message)
    return Measured((time.process_time() - began) * 1000, steps, len(plan.steps))


def row(name: str, measured: Sequence[Measured]) -> str:
    took = sorted(each.took for each in measured)
    steps = [each.steps for each in measured]
    times = (statistics.median(took), took[int(len(took) * 0.99)], took[-1])
    text = f"{name:24}{len(took):6}" + "".join(f"{each:9.1f}" for each in times)
    text += f"{int(statistics.median(steps)):8}{max(steps):8}{max(each.fetches for each in measured):9}"
    refusals = sum(bool(each.refused) for each in measured)
    return text + (f"  {refusals} refused" if refusals else "")


def operations(graph: Supergraph, make: Callable[..., str], count: int) -> Iterator[ParsedOperation]:
    for seed in range(count):
        try:
            yield parse_operation(make(graph.api_schema, seed), None, graph.api_schema)
        except RequestError as error:
            print(f"{make.__name__} {seed} is refused before planning: {error}")


def bytes_of_plans(graph: Supergraph, parsed: Sequence[ParsedOperation]) -> tuple[int, int]:
    """What a plan holds, p50 and the most, in a space that has planned them all before."""
    space = fresh(graph)
    for each in parsed:
        planned(each, space)
    sizes = []
    tracemalloc.start()
    for each in parsed:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        plan = planned(each, space)[0]
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0] - before)
        del plan
    tracemalloc.stop()
    return int(statistics.median(sizes)), max(sizes)


def read(sdl: str) -> Supergraph:
    began = time.process_time()
    graph = read_supergraph(sdl)
    took = time.process_time() - began
    del graph
    gc.collect()
    tracemalloc.start()
    graph = read_supergraph(sdl)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(f"{len(graph.subgraphs)} subgraphs, {len(graph.types)} composite types, {len(sdl) / 1e6:.1f} MB of SDL")
    print(f"read in {took:.1f} s, held in {held / 1e6:.0f} MB")
    return graph


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--supergraph", type=Path, help="a supergraph SDL to measure instead of a made one")
    parser.add_argument("--subgraphs", type=int, default=100)
    parser.add_argument("--types", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--operations", type=int, default=300)
    asked = parser.parse_args()
    shape = Shape(asked.subgraphs, asked.types, asked.seed)
    graph = read(asked.supergraph.read_text() if asked.supergraph else wide_supergraph(shape))
    gc.collect()
    gc.freeze()
    parsed = list(operations(graph, realistic, asked.operations))
    warm = fresh(graph)
    print(HEAD)
    print(row("realistic, fresh space", [measure(each, fresh(graph)) for each in parsed]))
    for each in parsed:
        measure(each, warm)
    print(row("realistic, warm space", [measure(each, warm) for each in parsed]))
    for name, make in {} if asked.supergraph else HOSTILE.items():
        if found := [measure(each, fresh(graph)) for each in operations(graph, make, 5)]:
            print(row(name, found))
    print("bytes that a plan holds: p50 {}, max {}".format(*bytes_of_plans(graph, parsed[:100])))


if __name__ == "__main__":
    main()
