"""The gateway's public keys as a file: the very ones that it publishes, and never the private half."""

from __future__ import annotations

import json
from pathlib import Path

from command_kit import run

from gateway.upstream.signing import load_signer


def test_the_public_keys_are_printed_and_made_once(tmp_path: Path) -> None:
    first, again = (run("keys", "--keys", tmp_path / "keys") for _ in range(2))
    assert (first.returncode, first.stderr, again.stdout) == (0, "", first.stdout)
    assert json.loads(first.stdout) == load_signer(tmp_path / "keys").jwks()
    assert all("d" not in key for key in json.loads(first.stdout)["keys"])


def test_keys_that_cannot_be_used_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "current.pem").write_text("no key")
    done = run("keys", "--keys", tmp_path)
    assert (done.returncode, done.stdout, "cannot be used" in done.stderr) == (1, "", True)
    assert "Traceback" not in done.stderr
