"""The way to the Constitutional Court: a case rejected twice, a *recurso de agravio constitucional*, a ruling."""

from dataclasses import replace

from subgraphs.sample import catalogues
from subgraphs.sample.calendar import HORIZON, working_day, year_of
from subgraphs.sample.catalogues import Subject
from subgraphs.sample.life import Life
from subgraphs.sample.numbers import cite_case, cite_proceeding
from subgraphs.sample.people import Person
from subgraphs.sample.story import Act, Appeal, CourtFile, Link, Party, Proceeding, Story
from subgraphs.sample.world import World

_APPEALED, _GRANTED, _OLD_CODES = 0.85, 0.85, 0.06
_DIRECT = 0.002
_DISTRICT_NAMES = {code: name for code, name, _, _ in catalogues.DISTRICTS}


def take_to_the_court(world: World, story: Story, case: CourtFile, subject: Subject, life: Life) -> CourtFile:
    """Adds the proceeding to the story, if there is one, and gives back the case with its appeal and citation."""
    if world.random.random() < _DIRECT:
        story.proceedings.append(_direct_claim(world, case.filed or HORIZON))
    if not subject.proceeding_type or life.rejected_twice is None or world.random.random() >= _APPEALED:
        return case
    appealed = working_day(life.rejected_twice + world.random.randint(3, 8))
    granted, sent = working_day(appealed + 5), working_day(appealed + world.random.randint(20, 60))
    if sent > HORIZON:
        return case
    if world.random.random() >= _GRANTED:
        return _with_appeal(case, appealed, granted, "DNG", ())
    return _send(world, story, case, subject, (appealed, granted, sent))


def _send(world: World, story: Story, case: CourtFile, subject: Subject, days: tuple[int, int, int]) -> CourtFile:
    appealed, granted, sent = days
    number = world.proceeding_number(year_of(sent), subject.proceeding_type)
    printed = number.with_old_code() if world.random.random() < _OLD_CODES else number
    from_court, from_case = cite_case(world.random, case.number), cite_proceeding(world.random, number)
    proceeding = Proceeding(
        world.next_id("TC"), str(printed), printed.type, sent, "C", subject.name,
        "Recurso de agravio constitucional contra la sentencia de vista.",
        district=_DISTRICT_NAMES[case.number.district], cites_case=from_court.written,
        plaintiff=case.parties[0].person, respondent=case.parties[1].person.full_name, reserved=case.reserved,
    )  # fmt: skip
    proceeding = _decide(world, proceeding)
    story.proceedings.append(proceeding)
    story.links.append(Link("TC", str(number), "PJ", str(case.number), from_court.written, from_court.damage))
    returned = None if proceeding.ruled is None else working_day(proceeding.ruled + 30)
    if returned is None or returned > HORIZON:
        return replace(_with_appeal(case, appealed, granted, "CCD", ()), state="P", closed=None)
    story.links.append(Link("PJ", str(case.number), "TC", str(number), from_case.written, from_case.damage))
    act = Act("DEC", returned, "Por recibidos los autos del Tribunal Constitucional: cúmplase.", pages=1)
    case = _with_appeal(case, appealed, granted, "CCD", (act,))
    return replace(case, cites_proceeding=from_case.written, state="E", closed=None)


def _with_appeal(case: CourtFile, day: int, resolved: int, outcome: str, acts: tuple[Act, ...]) -> CourtFile:
    appeal = Appeal("RAC", len(case.acts), day, None, outcome, resolved)
    in_order = tuple(sorted((*case.acts, *acts), key=lambda act: act.day))
    return replace(case, appeals=(*case.appeals, appeal), acts=in_order)


def _decide(world: World, proceeding: Proceeding) -> Proceeding:
    random = world.random
    chamber = random.choice("12P")
    proceeding = replace(proceeding, chamber=chamber, reporting_judge=random.choice(catalogues.REPORTING_JUDGES)[0])
    hearing = working_day(proceeding.filed + random.randint(90, 240))
    ruled = working_day(hearing + random.randint(20, 90))
    if ruled > HORIZON:
        return replace(proceeding, state="A", hearing=hearing)
    full, dissent = (7, random.randint(0, 3)) if chamber == "P" else (3, random.randint(0, 1))
    return replace(
        proceeding,
        state="D",
        hearing=hearing,
        ruled=ruled,
        ruling=random.choice(("F", "FP", "I", "I", "IM", "IM", "N")),
        ruling_number=f"{proceeding.id}/{year_of(ruled)}",
        votes=(full - dissent, dissent),
        separate_opinion="Voto singular que opina por declarar infundada la demanda." if dissent else None,
    )


def _direct_claim(world: World, filed: int) -> Proceeding:
    """Unconstitutionality and competence begin at the Court: no case of origin is right."""
    type_ = world.random.choice(("PI", "PCC"))
    subject = "INCONSTITUCIONALIDAD DE LEY" if type_ == "PI" else "CONFLICTO DE COMPETENCIA"
    number = world.proceeding_number(year_of(filed), type_)
    claim = Party("DTE", Person("", "", company="COLEGIO PROFESIONAL INVENTADO")).person
    return _decide(
        world,
        Proceeding(
            world.next_id("TC"), str(number), type_, filed, "C", subject, "Proceso de competencia originaria.",
            plaintiff=claim, respondent="CONGRESO FICTICIO",
        ),
    )  # fmt: skip
