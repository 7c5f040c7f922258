"""The prosecutors' side of an invented case: a complaint that came before it, or an opinion given in it."""

from dataclasses import replace

from subgraphs.sample.calendar import HORIZON, working_day, year_of
from subgraphs.sample.catalogues import Subject
from subgraphs.sample.numbers import FileNumber, cite_case, cite_file
from subgraphs.sample.offices import Office
from subgraphs.sample.story import CourtFile, Disposition, Link, ProsecutionFile, Story
from subgraphs.sample.world import World

# kind of parties -> share of cases with a file, last digits of the office
_OPINIONS = {"minor": (0.35, "02"), "people": (0.03, "04"), "state": (0.06, "04")}
_COMPLAINTS = {"violence": (0.9, "02", "122B00"), "accused": (1.0, "01", "387000")}
_TEN_DIGIT_OFFICES = 0.04


def open_prosecution_file(world: World, story: Story, case: CourtFile, subject: Subject) -> CourtFile:
    """Adds the file to the story, if the case has one, and gives back the case as it cites it."""
    if subject.parties in _COMPLAINTS:
        share, office_kind, offence = _COMPLAINTS[subject.parties]
        make = world.random.random() < share
        file = _complaint(world, case, office_kind, offence) if make else None
    elif subject.parties in _OPINIONS and world.random.random() < _OPINIONS[subject.parties][0]:
        file = _opinion(world, case, _OPINIONS[subject.parties][1])
    else:
        file = None
    return case if file is None else _tie(world, story, case, file)


def _complaint(world: World, case: CourtFile, office_kind: str, offence: str) -> tuple[FileNumber, ProsecutionFile]:
    """The complaint comes first; the investigation is formalised on the day before the court hears of it."""
    filed = case.filed or HORIZON
    registered = working_day(filed - world.random.randint(5, 90))
    formalised = max(registered, filed - 1)
    accused = working_day(filed + 120)
    on_trial = accused <= HORIZON and world.random.random() < 0.5
    office = world.institutions.offices[case.number.district, office_kind]
    number, file = _new_file(world, case, office, registered)
    file = replace(
        file,
        complaint=registered,
        formalised=formalised,
        accused=accused if on_trial else None,
        stage="J" if on_trial else "F",
        offences=(offence,),
        reserved=case.reserved,
        dispositions=(
            Disposition("AP", registered, "Se abren diligencias preliminares."),
            Disposition("FO", formalised, "Se formaliza la investigación preparatoria."),
        ),
    )
    return number, file


def _opinion(world: World, case: CourtFile, office_kind: str) -> tuple[FileNumber, ProsecutionFile] | None:
    """The court asks, the prosecutor answers: a *dictamen*."""
    registered = working_day((case.filed or HORIZON) + world.random.randint(20, 60))
    if registered > HORIZON:
        return None
    given = working_day(registered + world.random.randint(5, 30))
    office = world.institutions.offices[case.number.district, office_kind]
    number, file = _new_file(world, case, office, registered)
    side = world.random.choice(("se declare fundada", "se declare infundada", "se declare fundada en parte"))
    opinions = ((given, f"Opina que {side} la demanda."),) if given <= HORIZON else ()
    return number, replace(file, stage="P", opinions=opinions)


def _new_file(world: World, case: CourtFile, office: Office, registered: int) -> tuple[FileNumber, ProsecutionFile]:
    number = world.file_number(office, year_of(registered))
    ten_digits = world.random.random() < _TEN_DIGIT_OFFICES
    file = ProsecutionFile(
        world.next_id("MP"),
        str(number._replace(office=office.code.zfill(10)) if ten_digits else number),
        office.code,
        world.random.choice(office.prosecutors),
        office.kind,
        "C",
        registered,
        "Actuados remitidos o recibidos por el despacho fiscal.",
        violence=case.violence,
        parties=case.parties,
    )
    return number, file


def _tie(world: World, story: Story, case: CourtFile, made: tuple[FileNumber, ProsecutionFile]) -> CourtFile:
    number, file = made
    from_case, from_file = cite_file(world.random, number), cite_case(world.random, case.number)
    story.prosecution.append(replace(file, cites_case=from_file.written))
    story.links.append(Link("PJ", str(case.number), "MP", str(number), from_case.written, from_case.damage))
    story.links.append(Link("MP", str(number), "PJ", str(case.number), from_file.written, from_file.damage))
    return replace(case, cites_file=from_case.written)
