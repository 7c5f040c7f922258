"""A subgraph that other machines reach: with TLS and clients' certificates of a private authority, or not at all."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from command_kit import COMMAND, once_up, run
from tls_kit import Authority

from gateway.access.identity import Identity
from gateway.cli.sample_agreements import make_agreements
from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import SubgraphResponse, read_response, subgraph_request
from gateway.upstream.client import SubgraphClient, UpstreamSettings
from gateway.upstream.context import RequestContext
from gateway.upstream.signing import Signer, load_signer
from subgraphs.sample.generate import generate

JUDGE = Identity("jueza.uno", "PJ", ("judge",), "case_review", None, None)
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104
PROCEEDING = '{ constitutionalProceeding(number: "99005-2023-PA/TC") { number } }'


@dataclass(frozen=True)
class Court:
    """The Court's subgraph, listening on every address of this machine."""

    port: int
    signer: Signer
    authority: Authority

    async def fetch(self, settings: UpstreamSettings) -> SubgraphResponse:
        urls = {"constitutional_court": f"https://127.0.0.1:{self.port}/graphql"}
        client = SubgraphClient(urls, settings, self.signer)
        await client.open()
        try:
            request = subgraph_request("constitutional_court", "query", PROCEEDING, None, {})
            context = RequestContext(JUDGE, "r1", asyncio.get_running_loop().time() + 10)
            return read_response("constitutional_court", await client.fetch(request, context))
        finally:
            await client.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    generate(folder, 20, seed=5)
    make_agreements(folder)
    return folder


@pytest.fixture(scope="module")
def court(folder: Path) -> Iterator[Court]:
    authority = Authority(folder, "authority")
    certificate, key = authority.issue("court")
    signer = load_signer(folder / "keys")
    (folder / "jwks.json").write_text(json.dumps(signer.jwks()))
    command = [
        *COMMAND, "subgraph", "constitutional_court", "--data", folder, "--host", EVERY_ADDRESS, "--port", "0",
        "--gateway-keys", folder / "jwks.json", "--certificate", certificate, "--certificate-key", key,
        "--client-ca", authority.ca,
    ]  # fmt: skip
    process = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        said = process.stderr.readline().strip()
        assert said.startswith(f"https://{EVERY_ADDRESS}:")
        court = Court(int(said.rsplit(":", 1)[1].partition("/")[0]), signer, authority)
        gateway = ssl.create_default_context(cafile=authority.ca)
        gateway.load_cert_chain(*authority.issue("health"))
        once_up(lambda: httpx.get(f"https://127.0.0.1:{court.port}/health/live", verify=gateway)).raise_for_status()
        yield court
    finally:
        process.terminate()
        process.communicate(timeout=20)


async def test_the_gateway_asks_with_its_certificate(court: Court) -> None:
    certificate, key = court.authority.issue("gateway")
    settings = UpstreamSettings(ca_file=str(court.authority.ca), certificate=str(certificate), certificate_key=str(key))
    assert (await court.fetch(settings)).data == {"constitutionalProceeding": {"number": "99005-2023-PA/TC"}}


async def test_a_client_without_a_certificate_of_the_authority_is_refused(court: Court, tmp_path: Path) -> None:
    certificate, key = Authority(tmp_path, "other").issue("stranger")
    ours = str(court.authority.ca)
    for settings in (
        UpstreamSettings(ca_file=ours),
        UpstreamSettings(ca_file=ours, certificate=str(certificate), certificate_key=str(key)),
    ):
        with pytest.raises(FetchError) as refused:
            await court.fetch(settings)
        assert refused.value.code == "SUBGRAPH_UNREACHABLE"


async def test_a_gateway_that_knows_another_authority_does_not_ask(court: Court, tmp_path: Path) -> None:
    other = Authority(tmp_path, "other")
    certificate, key = court.authority.issue("gateway")
    settings = UpstreamSettings(ca_file=str(other.ca), certificate=str(certificate), certificate_key=str(key))
    with pytest.raises(FetchError) as refused:
        await court.fetch(settings)
    assert refused.value.code == "SUBGRAPH_UNREACHABLE"


def test_nothing_is_said_in_the_clear(court: Court) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{court.port}/health/live")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--host", EVERY_ADDRESS], "0.0.0.0 is reached by other machines: pass --certificate"),
        (["--host", "::"], "pass --certificate"),
        (["--host", ""], "pass --certificate"),
        (["--host", "127.0.0.1", "--client-ca", "ca.pem"], "--certificate and --certificate-key"),
        (["--certificate", "nowhere.pem", "--certificate-key", "nowhere.key"], "certificates cannot be used"),
        (["--gateway-keys", "http://gateway.example/.well-known/jwks.json"], "come over https, or as a file"),
    ],
)
def test_what_would_be_open_or_cannot_be_served_is_refused_in_a_line(
    folder: Path, options: list[str], expected: str
) -> None:
    done = run("subgraph", "constitutional_court", "--data", folder, "--port", "0", *options)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert expected in done.stderr


def test_a_port_that_is_taken_is_said_in_a_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("subgraph", "constitutional_court", "--data", folder, "--port", str(taken.getsockname()[1]))
    assert (done.returncode, "pass another --port" in done.stderr) == (1, True)
