"""Faults F1 to F15 of the field's catalogue, planted on rows of their own so that the worked cases stay clean."""

from dataclasses import replace

from subgraphs.sample.calendar import day
from subgraphs.sample.numbers import CaseNumber
from subgraphs.sample.offices import Institutions
from subgraphs.sample.people import Person
from subgraphs.sample.story import CourtFile, Fault, Link, Party, Proceeding, ProsecutionFile, Secrecy, Story
from subgraphs.sample.worked_stories import fictitious

_PLAINTIFF = fictitious("99990101", "TITUSUYO", "FICTICIO", "HÉCTOR")
_OTHER = fictitious("99990102", "INKAMAYU", "FICTICIA", "YOLANDA")


def planted_faults(institutions: Institutions) -> tuple[list[Story], list[Fault]]:
    planted = [
        *_badly_written_numbers(institutions),
        *_bad_documents_and_names(institutions),
        *_contradictions(institutions),
        *_bad_dates_and_leaks(institutions),
    ]
    return [story for story, _ in planted], [fault for _, fault in planted]


def _badly_written_numbers(institutions: Institutions) -> list[tuple[Story, Fault]]:
    unpadded = _case(institutions, 21, "00991-2022-0-1801-JR-CI-05", 202)
    cites_unpadded = _file(institutions, 21, "999014504-2022-99021-0", "04", cites_case="991-2022-0-1801-JR-CI-5")
    main = _case(institutions, 22, "99022-2022-0-1801-JR-PE-02", 702)
    incident = replace(
        main, number=main.number._replace(incident=3), parties=(), incident_kind="PPR", filed=day("2022-05-02")
    )
    lost_incident = _proceeding(22, "99022-2022-PHC/TC", str(main.number))
    old_code = _case(institutions, 23, "99023-2021-0-1801-JR-DC-01", 601)
    nine = _file(institutions, 24, "999014501-2022-99024-0", "01")
    ten = _file(institutions, 25, "0999014501-2022-99025-0", "01")
    dangling = "99098-2021-0-1801-JR-DC-01"
    return [
        (
            Story(
                files=[unpadded],
                prosecution=[cites_unpadded],
                links=[_link("MP", cites_unpadded.number, str(unpadded.number), cites_unpadded.cites_case, "UNPADDED")],
            ),
            Fault("F1", "MP", cites_unpadded.number, "PJ number without its zeros"),
        ),
        (
            Story(
                files=[main, incident],
                proceedings=[lost_incident],
                links=[
                    _link("TC", lost_incident.number, str(incident.number), str(main.number), "WRONG_INCIDENT"),
                ],
            ),
            Fault("F2", "TC", lost_incident.number, "incident 3 cited as 0"),
        ),
        (
            Story(
                files=[old_code],
                proceedings=[_proceeding(23, "99010-2023-AA/TC", str(old_code.number))],
                links=[_link("TC", "99010-2023-PA/TC", str(old_code.number), str(old_code.number), "NONE")],
            ),
            Fault("F3", "TC", "99010-2023-AA/TC", "older type code"),
        ),
        (Story(prosecution=[nine, ten]), Fault("F4", "MP", ten.number, "office with and without its zero")),
        (
            Story(
                proceedings=[_proceeding(29, "99029-2022-PA/TC", dangling)],
                links=[Link("TC", "99029-2022-PA/TC", "PJ", None, dangling, "NO_SUCH_NUMBER")],
            ),
            Fault("F9", "TC", "99029-2022-PA/TC", "cites a case that does not exist"),
        ),
    ]


def _bad_documents_and_names(institutions: Institutions) -> list[tuple[Story, Fault]]:
    zero = fictitious("09990001", "WAYRAPOMA", "FICTICIA", "ELENA")
    short = _file(
        institutions, 26, "999014504-2022-99026-0", "04", parties=(Party("DTE", replace(zero, document="9990001")),)
    )
    with_zero = _case(institutions, 26, "99026-2022-0-1801-JR-CI-01", 202, (Party("DTE", zero), Party("DDO", _OTHER)))
    bad_ruc = Party("DTE", Person("RUC", "20999990012", company="EMPRESA SIN DÍGITO SAC"))
    wrong_digit = _case(institutions, 27, "99027-2022-0-1801-JR-CO-01", 401, (bad_ruc, Party("DDO", _OTHER)))
    mojibake = _file(institutions, 28, "999014504-2022-99028-0", "04", parties=(
        Party("DTE", fictitious("99990103", "PEÃ‘A", "FICTICIO", "TOMÃ¡S")),
    ))  # fmt: skip
    twin = replace(_PLAINTIFF, father_name="TITUSUYOC", given_names="ECTOR")
    one = _case(institutions, 31, "99031-2022-0-1801-JR-CI-01", 202)
    other = _case(institutions, 32, "99032-2022-0-1801-JR-CI-02", 202, (Party("DTE", twin), Party("DDO", _OTHER)))
    return [
        (
            Story(files=[with_zero], prosecution=[short]),
            Fault("F5", "MP", short.number, "DNI 09990001 stored without its zero"),
        ),
        (Story(files=[wrong_digit]), Fault("F6", "PJ", str(wrong_digit.number), "RUC with a wrong check digit")),
        (Story(prosecution=[mojibake]), Fault("F7", "MP", mojibake.number, "name decoded twice")),
        (Story(files=[one, other]), Fault("F11", "PJ", str(other.number), "one DNI, two names")),
    ]


def _contradictions(institutions: Institutions) -> list[tuple[Story, Fault]]:
    one_way = _file(institutions, 30, "999014502-2022-99030-0", "02")
    citing = replace(_case(institutions, 30, "99030-2022-0-1801-JR-FC-01", 102), cites_file=one_way.number)
    shelved = _file(institutions, 33, "999014501-2022-99033-0", "01", cites_case="99033-2022-0-1801-JR-PE-03")
    shelved = replace(shelved, stage="A", shelved=day("2022-12-12"))
    on_trial = replace(_case(institutions, 33, "99033-2022-0-1801-JR-PE-03", 702), cites_file=shelved.number)
    return [
        (
            Story(
                files=[citing],
                prosecution=[one_way],
                links=[
                    Link("PJ", str(citing.number), "MP", one_way.number, one_way.number, "NONE"),
                    _link("MP", one_way.number, str(citing.number), None, "SILENT"),
                ],
            ),
            Fault("F10", "MP", one_way.number, "the Judiciary cites it, it is silent"),
        ),
        (
            Story(
                files=[on_trial],
                prosecution=[shelved],
                links=[
                    Link("PJ", str(on_trial.number), "MP", shelved.number, shelved.number, "NONE"),
                    _link("MP", shelved.number, str(on_trial.number), str(on_trial.number), "NONE"),
                ],
            ),
            Fault("F12", "MP", shelved.number, "shelved here, open at the Judiciary"),
        ),
    ]


def _bad_dates_and_leaks(institutions: Institutions) -> list[tuple[Story, Fault]]:
    early = _file(institutions, 34, "999014501-2023-99034-0", "01")
    early = replace(early, complaint=day("2023-06-05"), accused=day("2023-05-02"))
    victim = Party("AGR", fictitious("99990104", "URPIWASI", "INVENTADA", "ZOILA"), victim=True, reserved=True)
    leak = replace(
        _case(institutions, 35, "99035-2023-0-1801-JR-FT-01", 105, (victim, Party("DDO", _OTHER))),
        summary=f"Medidas de protección a favor de {victim.person.full_name}.",
        violence=True,
    )
    secret = replace(
        _file(institutions, 36, "999014503-2024-99036-0", "03"),
        registered=day("2024-01-02"),
        complaint=day("2024-01-02"),
        reserved=True,
        secrecies=(Secrecy(None, day("2024-01-08"), day("2024-01-27"), day("2024-03-29")),),
    )
    sentinel = replace(_case(institutions, 37, "99037-2022-0-1801-JR-LA-01", 301), filed=None)
    return [
        (Story(prosecution=[early]), Fault("F8", "MP", early.number, "accused before the complaint")),
        (Story(files=[leak]), Fault("F13", "PJ", str(leak.number), "the victim's name in the summary")),
        (Story(prosecution=[secret]), Fault("F14", "MP", secret.number, "secrecy beyond forty days")),
        (Story(files=[sentinel]), Fault("F15", "PJ", str(sentinel.number), "filed on 19000101")),
    ]


def _case(
    institutions: Institutions, unique: int, text: str, subject: int, parties: tuple[Party, ...] | None = None
) -> CourtFile:
    number = CaseNumber.parse(text)
    judge = institutions.judges[number.district, number.organ, number.specialty, number.court]
    both = (Party("DTE", _PLAINTIFF), Party("DDO", _OTHER))
    filed = day(f"{number.year}-04-18")
    return CourtFile(unique, number, subject, "Caso ficticio.", judge, "T", filed, parties=parties or both)


def _file(
    institutions: Institutions,
    id_: int,
    number: str,
    office_kind: str,
    cites_case: str | None = None,
    parties: tuple[Party, ...] = (Party("DTE", _PLAINTIFF),),
) -> ProsecutionFile:
    office = institutions.offices["1801", office_kind]
    registered = day(f"{number.split('-')[1]}-03-07")
    return ProsecutionFile(
        id_, number, office.code, office.prosecutors[1], office.kind, "P", registered, "Carpeta ficticia.",
        complaint=registered, cites_case=cites_case, parties=parties,
    )  # fmt: skip


def _proceeding(id_: int, number: str, cites_case: str) -> Proceeding:
    sequence_year, type_ = number.removesuffix("/TC").rsplit("-", 1)
    filed = day(f"{sequence_year[-4:]}-10-10")
    return Proceeding(
        id_, number, type_, filed, "C", "PROCESO CONSTITUCIONAL", "Recurso de agravio constitucional.",
        district="LIMA", cites_case=cites_case, plaintiff=_PLAINTIFF, respondent="ENTIDAD FICTICIA",
    )  # fmt: skip


def _link(institution: str, number: str, target: str, written: str | None, damage: str) -> Link:
    return Link(institution, number, "PJ", target, written, damage)
