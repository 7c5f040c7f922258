"""What is recorded of an operation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.canonical import decode, encode
from gateway.ledger.leaf import MAX_RECORD
from gateway.ledger.person_keys import PersonKeys, destroy
from gateway.ledger.record import AccessRecord, agreements_leaves, bounded, start_leaf

AT = datetime(2026, 11, 25, 9, 0, 0, 123456, UTC)
RECORD = AccessRecord(
    at=AT,
    gateway="gw-1",
    request="r-1",
    subject="jueza.ficticia",
    institution="PJ",
    outcome="PARTIAL",
    digest="ab" * 32,
    operation="CaseByNumber",
    roles=("judge",),
    purpose="case_review",
    entities=(("Case", ("99006-2022-0-1801-JR-DC-04",)), ("Person", ("DNI", "00000001"))),
    given=("Case.number",),
    refused=(("ProsecutionFile.summary", "AGREEMENT_REQUIRED"),),
    agreements=("CONVENIO-1@abc#3.1", "CONVENIO-1@abc#3.2"),
    sources=(("judiciary", "s-1"),),
)


@pytest.fixture
def names(tmp_path: Path) -> PersonKeys:
    return PersonKeys(tmp_path, ("Person",))


def test_a_record_is_canonical_json_of_who_asked_what_and_got_what(names: PersonKeys) -> None:
    (leaf,) = RECORD.leaves(names)
    person = names.recorded("Person", ("DNI", "00000001"))
    assert decode(leaf.record) == {
        "v": 1,
        "kind": "access",
        "at": "2026-11-25T09:00:00.123456Z",
        "gateway": "gw-1",
        "request": "r-1",
        "subject": "jueza.ficticia",
        "institution": "PJ",
        "roles": ["judge"],
        "client": None,
        "purpose": "case_review",
        "reference": None,
        "exceptional": None,
        "operation": {"name": "CaseByNumber", "digest": "ab" * 32},
        "entities": [["Case", "99006-2022-0-1801-JR-DC-04"], ["Person", person]],
        "given": ["Case.number"],
        "refused": [["ProsecutionFile.summary", "AGREEMENT_REQUIRED"]],
        "agreements": ["CONVENIO-1@abc#3.1", "CONVENIO-1@abc#3.2"],
        "sources": [["judiciary", "s-1"]],
        "outcome": "PARTIAL",
        "part": 1,
        "parts": 1,
    }
    assert set(leaf.mentions) == {
        ("outcome", "PARTIAL"),
        ("request", "r-1"),
        ("day", "2026-11-25"),
        ("institution", "PJ"),
        ("subject", "PJ/jueza.ficticia"),
        ("purpose", "case_review"),
        ("agreement", "CONVENIO-1"),
        ("Case", "99006-2022-0-1801-JR-DC-04"),
        ("Person", person),
    }


def test_an_exceptional_access_is_found_as_one(names: PersonKeys) -> None:
    (leaf,) = replace(RECORD, exceptional="turno de emergencia").leaves(names)
    assert ("exceptional", "true") in leaf.mentions
    assert decode(leaf.record)["exceptional"] == "turno de emergencia"


def test_times_are_told_in_utc(names: PersonKeys) -> None:
    lima = AT.astimezone(timezone(-timedelta(hours=5)))
    assert replace(RECORD, at=lima).leaves(names) == RECORD.leaves(names)


def test_anybodys_json_library_makes_the_same_bytes(names: PersonKeys) -> None:
    (leaf,) = replace(RECORD, subject='Ñ\u0001\n"\\\u007f\U0001f600').leaves(names)
    again = json.dumps(json.loads(leaf.record), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again.encode() == leaf.record


@given(st.integers(0, 4000), st.integers(0, 300))
def test_what_does_not_fit_goes_into_parts_that_lose_nothing(
    tmp_path_factory: pytest.TempPathFactory, entities: int, width: int
) -> None:
    record = replace(RECORD, entities=tuple(("Case", (f"{place}" + "x" * width,)) for place in range(entities)))
    leaves = record.leaves(PersonKeys(tmp_path_factory.mktemp("keys"), ()))
    parts = [decode(leaf.record) for leaf in leaves]
    assert all(len(leaf.record) <= MAX_RECORD for leaf in leaves)
    assert [(part["part"], part["parts"]) for part in parts] == [(n, len(parts)) for n in range(1, len(parts) + 1)]
    assert [entity for part in parts for entity in part["entities"]] == [
        [type_, *key] for type_, key in record.entities
    ]
    assert [coordinate for part in parts for coordinate in part["given"]] == ["Case.number"]
    assert all(("subject", "PJ/jueza.ficticia") in leaf.mentions for leaf in leaves)


@given(st.text(max_size=2000) | st.just("\ud800") | st.just("a\x00b"))
def test_any_text_can_be_recorded(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    names = PersonKeys(tmp_path_factory.mktemp("keys"), ())
    record = replace(
        RECORD, subject=text, client=text, operation=text, roles=(text,), entities=(("Case", (text, text)),),
        refused=((text, text),), agreements=(text,), purpose=text, reference=text, exceptional=text, request=text,
    )  # fmt: skip
    (leaf,) = record.leaves(names)
    assert decode(leaf.record)["client"] == bounded(text)
    assert all(len(value.encode()) <= 512 and "\x00" not in value for _, value in leaf.mentions)


def test_a_destroyed_key_of_people_is_followed_by_a_new_one(tmp_path: Path, names: PersonKeys) -> None:
    before = names.recorded("Person", ("DNI", "1"))
    assert names.recorded("Person", ("DNI", "1")) == before
    assert PersonKeys(tmp_path, ("Person",)).recorded("Person", ("DNI", "1")) == before
    assert destroy(tmp_path)
    assert not destroy(tmp_path)
    after = names.recorded("Person", ("DNI", "1"))
    assert after.split(":")[1] != before.split(":")[1]
    assert after != before
    assert "DNI" not in after


def test_other_types_keep_their_keys(names: PersonKeys) -> None:
    assert names.recorded("Case", ("1", "2")) == "1\x1f2"


def test_loads_of_agreements_and_starts_are_records_too() -> None:
    (leaf,) = agreements_leaves(AT, "gw-1", "ff", [("CONVENIO-1", "2", "ab", "in_force")])
    assert decode(leaf.record)["agreements"] == [["CONVENIO-1", "2", "ab", "in_force"]]
    assert leaf.mentions == (("agreement", "CONVENIO-1"),)
    assert decode(start_leaf(AT, "gw-1", "0.1.0").record)["kind"] == "start"


@pytest.mark.parametrize("value", [1.5, [1.0], {"a": {"b": 0.1}}, 2**53, {"ñ": 1}, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        encode(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [b'{"b":1,"a":2}', b'{"a": 1}', b"[1.0]", b'"\\u0041"', b'{"a":1,"a":2}'])
def test_json_in_another_form_is_not_canonical(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(raw)
