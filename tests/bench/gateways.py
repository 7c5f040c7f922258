"""Gateways side by side under the heavy query of the public federation benchmarks, with answers of some 87 KB.

Run by hand; the packages of the others go where you like:

    cd DIR
    npm install @apollo/gateway @apollo/server @graphql-hive/gateway @graphql-hive/router-runtime graphql@16
    python tests/bench/gateways.py --npm DIR --seconds 20

Each gateway has a core to itself; the other is for the subgraphs, which cost almost nothing, and the load. `alike` asks
one thing over and over, `different` asks for another lot each time. The processor time of the gateway's process is what
it needs for a request even where the load, or the machine's other work, is the bottleneck.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import uvloop
from load import Load, Question, run_load
from shop_data import FIRST_LOT, HEAVY, SUBGRAPHS, ask, lot, sdl

from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.supergraph.read import read_supergraph

HERE = Path(__file__).parent
QUIPU = [sys.executable, "-c", "from gateway.cli.main import main; main()"]
CORE, OTHER_CORE = 0, 1
WARM_UP = 8.0
_HIVE = "node_modules/@graphql-hive/gateway/dist/bin.js"
_TICKS = os.sysconf("SC_CLK_TCK")

Command = Callable[[str, Path, int], list[str]]
"""How a gateway is started: the node to run, the supergraph, the port."""


def _quipu(node: str, supergraph: Path, port: int) -> list[str]:
    return [*QUIPU, "serve", "--supergraph", str(supergraph), "--port", str(port), "--open"]


def _apollo(node: str, supergraph: Path, port: int) -> list[str]:
    return [node, str(HERE / "npm" / "apollo.mjs"), str(supergraph), str(port)]


def _hive(config: str) -> Command:
    def command(node: str, supergraph: Path, port: int) -> list[str]:
        options = ["--port", str(port), "--host", "127.0.0.1", "--fork", "1", "-c", str(HERE / "npm" / config)]
        return [node, _HIVE, "supergraph", str(supergraph), *options]

    return command


GATEWAYS: dict[str, Command] = {
    "apollo": _apollo,
    "hive": _hive("hive.mjs"),
    "hive-rust": _hive("hive-rust.mjs"),
    "quipu": _quipu,
}


@dataclass(frozen=True, slots=True)
class Usage:
    """What a gateway and the subgraphs have done so far. Processor time in seconds, memory in MiB."""

    processor: float
    load_core: float
    memory: float
    fetches: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One gateway in one mode. `busy`: the part of the second core's time that load and subgraphs took."""

    gateway: str
    mode: str
    load: Load
    before: Usage
    after: Usage

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.load.latencies) / self.load.seconds

    @property
    def processor(self) -> float:
        """Milliseconds of processor time a request."""
        return (self.after.processor - self.before.processor) / len(self.load.latencies) * 1000

    @property
    def row(self) -> list[str]:
        """For the table, less the ratios."""
        busy = (self.after.load_core - self.before.load_core) / self.load.seconds
        used = (self.after.processor - self.before.processor) / self.load.seconds
        fetches = (self.after.fetches - self.before.fetches) / len(self.load.latencies)
        figures = [f"{self.rate:.0f}", f"{self.processor:.2f}", f"{used:.0%}", f"{busy:.0%}", f"{fetches:.1f}"]
        latencies = [f"{self.load.quantile(part):.0f}" for part in (0.5, 0.99)]
        return [self.mode, self.gateway, *figures, *latencies, f"{self.after.memory:.0f}"]


HEADINGS = ["mode", "gateway", "req/s", "CPU ms/req", "CPU", "other core", "fetches", "p50 ms", "p99 ms", "MiB"]
RATIOS = ["req/s to Apollo", "CPU to Apollo"]


def main() -> None:
    asked = _arguments()
    os.sched_setaffinity(0, {OTHER_CORE})
    modes = ["alike", "different"] if asked.mode == "both" else [asked.mode]
    rows = [*_measured(asked, list(GATEWAYS) if "all" in asked.gateway else asked.gateway, modes)]
    print(_table(rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", nargs="+", choices=[*GATEWAYS, "all"], default=["all"])
    parser.add_argument("--mode", choices=["alike", "different", "both"], default="both")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--npm", type=Path, default=Path.cwd(), help="the folder with the npm packages")
    parser.add_argument("--node", default="node", help="the node to run them with")
    return parser.parse_args()


def _measured(asked: argparse.Namespace, gateways: list[str], modes: list[str]) -> Iterator[Measured]:
    with _subgraphs() as (stub, ports), tempfile.TemporaryDirectory() as folder:
        supergraph = Path(folder) / "supergraph.graphql"
        supergraph.write_text(compose(Source(name, sdl(name), _address(ports[name])) for name in SUBGRAPHS))
        right = ask(read_supergraph(supergraph.read_text()).api_schema, _request(FIRST_LOT)).data
        for name in gateways:
            port = _free_port()
            with _running(GATEWAYS[name](asked.node, supergraph, port), asked.npm) as process:
                first = _first_answer(process, _address(port), right)
                for mode in modes:
                    question = _alike(first) if mode == "alike" else _different(first)
                    uvloop.run(run_load(_address(port), question, WARM_UP, asked.connections))
                    before = _usage(process.pid, stub.pid, ports)
                    load = uvloop.run(run_load(_address(port), question, asked.seconds, asked.connections))
                    if load.wrong is not None:
                        raise SystemExit(f"{name} answered wrongly: {load.wrong[:500]!r}")
                    measured = Measured(name, mode, load, before, _usage(process.pid, stub.pid, ports))
                    print(*measured.row, file=sys.stderr)
                    yield measured


@contextmanager
def _subgraphs() -> Iterator[tuple[subprocess.Popen[str], dict[str, int]]]:
    command = ["taskset", "-c", str(OTHER_CORE), sys.executable, str(HERE / "shop_server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as stub:
        assert stub.stdout
        yield stub, json.loads(stub.stdout.readline())
        # Leaving closes its stdin, and so ends it.


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "NODE_ENV": "production"}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(["taskset", "-c", str(CORE), *command], cwd=folder, env=environment, stdout=quiet)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _first_answer(process: subprocess.Popen[bytes], url: str, right: object) -> bytes:
    """The bytes of the gateway's answer for the first lot, once it is up, held against what is right."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(url, json.dumps(_request(FIRST_LOT)).encode(), headers)  # noqa: S310
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(request) as response:  # noqa: S310
                answer: bytes = response.read()
        except OSError:
            time.sleep(0.3)
            continue
        if json.loads(answer) != {"data": right}:
            raise SystemExit(f"{url} answered wrongly: {answer[:500]!r}")
        return answer
    raise SystemExit(f"{process.args!r} did not start")


def _request(name: str) -> Mapping[str, Any]:
    return {"query": HEAVY, "operationName": "Heavy", "variables": {"lot": name}}


def _alike(first: bytes) -> Question:
    request = json.dumps(_request(FIRST_LOT)).encode()
    return lambda: (request, first)


def _different(first: bytes) -> Question:
    request, known = json.dumps(_request(FIRST_LOT)).encode(), FIRST_LOT.encode()
    lots = (lot(number).encode() for number in count(1))

    def question() -> tuple[bytes, bytes]:
        name = next(lots)
        return request.replace(known, name), first.replace(known, name)

    return question


def _usage(gateway: int, stub: int, ports: Mapping[str, int]) -> Usage:
    fetches = 0
    for port in ports.values():
        with urllib.request.urlopen(_address(port)) as response:  # noqa: S310
            fetches += json.load(response)["requests"]
    own = _processor(gateway) + sum(_processor(child) for child in _children(gateway))
    return Usage(own, _processor(stub) + time.process_time(), _memory(gateway), fetches)


def _processor(pid: int) -> float:
    """Seconds, in user and system mode."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}/graphql"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _table(all_measured: list[Measured]) -> str:
    apollo = {one.mode: one for one in all_measured if one.gateway == "apollo"}
    rows = [HEADINGS + RATIOS if apollo else HEADINGS]
    for one in sorted(all_measured, key=lambda one: one.mode):
        beside = apollo.get(one.mode)
        ratios = [one.rate / beside.rate, one.processor / beside.processor] if beside else []
        rows.append([*one.row, *(f"{ratio:.2f}" for ratio in ratios)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


if __name__ == "__main__":
    main()
