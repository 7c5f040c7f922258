"""A subgraph that is no longer there: its port is closed, or its process dies with the request in its hands."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from faults_kit import ROLES, Role, codes, gateway

HOLDS_A_REQUEST = """
import socket, time
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
connection, _ = listening.accept()
connection.recv(65536)
print("held", flush=True)
time.sleep(60)
"""


@asynccontextmanager
async def process() -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.StreamReader, str]]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDS_A_REQUEST, stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout is not None
    try:
        port = int(await running.stdout.readline())
        yield running, running.stdout, f"http://127.0.0.1:{port}/graphql"
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
async def test_a_closed_port_costs_its_own_fields_alone(role: Role) -> None:
    async with gateway(urls={role.subgraph: "http://127.0.0.1:1/graphql"}) as serving:
        answer = await serving.ask(role.query)
    assert answer["data"] == role.left
    assert codes(answer) == [("SUBGRAPH_UNREACHABLE", role.subgraph, role.path)]
    assert "127.0.0.1" not in str(answer)


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
async def test_a_process_killed_in_the_middle_of_a_request_costs_its_own_fields_alone(role: Role) -> None:
    async with process() as (running, output, url), gateway(urls={role.subgraph: url}) as serving:
        asking = asyncio.create_task(serving.ask(role.query))
        assert await asyncio.wait_for(output.readline(), 10) == b"held\n"
        running.kill()
        answer = await asyncio.wait_for(asking, 10)
        again = await serving.ask(role.query)
    assert answer["data"] == again["data"] == role.left
    assert codes(answer) == codes(again) == [("SUBGRAPH_UNREACHABLE", role.subgraph, role.path)]
