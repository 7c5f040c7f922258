"""Case G, day by day: the one that the README asks for."""

from subgraphs.sample import worked_cases as worked
from subgraphs.sample.calendar import day
from subgraphs.sample.numbers import CaseNumber
from subgraphs.sample.offices import Institutions
from subgraphs.sample.people import Person
from subgraphs.sample.story import (
    Act,
    Appeal,
    CourtFile,
    Disposition,
    Hearing,
    Link,
    Notice,
    Party,
    Proceeding,
    ProsecutionFile,
    Story,
)

FATHER = Person("DNI", worked.G_FATHER_DOCUMENT, *worked.G_FATHER_NAME, born=day("1981-04-02"))
MOTHER = Person("DNI", worked.G_MOTHER_DOCUMENT, *worked.G_MOTHER_NAME, born=day("1984-11-23"))
CHILD = Person("DNI", worked.G_CHILD_DOCUMENT, *worked.G_CHILD_NAME, born=day(worked.G_CHILD_BORN))
OFFICE = Person("", "", company="SEGUNDA FISCALÍA PROVINCIAL DE FAMILIA DE LIMA (FICTICIA)")
_UNIQUE = 6
_CASE, _INCIDENT = worked.G.cases[0], worked.G.incidents[0]
_FILE, _PROCEEDING = worked.G.prosecution_files[0], worked.G.proceedings[0]


def case_g(institutions: Institutions) -> Story:
    judge = institutions.judges["1801", "JR", "DC", "04"]
    return Story(
        files=[_main_file(judge), _incident(judge)],
        prosecution=[_prosecution_file(institutions)],
        proceedings=[_proceeding()],
        links=[
            Link("PJ", _CASE, "MP", _FILE, _FILE, "NONE"),
            Link("MP", _FILE, "PJ", _CASE, _CASE, "NONE"),
            Link("TC", _PROCEEDING, "PJ", _CASE, _CASE, "NONE"),
            Link("PJ", _CASE, "TC", _PROCEEDING, _PROCEEDING, "NONE"),
        ],
    )


def _main_file(judge: str) -> CourtFile:
    parties = (Party("DTE", FATHER), Party("DDO", OFFICE), Party("MEN", CHILD, reserved=True))
    acts = (
        Act("AUT", day("2022-03-02"), "Se admite a trámite la demanda de amparo.", "ADM"),
        Act("DEC", day("2022-04-05"), "Téngase por contestada la demanda.", pages=1),
        Act("SEN", day("2022-08-10"), "Declara infundada la demanda.", "INF", 18),
        Act("AUT", day("2022-08-19"), "Concede el recurso de apelación.", "CCD", 2),
        Act("SEN", day("2022-12-05"), "Sentencia de vista: confirma la apelada.", "CNF", 14),
        Act("AUT", day("2022-12-20"), "Concede el recurso de agravio constitucional.", "CCD", 2),
        Act("DEC", day("2023-11-06"), "Por recibidos los autos del Tribunal Constitucional: cúmplase.", pages=1),
    )
    return CourtFile(
        _UNIQUE,
        CaseNumber.parse(_CASE),
        601,
        "Demanda de amparo contra la disposición fiscal que suspende el régimen de visitas.",
        judge,
        "E",
        day("2022-02-14"),
        cites_file=_FILE,
        cites_proceeding=_PROCEEDING,
        parties=parties,
        acts=acts,
        hearings=(
            Hearing("UNI", day("2022-06-15"), "0900", "R", "SALA 4"),
            Hearing("VIS", day("2022-11-14"), "1015", "R", "SALA 1"),
        ),
        notices=(
            Notice(3, 1, day("2022-08-11"), read_day=day("2022-08-12")),
            Notice(3, 2, day("2022-08-11"), read_day=day("2022-08-15")),
            Notice(5, 1, day("2022-12-06"), read_day=day("2022-12-07")),
        ),
        appeals=(
            Appeal("APE", 3, day("2022-08-16"), ("1801", "SP", "DC", "01"), "CNF", day("2022-12-05")),
            Appeal("RAC", 5, day("2022-12-15"), None, "CCD", day("2022-12-20")),
        ),
    )


def _incident(judge: str) -> CourtFile:
    return CourtFile(
        _UNIQUE,
        CaseNumber.parse(_INCIDENT),
        601,
        "Cuaderno cautelar: solicita que se restablezcan las visitas mientras dure el proceso.",
        judge,
        "R",
        day("2022-03-10"),
        closed=day("2022-05-16"),
        incident_kind="CAU",
        acts=(Act("AUT", day("2022-04-22"), "Rechaza la medida cautelar.", "DNG", 4),),
    )


def _prosecution_file(institutions: Institutions) -> ProsecutionFile:
    office = institutions.offices["1801", "02"]
    return ProsecutionFile(
        _UNIQUE,
        _FILE,
        office.code,
        office.prosecutors[0],
        "F",
        "A",
        day("2021-10-04"),
        "Pedido de medidas respecto del régimen de visitas de un menor de edad.",
        complaint=day("2021-10-04"),
        shelved=day("2022-01-28"),
        cites_case=_CASE,
        parties=(Party("DEN", MOTHER), Party("DDO", FATHER), Party("MEN", CHILD, reserved=True)),
        dispositions=(
            Disposition("DI", day("2021-10-11"), "Dispone la evaluación por el equipo multidisciplinario."),
            Disposition("MP", day("2021-11-22"), "Dispone suspender las visitas en tanto concluya la evaluación."),
            Disposition("AR", day("2022-01-28"), "Concluye la intervención fiscal."),
        ),
        opinions=((day("2022-10-17"), "Opina que se confirme la sentencia apelada."),),
    )


def _proceeding() -> Proceeding:
    return Proceeding(
        _UNIQUE,
        _PROCEEDING,
        "PA",
        day("2023-01-20"),
        "D",
        "PROCESO DE AMPARO",
        "Recurso de agravio constitucional contra la sentencia de vista que confirmó la infundada.",
        chamber="1",
        reporting_judge="TC03",
        hearing=day("2023-08-15"),
        ruling="FP",
        ruling_number="905/2023",
        ruled=day("2023-10-03"),
        votes=(2, 1),
        separate_opinion="Voto singular que opina por declarar infundada la demanda.",
        district="LIMA",
        cites_case=_CASE,
        plaintiff=FATHER,
        respondent=OFFICE.company,
        beneficiary=CHILD,
    )
