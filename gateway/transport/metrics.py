"""/metrics: how the gateway does, for Prometheus.

Each application has a registry of its own. Labels are words of closed sets (our own codes, the names of subgraphs),
never anything that a client or a subgraph wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from gateway.store.store import Store
from gateway.transport.current import Current

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0)


@dataclass(frozen=True, slots=True)
class _State(Collector):
    """What is counted elsewhere, read when Prometheus asks."""

    current: Current
    store: Store

    def collect(self) -> Iterator[Metric]:
        """All of it. The plans' counts begin anew with each supergraph."""
        served = self.current.served
        plans = served.engine.plans
        yield _lookups("quipu_plan_cache_lookups", "Plans looked for, kept or not.", plans.hits, plans.misses)
        yield GaugeMetricFamily("quipu_plan_cache_entries", "Plans kept.", len(plans))
        yield _lookups("quipu_store_lookups", "Shared entries looked for.", self.store.hits, self.store.misses)
        breakers = GaugeMetricFamily("quipu_breaker_open", "1: the subgraph is left alone.", labels=["subgraph"])
        for subgraph, is_open in served.client.open_breakers().items():
            breakers.add_metric([subgraph], is_open)
        yield breakers
        yield from _supergraphs(self.current)


def _supergraphs(current: Current) -> Iterator[Metric]:
    info = GaugeMetricFamily("quipu_supergraph_info", "1: the supergraph that is served.", labels=["hash"])
    info.add_metric([current.served.digest], 1)
    yield info
    since = current.served.since
    yield GaugeMetricFamily("quipu_supergraph_loaded_timestamp_seconds", "When it was loaded, in Unix time.", since)
    reloads = CounterMetricFamily(
        "quipu_supergraph_reloads", "Supergraphs that came after the first, served or not.", labels=["outcome"]
    )
    reloads.add_metric(["swapped"], current.swapped)
    reloads.add_metric(["refused"], current.refused)
    yield reloads


def _lookups(name: str, help_text: str, hits: int, misses: int) -> Metric:
    family = CounterMetricFamily(name, help_text, labels=["result"])
    family.add_metric(["hit"], hits)
    family.add_metric(["miss"], misses)
    return family


@dataclass(eq=False)
class Metrics:
    """The counters of one application."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self._requests = self._counter("quipu_requests", "Requests by outcome.", ["outcome"])
        self._fetches = self._counter("quipu_fetches", "Fetches by subgraph and outcome.", ["subgraph", "outcome"])
        self._request_seconds = self._seconds("quipu_request_seconds", "Seconds of a request.", [])
        self._fetch_seconds = self._seconds("quipu_fetch_seconds", "Seconds of a fetch.", ["subgraph"])
        self._of_fetches: dict[tuple[str, str], tuple[Counter, Histogram]] = {}

    def _counter(self, name: str, help_text: str, labels: Sequence[str]) -> Counter:
        return Counter(name, help_text, labels, registry=self.registry)

    def _seconds(self, name: str, help_text: str, labels: Sequence[str]) -> Histogram:
        return Histogram(name, help_text, labels, registry=self.registry, buckets=_SECONDS)

    def watch(self, current: Current, store: Store) -> None:
        """Reads their counts too."""
        self.registry.register(_State(current, store))

    def answered(self, outcome: str, seconds: float) -> None:
        """One request is done."""
        self._requests.labels(outcome).inc()
        self._request_seconds.observe(seconds)

    def fetched(self, subgraph: str, outcome: str, seconds: float) -> None:
        """One fetch is done."""
        found = (subgraph, outcome)
        if found not in self._of_fetches:  # looking children up costs more than counting
            self._of_fetches[found] = (self._fetches.labels(subgraph, outcome), self._fetch_seconds.labels(subgraph))
        counter, histogram = self._of_fetches[found]
        counter.inc()
        histogram.observe(seconds)

    async def endpoint(self, _: Request) -> Response:
        """All metrics, in Prometheus's text format."""
        body = generate_latest(self.registry)
        return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})
