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
from figures import Measured, Usage, least_disturbed, memory, processor, table
from load import Question, run_load
from shop_data import FIRST_LOT, HEAVY, SUBGRAPHS, ask, lot, sdl

from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.supergraph.read import read_supergraph

HERE = Path(__file__).parent
QUIPU = [sys.executable, "-c", "from gateway.cli.main import main; main()"]
CORE, OTHER_CORE = 0, 1
WARM_UP = 8.0
_HIVE = "node_modules/@graphql-hive/gateway/dist/bin.js"
PACKAGES = ("@apollo/gateway", "@apollo/server", "@graphql-hive/gateway", "@graphql-hive/router-runtime", "graphql")

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
class Shop:
    """The subgraphs' process and ports, the supergraph over them, and the right answer for the first lot."""

    pid: int
    ports: Mapping[str, int]
    supergraph: Path
    right: object


def main() -> None:
    asked = _arguments()
    os.sched_setaffinity(0, {OTHER_CORE})
    gateways = list(GATEWAYS) if "all" in asked.gateway else asked.gateway
    measured = []
    with _shop() as shop:
        for name in gateways * asked.rounds:
            for one in _measured(asked, shop, name):
                print(*one.row, file=sys.stderr)
                measured.append(one)
    print(table(least_disturbed(measured), "apollo"))
    print(_versions(asked.npm, asked.node))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", nargs="+", choices=[*GATEWAYS, "all"], default=["all"])
    parser.add_argument("--mode", choices=[*QUESTIONS, "both"], default="both")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=1, help="the best of so many is told, where the machine is busy")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--npm", type=Path, default=Path.cwd(), help="the folder with the npm packages")
    parser.add_argument("--node", default="node", help="the node to run them with")
    return parser.parse_args()


@contextmanager
def _shop() -> Iterator[Shop]:
    command = ["taskset", "-c", str(OTHER_CORE), sys.executable, str(HERE / "shop_server.py")]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
    ):
        assert server.stdout
        ports = json.loads(server.stdout.readline())
        supergraph = Path(folder) / "supergraph.graphql"
        supergraph.write_text(compose(Source(name, sdl(name), _address(ports[name])) for name in SUBGRAPHS).sdl)
        right = ask(read_supergraph(supergraph.read_text()).api_schema, _request(FIRST_LOT)).data
        yield Shop(server.pid, ports, supergraph, right)
        # Leaving closes the server's stdin, and so ends it.


def _measured(asked: argparse.Namespace, shop: Shop, name: str) -> Iterator[Measured]:
    port = _free_port()
    with _running(GATEWAYS[name](asked.node, shop.supergraph, port), asked.npm) as process:
        first = _first_answer(process, _address(port), shop.right)
        for mode in QUESTIONS if asked.mode == "both" else [asked.mode]:
            question = QUESTIONS[mode](first)
            uvloop.run(run_load(port, question, WARM_UP, asked.connections))
            before = _usage(process.pid, shop)
            load = uvloop.run(run_load(port, question, asked.seconds, asked.connections))
            yield Measured(name, mode, load, before, _usage(process.pid, shop))


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


QUESTIONS: dict[str, Callable[[bytes], Question]] = {"alike": _alike, "different": _different}
"""The modes: of the first lot's answer, the questions to ask."""


def _usage(gateway: int, shop: Shop) -> Usage:
    fetches = 0
    for port in shop.ports.values():
        with urllib.request.urlopen(_address(port)) as response:  # noqa: S310
            fetches += json.load(response)["requests"]
    return Usage(processor(gateway), processor(shop.pid) + time.process_time(), memory(gateway), fetches)


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}/graphql"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _versions(npm: Path, node: str) -> str:
    """Of the packages that there are, and of node."""
    files = {name: npm / "node_modules" / name / "package.json" for name in PACKAGES}
    told = [f"{name} {json.loads(file.read_text())['version']}" for name, file in files.items() if file.exists()]
    return ", ".join([*told, f"node {subprocess.check_output([node, '--version'], text=True).strip()}"] if told else [])


if __name__ == "__main__":
    main()
