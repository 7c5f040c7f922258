"""What a plan costs that is made for the first time, and what kept plans weigh. Run by hand:

    python tests/bench/planning.py --repeat 50 --plans 10000

The supergraph is the institutions' own; the operations are the questions in tests/fixtures/queries and the three of the
full case. Of each it prints the p50 and p99, in milliseconds, of parsing, validating and planning, and of planning for
a profile never seen before; then the memory that distinct plans take, within the engine's bounds and without them.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from graphql import OperationDefinitionNode, parse, validate

from gateway.cli.full_case import document
from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.engine import Engine, Limits
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.federation.operation.parse import parse_operation
from gateway.federation.planning.plan import plan
from gateway.federation.planning.space import Space
from gateway.federation.policy import allow_everything
from gateway.federation.supergraph.model import Supergraph
from gateway.federation.supergraph.read import read_supergraph
from subgraphs.common.server import INSTITUTIONS, schema_sdl

QUERIES = Path(__file__).parents[1] / "fixtures" / "queries"
UNBOUNDED = 10**12


@dataclass(frozen=True, slots=True)
class Question:
    """One operation of a document."""

    title: str
    text: str
    operation: str | None = None


class Nobody:
    """A fetcher that is never asked: plans are made, not run."""

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        raise NotImplementedError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=50)
    parser.add_argument("--plans", type=int, default=10_000)
    asked = parser.parse_args()
    justice = _justice()
    print(f"{'p50/p99, ms':60} {'parse':>13} {'validate':>13} {'plan':>13} {'new profile':>13} {'fetches':>7}")
    for question in _questions():
        print(_costs(justice, question, asked.repeat))
    for title, limits in (("within the engine's bounds", Limits()), ("without bounds", Limits(UNBOUNDED, UNBOUNDED))):
        # A process of its own: what another freed would be used again, and not be seen to grow.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            print(pool.submit(_memory, title, asked.plans, limits).result())


def _justice() -> Supergraph:
    return read_supergraph(compose(Source(name, schema_sdl(name)) for name in INSTITUTIONS).sdl)


def _questions() -> Iterator[Question]:
    for file in sorted(QUERIES.glob("*.graphql")):
        yield Question(file.stem, file.read_text())
    for node in parse(document()).definitions:
        if isinstance(node, OperationDefinitionNode) and node.name:
            yield Question(f"full case, {node.name.value}", document(), node.name.value)


def _costs(graph: Supergraph, question: Question, repeat: int) -> str:
    """One line of the table."""
    known, text = Space(graph, allow_everything, frozenset()), parse(question.text)
    parsed = parse_operation(question.text, question.operation, graph.api_schema)
    columns = [
        _timed(lambda: parse(question.text), repeat),
        _timed(lambda: validate(graph.api_schema, text), repeat),
        _timed(lambda: plan(parsed, known), repeat),
        _timed(lambda: plan(parsed, Space(graph, allow_everything, frozenset())), repeat),
    ]
    return f"{question.title:60} {' '.join(f'{cell:>13}' for cell in columns)} {len(plan(parsed, known).steps):7}"


def _timed(work: Callable[[], object], repeat: int) -> str:
    took = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(took):.2f}/{sorted(took)[int(0.99 * (repeat - 1))]:.2f}"


def _memory(title: str, plans: int, limits: Limits) -> str:
    """What so many plans of different documents weigh: each has a comment of its own."""
    engine, questions = Engine(_justice(), Nobody(), limits), [*_questions()]
    for question in questions:
        engine.prepare(question.text, question.operation)
    before, began = _resident(), time.perf_counter()
    for number in range(plans):
        question = questions[number % len(questions)]
        engine.prepare(f"{question.text}# {number}", question.operation)
    took = time.perf_counter() - began
    grown, kept, characters = _resident() - before, len(engine.plans), engine.plans.held
    return (
        f"{plans} plans made {title} in {took:.0f} s: {kept} kept, of {characters} characters; {grown:.0f} MiB more, "
        f"{grown / kept * 1024:.1f} KiB a plan, {grown / characters * 2**20:.0f} bytes a character"
    )


def _resident() -> float:
    """MiB."""
    gc.collect()
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
