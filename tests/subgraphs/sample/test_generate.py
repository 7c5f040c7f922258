# ruff: noqa: S608 - queries of our own over invented data
"""The sample as a whole: the same every time, complete or absent, in order, damaged in known shares."""

import itertools
import re
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from subgraphs.sample.generate import generate
from subgraphs.sample.people import dni_digit, with_ruc_digit

FILES = ("judiciary.db", "prosecution.db", "constitutional_court.db", "academy.db", "truth.json")
CASE_NUMBER = (
    "EXP_NRO || '-' || EXP_ANO || '-' || CAST(EXP_INC AS INTEGER) || '-' || EXP_DIST"
    " || '-' || EXP_ORG || '-' || EXP_ESP || '-' || EXP_JUZ"
)


def digests(folder: Path) -> list[str]:
    return [sha256((folder / name).read_bytes()).hexdigest() for name in FILES]


def test_the_same_size_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate(tmp_path / name, 120, seed=3)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_gives_other_cases(tmp_path: Path) -> None:
    for seed in (3, 4):
        generate(tmp_path / str(seed), 120, seed=seed)
    assert digests(tmp_path / "3")[0] != digests(tmp_path / "4")[0]


def test_progress_reaches_the_number_of_cases(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    generate(tmp_path, 1_200, 1, lambda done, cases: seen.append((done, cases)))
    assert seen == [(500, 1_200), (1_000, 1_200), (1_200, 1_200)]


def test_an_interrupted_run_leaves_no_file_and_keeps_the_sample_before(tmp_path: Path) -> None:
    generate(tmp_path, 10, seed=1)
    before = digests(tmp_path)

    def interrupt(done: int, cases: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path, 600, 1, interrupt)
    assert digests(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_a_sample_of_no_cases_still_has_the_worked_ones(tmp_path: Path) -> None:
    generate(tmp_path, 0, seed=1)
    assert (tmp_path / "truth.json").exists()


def test_every_case_number_has_the_judiciary_s_form(rows: Any) -> None:
    form = re.compile(r"\d{5}-\d{4}-\d{1,3}-\d{4}-[A-Z]{2}-[A-Z]{2}-\d{2}")
    numbers = [number for (number,) in rows("judiciary", f"SELECT {CASE_NUMBER} FROM TB_EXPEDIENTE")]
    assert all(form.fullmatch(number) for number in numbers)
    assert len(set(numbers)) == len(numbers) > 4_000


def test_every_file_and_proceeding_number_has_its_form(rows: Any) -> None:
    files = [number for (number,) in rows("prosecution", "SELECT nuCaso FROM tb_caso")]
    proceedings = [number for (number,) in rows("constitutional_court", "SELECT nro_expediente FROM expedientes")]
    assert all(re.fullmatch(r"\d{9,10}-\d{4}-\d{1,6}-\d{1,3}", number) for number in files)
    form = re.compile(r"\d{5}-\d{4}-(PHC|PA|PHD|PC|PI|PCC|CC|Q|HC|AA|HD|AC|AI)/TC")
    assert all(form.fullmatch(number) for number in proceedings)
    assert len(set(files)) == len(files)
    assert len(set(proceedings)) == len(proceedings)


def test_documents_have_their_form_and_every_ruc_but_the_planted_one_its_check_digit(rows: Any) -> None:
    documents = rows("judiciary", "SELECT C_TIPO_DOC, RTRIM(X_NRO_DOC) FROM TB_PARTE WHERE X_NRO_DOC IS NOT NULL")
    forms = {"1": r"\d{8}", "4": r"[A-Z0-9]{9,12}", "6": r"\d{11}"}
    assert all(re.fullmatch(forms[kind], document) for kind, document in documents)
    wrong = {document for kind, document in documents if kind == "6" and with_ruc_digit(document[:10]) != document}
    assert wrong == {"20999990012"}


def test_the_digit_of_a_dni_is_that_of_the_ruc_made_of_it() -> None:
    for document in ("99990001", "09990001", "99123456"):
        assert with_ruc_digit(f"10{document}")[-1] == dni_digit(document)


def test_running_numbers_rise_with_the_day_of_filing(rows: Any) -> None:
    filed = rows(
        "judiciary",
        "SELECT EXP_ANO, EXP_DIST, EXP_ESP, EXP_NRO, F_INGRESO FROM TB_EXPEDIENTE"
        " WHERE N_UNICO > 1000 AND N_INCIDENTE = 0 ORDER BY 1, 2, 3, 4",
    )
    for earlier, later in itertools.pairwise(filed):
        assert earlier[:3] != later[:3] or earlier[4] <= later[4]
    assert all(year == day[:4] for year, _, _, _, day in filed)


def test_nothing_happens_before_the_filing_nor_out_of_order(rows: Any) -> None:
    acts = rows(
        "judiciary",
        "SELECT e.N_UNICO, e.N_INCIDENTE, e.F_INGRESO, a.F_ACTO FROM TB_EXPEDIENTE e JOIN TB_ACTO a"
        " USING (N_UNICO, N_INCIDENTE) WHERE e.F_INGRESO <> '19000101' ORDER BY 1, 2, a.N_ACTO",
    )
    assert all(filed <= day for _, _, filed, day in acts)
    for earlier, later in itertools.pairwise(acts):
        assert earlier[:2] != later[:2] or earlier[3] <= later[3]


def test_a_notice_follows_its_act_and_a_reading_the_notice(rows: Any) -> None:
    notices = rows(
        "judiciary",
        "SELECT a.F_ACTO, REPLACE(SUBSTR(n.FH_ENVIO, 1, 10), '-', ''), n.FH_ENVIO, n.FH_LECTURA"
        " FROM TB_NOTIFICACION n JOIN TB_ACTO a USING (N_UNICO, N_INCIDENTE, N_ACTO)",
    )
    assert len(notices) > 1_000
    assert all(act < sent and (read is None or sent_at < read) for act, sent, sent_at, read in notices)


def test_the_court_is_reached_after_the_case_and_rules_after_its_hearing(rows: Any) -> None:
    days = rows("constitutional_court", "SELECT fecha_ingreso, fecha_vista, fecha_sentencia FROM expedientes")
    assert all(hearing is None or filed < hearing for filed, hearing, _ in days)
    assert all(ruled is None or hearing is None or hearing < ruled for _, hearing, ruled in days)
    assert all(filed.endswith("-05:00") for filed, _, _ in days)


def test_a_complaint_comes_before_its_formalisation_except_on_the_planted_row(rows: Any) -> None:
    def value(text: str) -> date:
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))

    steps = rows(
        "prosecution", "SELECT nuCaso, feDenuncia, feFormalizacion, feAcusacion FROM tb_caso WHERE feDenuncia <> ''"
    )
    out_of_order = set()
    for number, *texts in steps:
        days = [value(text) for text in texts if text]
        if days != sorted(days):
            out_of_order.add(number)
    assert out_of_order == {"999014501-2023-99034-0"}


def test_links_are_broken_in_the_shares_that_are_promised(truth: Any) -> None:
    kinds = Counter((link["citing"], link["cited"], link["damage"]) for link in truth["links"])
    files = {damage: count for (citing, _, damage), count in kinds.items() if citing == "MP"}
    total = sum(files.values())
    assert total > 400
    assert 0.74 < files["NONE"] / total < 0.86
    for damage in ("UNPADDED", "LOST_INCIDENT", "WRONG_YEAR", "NO_SUCH_NUMBER", "SILENT"):
        assert 0.002 < files[damage] / total < 0.08, damage


def test_the_truth_says_what_stands_in_the_databases(truth: Any, rows: Any) -> None:
    cites = dict(rows("prosecution", "SELECT nuCaso, nuExpediente FROM tb_caso"))
    for link in truth["links"]:
        if link["citing"] == "MP":
            number = link["number"]
            assert cites.get(number, cites.get(f"0{number}")) == link["written"]


def test_the_truth_s_targets_exist(truth: Any, rows: Any) -> None:
    numbers = {number for (number,) in rows("judiciary", f"SELECT {CASE_NUMBER} FROM TB_EXPEDIENTE")}
    targets = [link["target"] for link in truth["links"] if link["cited"] == "PJ" and link["target"]]
    assert targets
    assert set(targets) <= numbers


def test_a_damage_that_loses_the_number_is_not_called_recoverable(truth: Any) -> None:
    lost = {"WRONG_YEAR", "NO_SUCH_NUMBER", "SILENT"}
    assert all(link["recoverable"] == (link["damage"] not in lost) for link in truth["links"])


def test_most_cases_are_not_criminal(rows: Any) -> None:
    shares = dict(rows("judiciary", "SELECT EXP_ESP, COUNT(*) FROM TB_EXPEDIENTE GROUP BY 1"))
    assert shares["PE"] < 0.1 * sum(shares.values())
    assert {"CI", "FC", "FT", "LA", "CO", "CA", "DC"} <= set(shares)


def test_magistrates_are_known_to_the_academy_by_the_code_of_their_institution(rows: Any) -> None:
    judges = {code.rstrip() for (code,) in rows("judiciary", "SELECT C_JUEZ FROM TM_JUEZ")}
    prosecutors = {code for (code,) in rows("prosecution", "SELECT coFiscal FROM tm_fiscal")}
    known = {code for (code,) in rows("academy", "SELECT COD_MAG FROM MAGISTRADOS")}
    assert judges | prosecutors == known
    assert not judges & prosecutors


def test_every_fault_of_the_catalogue_is_planted_once(truth: Any) -> None:
    assert sorted(int(fault["rule"][1:]) for fault in truth["faults"]) == list(range(1, 16))


def test_the_identity_behind_a_key_stands_in_no_party_row(rows: Any) -> None:
    ((document,),) = rows("prosecution", "SELECT nuDocumento FROM tb_clave_reserva")
    assert rows("prosecution", f"SELECT 1 FROM tb_caso_parte WHERE nuDocumento = '{document}'") == []
    assert rows("prosecution", "SELECT nuDocumento, noPersona FROM tb_caso_parte WHERE coClave = 'TP-01'") == [
        (None, None)
    ]
