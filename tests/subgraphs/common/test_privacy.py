"""What is kept from being told: names in any writing, and pseudonyms that no guess confirms."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.common.privacy import pseudonym, pseudonym_key, without_name

NAME = "URPIWASI INVENTADA, ZOILA"
CASE = "99006-2022-0-1801-JR-DC-04"


@pytest.fixture(autouse=True)
def forget_the_key() -> Iterator[None]:
    pseudonym_key.cache_clear()
    yield
    pseudonym_key.cache_clear()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (NAME, "URPIWASI INVENTADA, ZOILA"),
        (NAME, "Zoila Urpiwasi"),
        (NAME, "zoila URPIWASI inventada"),
        (NAME, "Urpiwasi,Zoila"),
        (NAME, "zoila_urpiwasi"),
        (NAME, "Zoi\u00adla Urpi\u200bwasi"),
        ("PEÑALUZ WAYRAPOMA, NICOLÁS", "Nicolas Penaluz"),
        ("PEÑALUZ WAYRAPOMA, NICOLÁS", unicodedata.normalize("NFD", "Nicolás Peñaluz")),
        ("PEÑALUZ WAYRAPOMA, NICOLÁS", "NICOLAS PEÃ‘ALUZ"),
        ("GUEMESANO TITUSUYO, ELENA", "Güemesano"),
        ("DE LA CRUZ LI, ANA", "Ana de la Cruz Li"),
    ],
)
def test_a_name_is_struck_in_any_case_accent_form_and_order(name: str, written: str) -> None:
    assert without_name(f"A favor de {written}: se dispone.", name) in (
        "A favor de …: se dispone.", "A favor de …,…: se dispone.", "A favor de …_…: se dispone.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("FLOR LUNA, ANA", "La semana de la Florida alunizó en la mañana."),
        ("DE LA CRUZ, MARÍA DEL CARMEN", "El auto de la sala del juzgado."),
        ("X Y, Z", "El punto x, el punto y, el punto z."),
        ("", "Nada que tachar."),
        (NAME, "Sumilla … sin nombres."),
    ],
)
def test_other_words_are_left_whole(name: str, text: str) -> None:
    assert without_name(text, name) == text


@given(st.text(), st.text(max_size=20))
def test_what_is_struck_once_has_nothing_left_to_strike(text: str, name: str) -> None:
    once = without_name(text, name)
    assert without_name(once, name) == once
    assert without_name(None, name) is None


def test_a_pseudonym_is_of_its_case_alone_and_of_the_name_however_it_is_written() -> None:
    assert pseudonym(CASE, NAME) == pseudonym(CASE, "Zoila Urpiwasi Inventada")
    assert pseudonym(CASE, NAME) != pseudonym(CASE, "URPIWASI INVENTADA, DELIA")
    assert pseudonym(CASE, NAME) != pseudonym("99007-2022-0-1801-JR-DC-04", NAME)


def test_a_pseudonym_cannot_be_worked_out_without_the_installations_key(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = set()
    for key in ("a" * 32, "b" * 32, None, None):
        monkeypatch.delenv("QUIPU_PSEUDONYM_KEY", raising=False)
        if key is not None:
            monkeypatch.setenv("QUIPU_PSEUDONYM_KEY", key)
        pseudonym_key.cache_clear()
        shown.add(pseudonym(CASE, NAME))
    assert len(shown) == 4
    guessed = blake2b(NAME.encode(), key=CASE.encode(), digest_size=4).hexdigest().upper()
    assert f"PARTE RESERVADA {guessed}" not in shown


def test_a_pseudonym_outlives_a_restart_with_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIPU_PSEUDONYM_KEY", "k" * 32)
    before = pseudonym(CASE, NAME)
    pseudonym_key.cache_clear()
    assert pseudonym(CASE, NAME) == before
