"""Signed tree heads."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from ledger_kit import VECTORS

from gateway.ledger.checkpoint import (
    WITNESS,
    CheckpointError,
    Head,
    PublicKey,
    SigningKey,
    cosign,
    parse,
    sign,
    signers,
    trusted,
)
from gateway.ledger.keys import PUBLIC_FILE, read_public, rotate, signing_keys

LOG_KEY = SigningKey("quipu/ledger", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
PJ_KEY = SigningKey("PJ", Ed25519PrivateKey.from_private_bytes(b"2" * 32), WITNESS)
HEAD = Head("quipu/ledger", 7, b"r" * 32)
NOTE = str(sign(HEAD, [LOG_KEY]))


def test_the_published_example_is_read_and_written_to_the_byte() -> None:
    checkpoint = parse(VECTORS["checkpoint"])
    assert str(checkpoint) == VECTORS["checkpoint"]
    assert (checkpoint.head.origin, checkpoint.head.size) == ("example.com/behind-the-sofa", 20852163)
    assert [line.name for line in checkpoint.signatures] == ["example.com/behind-the-sofa", "witness.example.com/w1"]


def test_a_head_is_trusted_by_the_logs_own_key_alone() -> None:
    assert trusted(NOTE, [PJ_KEY.public, LOG_KEY.public]).head == HEAD
    stranger = SigningKey("quipu/ledger", Ed25519PrivateKey.generate()).public
    other_log = SigningKey("quipu/other", LOG_KEY.private).public
    for keys in ([], [PJ_KEY.public], [stranger], [other_log]):
        with pytest.raises(CheckpointError, match="no known key"):
            trusted(NOTE, keys)


def test_another_log_cannot_sign_for_this_one() -> None:
    forger = SigningKey("quipu/other", Ed25519PrivateKey.generate())
    with pytest.raises(CheckpointError, match="no known key"):
        trusted(str(sign(HEAD, [forger])), [forger.public])


def test_an_institution_countersigns_and_later_again() -> None:
    once = cosign(parse(NOTE), PJ_KEY, 1_700_000_000)
    twice = cosign(once, PJ_KEY, 1_700_000_100)
    assert len(once.signatures) == len(twice.signatures) == 2
    keys = [LOG_KEY.public, PJ_KEY.public]
    assert signers(parse(str(twice)), keys) == keys


def test_a_cosignature_is_of_its_time() -> None:
    note = cosign(parse(NOTE), PJ_KEY, 1_700_000_000)
    line = note.signatures[1]
    later = (1_700_000_001).to_bytes(8, "big") + line.payload[8:]
    altered = type(note)(note.head, (note.signatures[0], type(line)(line.name, line.key_id, later)))
    with pytest.raises(CheckpointError, match="'PJ'"):
        signers(altered, [PJ_KEY.public])


@given(st.integers(0, len(NOTE) - 1), st.sampled_from("aZ0+\n "))
def test_a_head_with_any_character_altered_is_not_trusted(place: int, character: str) -> None:
    altered = NOTE[:place] + character + NOTE[place + 1 :]
    if altered != NOTE:
        with pytest.raises(CheckpointError):
            trusted(altered, [LOG_KEY.public])


@pytest.mark.parametrize("text", ["", "a\n1\n", NOTE[:-1], NOTE.replace("\n7\n", "\n07\n"), NOTE.replace("—", "-")])
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        parse(text)


def test_keys_are_told_as_text() -> None:
    text = str(PJ_KEY.public)
    assert PublicKey.parse(text) == PJ_KEY.public
    for wrong in (text.replace("PJ", "MP"), text[:-4], "PJ", text.replace("+", " ")):
        with pytest.raises(CheckpointError):
            PublicKey.parse(wrong)


def test_after_keys_changed_whoever_knows_the_key_before_still_trusts_the_heads(tmp_path: Path) -> None:
    (first,) = signing_keys(tmp_path, "quipu/ledger")
    second = rotate(tmp_path, "quipu/ledger")
    both = str(sign(HEAD, signing_keys(tmp_path, "quipu/ledger")))
    assert trusted(both, [first.public]) == trusted(both, [second.public])
    third = rotate(tmp_path, "quipu/ledger")
    later = str(sign(HEAD, signing_keys(tmp_path, "quipu/ledger")))
    assert trusted(later, [second.public]) == trusted(later, [third.public])
    with pytest.raises(CheckpointError):
        trusted(later, [first.public])
    known = read_public(tmp_path / PUBLIC_FILE)
    assert known == [first.public, second.public, third.public]
    assert trusted(both, known).head == HEAD


def test_keys_are_for_their_owners_eyes(tmp_path: Path) -> None:
    signing_keys(tmp_path, "quipu/ledger")
    assert (tmp_path / "signing-0001.pem").stat().st_mode & 0o077 == 0
