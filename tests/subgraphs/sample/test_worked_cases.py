# ruff: noqa: S608 - queries of our own over invented data
"""The worked cases, row by row, in every institution that they touch."""

from typing import Any

import pytest

from subgraphs.sample import worked_cases as worked

SPLIT = "EXP_NRO = '{0}' AND EXP_ANO = '{1}' AND CAST(EXP_INC AS INTEGER) = {2} AND EXP_DIST = '{3}'"


def case_row(rows: Any, number: str, columns: str) -> tuple[Any, ...]:
    parts = number.split("-")
    condition = SPLIT.format(*parts) + " AND EXP_ORG = '{4}' AND EXP_ESP = '{5}' AND EXP_JUZ = '{6}'".format(*parts)
    (row,) = rows("judiciary", f"SELECT {columns} FROM TB_EXPEDIENTE WHERE {condition}")
    return row


@pytest.mark.parametrize("case", worked.WORKED_CASES, ids=lambda case: case.letter)
def test_every_number_of_a_worked_case_stands_in_its_institution(rows: Any, case: worked.WorkedCase) -> None:
    for number in (*case.cases, *case.incidents):
        assert case_row(rows, number, "L_ACTIVO") == ("S",)
    for number in case.prosecution_files:
        assert len(rows("prosecution", f"SELECT 1 FROM tb_caso WHERE nuCaso = '{number}'")) == 1
    for number in case.proceedings:
        assert len(rows("constitutional_court", f"SELECT 1 FROM expedientes WHERE nro_expediente = '{number}'")) == 1


def test_case_g_is_cited_the_same_way_in_both_directions(rows: Any) -> None:
    (case,), (file,), (proceeding,) = worked.G.cases, worked.G.prosecution_files, worked.G.proceedings
    assert case_row(rows, case, "X_CARPETA, X_EXP_TC") == (file, proceeding)
    assert rows("prosecution", f"SELECT nuExpediente FROM tb_caso WHERE nuCaso = '{file}'") == [(case,)]
    assert rows(
        "constitutional_court", f"SELECT exp_origen FROM expedientes WHERE nro_expediente = '{proceeding}'"
    ) == [(case,)]


def test_case_g_has_its_father_its_child_and_its_accents(rows: Any) -> None:
    unique, _ = case_row(rows, worked.G.cases[0], "N_UNICO, N_INCIDENTE")
    parties = rows(
        "judiciary",
        "SELECT C_TIPO_PARTE, RTRIM(X_NRO_DOC), X_APE_PAT, F_NACIM, L_RESERVA FROM TB_PARTE"
        f" WHERE N_UNICO = {unique} ORDER BY N_PARTE",
    )
    assert parties[0][:3] == ("DTE", worked.G_FATHER_DOCUMENT, "PEÑALUZ".encode("cp1252"))
    assert parties[2][0:2] == ("MEN", worked.G_CHILD_DOCUMENT)
    assert parties[2][3:] == (worked.G_CHILD_BORN.replace("-", ""), "S")


def test_the_first_judge_of_case_g_has_trainings_at_the_academy(rows: Any) -> None:
    (judge,) = case_row(rows, worked.G.cases[0], "RTRIM(C_JUEZ)")
    assert rows("academy", f"SELECT INSTITUCION FROM MAGISTRADOS WHERE COD_MAG = '{judge}'") == [("PJ",)]
    assert rows("academy", f"SELECT 1 FROM CERTIFICADOS WHERE COD_MAG = '{judge}'")


def test_case_g_was_rejected_twice_and_upheld_in_part(rows: Any) -> None:
    unique, _ = case_row(rows, worked.G.cases[0], "N_UNICO, N_INCIDENTE")
    judgments = rows(
        "judiciary",
        f"SELECT C_RESULTADO FROM TB_ACTO WHERE N_UNICO = {unique} AND N_INCIDENTE = 0 AND C_TIPO_ACTO = 'SEN'",
    )
    assert judgments == [("INF",), ("CNF",)]
    (number,) = worked.G.proceedings
    assert rows(
        "constitutional_court", f"SELECT cod_sentido, votos_favor FROM expedientes WHERE nro_expediente = '{number}'"
    ) == [("FP", 2)]


def test_the_detention_of_case_a_is_an_incident_with_its_deadline(rows: Any) -> None:
    assert case_row(rows, worked.A.incidents[0], "C_TIPO_INC, F_VENCE") == ("PPR", "20230515")


def test_case_d_is_secret_for_twenty_days_and_shows_a_key_alone(rows: Any) -> None:
    (file,) = worked.D.prosecution_files
    secrecy = rows(
        "prosecution",
        f"SELECT feDesde, feHasta, flProrroga FROM tb_secreto JOIN tb_caso USING (idCaso) WHERE nuCaso = '{file}'",
    )
    assert secrecy == [("06/05/2024", "25/05/2024", "0")]


def test_the_complaint_of_case_e_leads_to_its_proceeding(rows: Any) -> None:
    proceeding, complaint = worked.E.proceedings
    assert rows("constitutional_court", f"SELECT exp_queja FROM expedientes WHERE nro_expediente = '{proceeding}'") == [
        (complaint,)
    ]


def test_case_c_has_a_company_and_no_prosecutors(rows: Any) -> None:
    assert case_row(rows, worked.C.cases[0], "X_CARPETA") == (None,)
    assert rows("constitutional_court", f"SELECT 1 FROM expedientes WHERE doc_demandante = '{worked.C_COMPANY_RUC}'")
