"""A private authority: its certificates are trusted for their own host alone, and nothing is written over."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from command_kit import run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    done = run("certificates", "localhost", "constitutional_court", "--out", folder)
    assert (done.returncode, done.stdout) == (0, f"{folder}\n"), done.stderr
    return folder


async def handshake(folder: Path, server_host: str, client_host: str | None, asked: str = "localhost") -> bytes:
    """What a client of that certificate reads from a server of that one, asked for by that name."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "ca.pem"))
    server.verify_mode = ssl.CERT_REQUIRED
    server.maximum_version = ssl.TLSVersion.TLSv1_2  # later versions tell a client only after the handshake
    server.load_cert_chain(folder / f"{server_host}.pem", folder / f"{server_host}-key.pem")
    client = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    if client_host is not None:
        client.load_cert_chain(folder / f"{client_host}.pem", folder / f"{client_host}-key.pem")

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"known")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0, ssl=server) as listening:
        port = listening.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client, server_hostname=asked)
        try:
            return await reader.read()
        finally:
            writer.close()


async def test_both_sides_know_each_other_by_the_authority(made: Path) -> None:
    assert await handshake(made, "localhost", "constitutional_court") == b"known"
    assert await handshake(made, "constitutional_court", "localhost", asked="constitutional_court") == b"known"


async def test_another_hosts_certificate_and_a_client_without_one_are_refused(made: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        await handshake(made, "constitutional_court", "localhost")
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await handshake(made, "localhost", None)


def test_private_keys_are_for_their_owner_alone_and_the_authoritys_is_not_kept(made: Path) -> None:
    assert sorted(file.name for file in made.iterdir()) == [
        "ca.pem",
        "constitutional_court-key.pem",
        "constitutional_court.pem",
        "localhost-key.pem",
        "localhost.pem",
    ]
    assert {file.stat().st_mode & 0o777 for file in made.glob("*-key.pem")} == {0o600}


def test_an_authority_is_never_written_over_and_a_host_is_no_path(made: Path, tmp_path: Path) -> None:
    before = (made / "ca.pem").read_bytes()
    again = run("certificates", "academy", "--out", made)
    assert (again.returncode, "already has an authority" in again.stderr) == (1, True)
    assert (made / "ca.pem").read_bytes() == before
    astray = run("certificates", "../academy", "--out", tmp_path / "made")
    assert (astray.returncode, "is no name of a host" in astray.stderr) == (1, True)
    assert not (tmp_path / "made").exists()
