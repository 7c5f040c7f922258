"""A folder of agreements is taken as a whole, signed by all, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.access.agreements.register import RegisterError, read_register
from gateway.cli.sample_agreements import make_agreements

FIRST = "CONVENIO-FICTICIO-1.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_agreements(tmp_path)


def test_the_demos_agreements_are_signed_by_all_parties(folder: Path) -> None:
    register = read_register(folder)
    assert len(register.agreements) == 18
    assert register.provider_of("prosecution") == "MP"
    assert register.provider_of("nobodys") is None


def test_the_digest_is_of_the_content(folder: Path, tmp_path: Path) -> None:
    one = read_register(folder)
    assert read_register(make_agreements(tmp_path)).digest == one.digest
    (folder / "CONVENIO-FICTICIO-2.toml").unlink()
    assert read_register(folder).digest != one.digest


def _edit(folder: Path) -> None:
    file = folder / FIRST
    file.write_text(file.read_text().replace("assignment = true", "assignment = false"))


def _unsign(folder: Path) -> None:
    (folder / f"{FIRST}.MP.sig").unlink()


def _forge(folder: Path) -> None:
    (folder / f"{FIRST}.PJ.sig").write_bytes((folder / f"{FIRST}.MP.sig").read_bytes())


def _garble(folder: Path) -> None:
    (folder / f"{FIRST}.PJ.sig").write_text("not base64 ñ")


def _twice(folder: Path) -> None:
    for name in (FIRST, f"{FIRST}.MP.sig", f"{FIRST}.PJ.sig"):
        (folder / name.replace(FIRST, "copy.toml")).write_bytes((folder / name).read_bytes())


def _unknown_key(folder: Path) -> None:
    file = folder / FIRST
    file.write_text('exemption = "all"\n' + file.read_text())


def _unpublished(folder: Path) -> None:
    file = folder / "parties.toml"
    file.write_text(file.read_text().replace('subgraphs = ["academy"]', "subgraphs = []"))


def _stranger(folder: Path) -> None:
    file = folder / "parties.toml"
    file.write_text(file.read_text().replace("[CGR]", "[OTRA]"))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_edit, "CONVENIO-FICTICIO-1.toml.MP.sig is no signature of this text by MP"),
        (_unsign, "MP has not signed it: CONVENIO-FICTICIO-1.toml.MP.sig is missing"),
        (_forge, "CONVENIO-FICTICIO-1.toml.PJ.sig is no signature of this text by PJ"),
        (_garble, "CONVENIO-FICTICIO-1.toml.PJ.sig is no signature of this text by PJ"),
        (_twice, "another file has the agreement CONVENIO-FICTICIO-1 too"),
        (_unknown_key, "unknown field `exemption`"),
        (_unpublished, "AMAG provides nothing"),
        (_stranger, "CGR is no party"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_one_bad_file_and_nothing_is_taken(folder: Path, spoil: Callable[[Path], None], told: str) -> None:
    spoil(folder)
    with pytest.raises(RegisterError, match=r"\.toml") as caught:
        read_register(folder)
    assert told in str(caught.value)


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    _edit(folder)
    (folder / "CONVENIO-FICTICIO-2.toml.PJ.sig").unlink()
    with pytest.raises(RegisterError) as caught:
        read_register(folder)
    assert len(caught.value.problems) == 3  # two signatures of the edited one, one of the other


def test_a_folder_without_parties_is_none(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"parties\.toml"):
        read_register(tmp_path)
