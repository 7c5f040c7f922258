"""Cases A to E, as the domain's notes give them: each crosses the institutions in another way."""

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
    Party,
    Proceeding,
    ProsecutionFile,
    Secrecy,
    Story,
)
from subgraphs.sample.worked_case_g import case_g

_STATE = Person("", "", company="PROCURADURÍA PÚBLICA FICTICIA")


def worked_stories(institutions: Institutions) -> tuple[Story, ...]:
    return (
        case_g(institutions),
        _peculado(institutions),
        _family_violence(institutions),
        _company_amparo(institutions),
        _organised_crime(institutions),
        _habeas_data(institutions),
    )


def fictitious(document: str, father: str, mother: str, given: str, born: str = "1980-06-15") -> Person:
    return Person("DNI", document, father, mother, given, born=day(born))


def both_ways(one: tuple[str, str], other: tuple[str, str]) -> list[Link]:
    """A link that both institutions wrote down without a mistake."""
    (here, number), (there, cited) = one, other
    return [Link(here, number, there, cited, cited, "NONE"), Link(there, cited, here, number, number, "NONE")]


def _judge(institutions: Institutions, number: CaseNumber) -> str:
    return institutions.judges[number.district, number.organ, number.specialty, number.court]


def _peculado(institutions: Institutions) -> Story:
    accused = fictitious("99990011", "ARDILEÑO", "FICTICIO", "RAÚL ÓSCAR")
    office = institutions.offices["1801", "01"]
    (file_number,) = worked.A.prosecution_files
    main, detention = CaseNumber.parse(worked.A.cases[0]), CaseNumber.parse(worked.A.incidents[0])
    habeas, proceeding = CaseNumber.parse(worked.A.cases[1]), worked.A.proceedings[0]
    judge, constitutional = _judge(institutions, main), _judge(institutions, habeas)
    parties = (Party("IMP", accused), Party("PRO", _STATE))
    return Story(
        files=[
            CourtFile(
                1, main, 702, "Proceso por delito de peculado doloso.", judge, "T", day("2022-05-09"),
                cites_file=file_number, parties=parties,
                acts=(Act("AUT", day("2022-05-10"), "Tiene por comunicada la formalización.", "ADM"),),
            ),
            CourtFile(
                1, detention, 702, "Cuaderno de prisión preventiva.", judge, "T", day("2022-05-12"),
                incident_kind="PPR", due=day("2023-05-15"),
                acts=(Act("AUT", day("2022-05-16"), "Declara fundado el requerimiento por doce meses.", "FUN", 16),),
                hearings=(Hearing("PPR", day("2022-05-16"), "0830"),),
            ),
            CourtFile(
                11, habeas, 604, "Hábeas corpus contra la resolución que dispone la prisión preventiva.",
                constitutional, "E", day("2023-01-09"), cites_proceeding=proceeding,
                parties=(Party("DTE", accused), Party("DDO", _STATE)),
                acts=(
                    Act("SEN", day("2023-02-06"), "Declara improcedente la demanda.", "IMP", 7),
                    Act("SEN", day("2023-04-03"), "Sentencia de vista: confirma.", "CNF", 6),
                ),
                appeals=(
                    Appeal("APE", 1, day("2023-02-09"), ("1801", "SP", "DC", "01"), "CNF", day("2023-04-03")),
                    Appeal("RAC", 2, day("2023-04-12"), None, "CCD", day("2023-04-17")),
                ),
            ),
        ],
        relations=[(11, 1, "OBJ")],
        prosecution=[
            ProsecutionFile(
                1, file_number, office.code, office.prosecutors[0], "P", "F", day("2022-01-17"),
                "Presunto delito de peculado en agravio del Estado.", complaint=day("2022-01-17"),
                formalised=day("2022-05-06"), cites_case=str(main), offences=("387000",),
                parties=parties,
                dispositions=(
                    Disposition("AP", day("2022-01-20"), "Abre diligencias preliminares por sesenta días."),
                    Disposition("FO", day("2022-05-06"), "Formaliza y continúa la investigación preparatoria."),
                ),
            )
        ],
        proceedings=[
            Proceeding(
                1, proceeding, "PHC", day("2023-05-08"), "D", "PROCESO DE HÁBEAS CORPUS",
                "Recurso de agravio constitucional sobre prisión preventiva.", "2", "TC05", day("2023-09-12"), "I",
                "871/2023", day("2023-10-24"), (3, 0), None, "LIMA", str(habeas), accused, _STATE.company,
            )
        ],
        links=[*both_ways(("PJ", str(main)), ("MP", file_number)), *both_ways(("PJ", str(habeas)), ("TC", proceeding))],
    )  # fmt: skip


def _family_violence(institutions: Institutions) -> Story:
    victim = Party("AGR", fictitious("99990021", "CHOQUELUNA", "INVENTADA", "DELIA FLOR"), victim=True, reserved=True)
    accused = fictitious("99990022", "BARRIOFINO", "FICTICIO", "ABEL IVÁN")
    witness = Party("TES", fictitious("99990023", "BARRIOFINO", "CHOQUELUNA", "SAÚL", "2013-02-20"), reserved=True)
    protection, penal = map(CaseNumber.parse, worked.B.cases)
    (file_number,) = worked.B.prosecution_files
    office = institutions.offices["1801", "02"]
    return Story(
        files=[
            CourtFile(
                2, protection, 105, "Medidas de protección por violencia familiar.", _judge(institutions, protection),
                "E", day("2023-03-14"), cites_file=file_number, reserved=True, violence=True,
                parties=(victim, Party("DDO", accused), witness),
                acts=(Act("AUT", day("2023-03-15"), "Dicta medidas de protección.", "CCD", 5),),
                hearings=(Hearing("UNI", day("2023-03-15"), "1130"),),
            ),
            CourtFile(
                3, penal, 701, "Agresiones contra integrante del grupo familiar.", _judge(institutions, penal), "T",
                day("2023-08-21"), cites_file=file_number, reserved=True, violence=True,
                parties=(Party("IMP", accused), victim, witness),
                acts=(Act("AUT", day("2023-08-22"), "Tiene por comunicada la formalización.", "ADM"),),
            ),
        ],
        relations=[(3, 2, "CNX")],
        prosecution=[
            ProsecutionFile(
                2, file_number, office.code, office.prosecutors[1], "F", "F", day("2023-03-13"),
                "Denuncia por agresiones en el grupo familiar.", complaint=day("2023-03-13"),
                formalised=day("2023-08-18"), cites_case=str(protection), violence=True,
                offences=("122B00",), parties=(victim, Party("IMP", accused), witness),
                dispositions=(Disposition("FO", day("2023-08-18"), "Formaliza la investigación preparatoria."),),
            )
        ],
        links=[
            *both_ways(("PJ", str(protection)), ("MP", file_number)),
            Link("PJ", str(penal), "MP", file_number, file_number, "NONE"),
        ],
    )  # fmt: skip


def _company_amparo(institutions: Institutions) -> Story:
    company = Person("RUC", worked.C_COMPANY_RUC, company="EMPRESA INVENTADA SAC")
    (text,), (proceeding,) = worked.C.cases, worked.C.proceedings
    number = CaseNumber.parse(text)
    return Story(
        files=[
            CourtFile(
                4, number, 601, "Amparo contra resolución de ejecución coactiva.", _judge(institutions, number), "E",
                day("2022-04-18"), cites_proceeding=proceeding,
                parties=(Party("DTE", company), Party("DDO", _STATE)),
                acts=(
                    Act("SEN", day("2022-09-12"), "Declara infundada la demanda.", "INF", 11),
                    Act("SEN", day("2023-01-16"), "Sentencia de vista: confirma.", "CNF", 9),
                ),
                appeals=(
                    Appeal("APE", 1, day("2022-09-19"), ("1801", "SP", "DC", "01"), "CNF", day("2023-01-16")),
                    Appeal("RAC", 2, day("2023-01-24"), None, "CCD", day("2023-01-30")),
                ),
            )
        ],
        proceedings=[
            Proceeding(
                4, proceeding, "PA", day("2023-02-20"), "D", "PROCESO DE AMPARO",
                "Recurso de agravio constitucional en materia tributaria.", "1", "TC01", day("2023-07-18"), "IM",
                "702/2023", day("2023-08-29"), (3, 0), None, "LIMA", text, company, _STATE.company,
            )
        ],
        links=both_ways(("PJ", text), ("TC", proceeding)),
    )  # fmt: skip


def _organised_crime(institutions: Institutions) -> Story:
    office = institutions.offices["1801", "03"]
    (file_number,) = worked.D.prosecution_files
    accused = fictitious("99990031", "SOTOMANSO", "FICTICIO", "WILMER FÉLIX")
    protected = fictitious("99990032", "IDENTIDAD", "RESERVADA", "FICTICIA")
    return Story(
        prosecution=[
            ProsecutionFile(
                5, file_number, office.code, office.prosecutors[0], "P", "P", day("2024-04-15"),
                "Investigación por presunta organización criminal.", complaint=day("2024-04-15"), reserved=True,
                offences=("317000",),
                parties=(Party("IMP", accused), Party("TES", protected, key=worked.D_PROTECTED_KEY)),
                dispositions=(
                    Disposition("AP", day("2024-04-17"), "Abre diligencias preliminares."),
                    Disposition("DI", day("2024-05-06"), "Diligencia declarada en secreto."),
                ),
                secrecies=(Secrecy(2, day(worked.D_SECRET_FROM), day(worked.D_SECRET_TO)),),
                protected=((worked.D_PROTECTED_KEY, protected),),
            )
        ]
    )  # fmt: skip


def _habeas_data(institutions: Institutions) -> Story:
    plaintiff = fictitious("99990041", "TARWISUYO", "FICTICIA", "NOEMÍ TERESA")
    (text,), (proceeding, complaint) = worked.E.cases, worked.E.proceedings
    number = CaseNumber.parse(text)
    queja = Proceeding(
        7, complaint, "Q", day("2024-01-22"), "D", "QUEJA POR DENEGATORIA DE RAC", "Recurso de queja.", "2", "TC06",
        None, "F", "31/2024", day("2024-02-20"), (3, 0), None, "AREQUIPA", text, plaintiff, _STATE.company,
    )  # fmt: skip
    return Story(
        files=[
            CourtFile(
                5, number, 602, "Hábeas data: pide copia de su historia pensionaria.", _judge(institutions, number),
                "P", day("2023-03-06"), cites_proceeding=proceeding,
                parties=(Party("DTE", plaintiff), Party("DDO", _STATE)),
                acts=(
                    Act("SEN", day("2023-07-10"), "Declara improcedente la demanda.", "IMP", 6),
                    Act("SEN", day("2023-11-20"), "Sentencia de vista: confirma.", "CNF", 5),
                ),
                appeals=(
                    Appeal("APE", 1, day("2023-07-14"), ("0401", "SP", "CI", "01"), "CNF", day("2023-11-20")),
                    Appeal("RAC", 2, day("2023-11-28"), None, "DNG", day("2023-12-04")),
                    Appeal("QUE", 2, day("2023-12-11"), None, "FUN", day("2024-02-20")),
                ),
            )
        ],
        proceedings=[
            queja,
            Proceeding(
                8, proceeding, "PHD", day("2024-03-11"), "C", "PROCESO DE HÁBEAS DATA",
                "Recurso de agravio constitucional concedido por queja.", district="AREQUIPA", cites_case=text,
                plaintiff=plaintiff, respondent=_STATE.company, complaint_number=complaint,
            ),
        ],
        links=[*both_ways(("PJ", text), ("TC", proceeding)), Link("TC", complaint, "PJ", text, text, "NONE")],
    )  # fmt: skip
