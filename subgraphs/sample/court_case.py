"""One invented case of the Judiciary, with what it leaves at the other institutions."""

from dataclasses import replace

from subgraphs.sample.calendar import HORIZON, working_day, year_of
from subgraphs.sample.catalogues import Subject
from subgraphs.sample.court_proceeding import take_to_the_court
from subgraphs.sample.life import Life
from subgraphs.sample.prosecution_file import open_prosecution_file
from subgraphs.sample.story import Act, Cassation, CourtFile, Notice, Party, Story
from subgraphs.sample.world import World

_INCIDENTS, _RELATED, _CASSATIONS, _RESERVED, _DELETED = 0.08, 0.03, 0.15, 0.02, 0.003
_DISTRICT_NAMES = {"1801": "LIMA", "0401": "AREQUIPA", "2301": "TACNA", "1001": "CUSCO"}


def invent_case(world: World, filed: int) -> Story:
    """The case, its incidents and relations; then the prosecutors' file and the TC's proceeding, if it has them."""
    random = world.random
    subject, district = world.subject(), world.district()
    number = world.case_number(year_of(filed), district, subject)
    judge = world.institutions.judges[district, subject.organ, subject.specialty, number.court]
    life = Life(random, filed, (district, "SP", subject.specialty, "01")).run()
    parties = _parties(world, subject)
    story = Story()
    main = CourtFile(
        world.next_id("PJ"),
        number,
        subject.code,
        f"Demanda sobre {subject.name.lower()} presentada por la parte accionante.",
        judge,
        life.state,
        filed,
        life.closed,
        reserved=random.random() < _RESERVED,
        violence=subject.parties == "violence",
        parties=parties,
        acts=tuple(life.acts),
        hearings=tuple(life.hearings),
        notices=_notices(life, len(parties)),
        appeals=tuple(life.appeals),
        deleted=random.random() < _DELETED,
    )
    if main.deleted:
        story.files.append(main)
        return story
    main = take_to_the_court(world, story, open_prosecution_file(world, story, main, subject), subject, life)
    story.files.append(main)
    if random.random() < _INCIDENTS:
        story.files.append(_incident(world, main, life))
    _relate(world, story, main, subject)
    _take_to_cassation(world, story, main, subject, life)
    return story


def _parties(world: World, subject: Subject) -> tuple[Party, ...]:
    match subject.parties:
        case "minor":
            return Party("DTE", world.adult()), Party("DDO", world.adult()), Party("MEN", world.child())
        case "violence":
            victim = Party("AGR", world.adult(), victim=True, reserved=True)
            return victim, Party("DDO", world.adult()), Party("MEN", world.child(), victim=True, reserved=True)
        case "worker":
            return Party("DTE", world.adult()), Party("DDO", world.company()), Party("ABO", world.adult())
        case "bank":
            return Party("DTE", world.company()), Party("DDO", world.adult())
        case "state":
            plaintiff = world.company() if world.random.random() < 0.2 else world.adult()
            return Party("DTE", plaintiff), Party("DDO", world.state_entity()), Party("PRO", world.adult())
        case "accused":
            return Party("IMP", world.adult()), Party("AGR", world.adult(), victim=True, reserved=True)
        case _:
            return Party("DTE", world.adult()), Party("DDO", world.adult())


def _notices(life: Life, parties: int) -> tuple[Notice, ...]:
    """The last three acts, told to each of the first two parties on the next working day."""
    first = max(len(life.acts) - 3, 0)
    notices = []
    for act in range(first, len(life.acts)):
        sent = working_day(life.acts[act].day + 1)
        read = sent + 1 if life.random.random() < 0.8 else None
        notices += [Notice(act + 1, party, sent, read_day=read) for party in range(1, min(parties, 2) + 1)]
    return tuple(notices)


def _incident(world: World, main: CourtFile, life: Life) -> CourtFile:
    penal = main.number.specialty == "PE"
    kind = "PPR" if penal else world.random.choice(("APE", "CAU", "EJE"))
    filed = life.acts[0].day if life.acts else working_day((main.filed or HORIZON) + 1)
    decided = working_day(filed + world.random.randint(3, 40))
    acts = (Act("AUT", decided, "Se resuelve el pedido incidental.", world.random.choice(("CCD", "DNG"))),)
    return replace(
        main,
        number=main.number._replace(incident=1),
        summary="Cuaderno incidental.",
        filed=filed,
        closed=None,
        state="T",
        incident_kind=kind,
        due=filed + 270 if penal else None,
        cites_file=None,
        cites_proceeding=None,
        parties=(),
        acts=acts if decided <= HORIZON else (),
        hearings=(),
        notices=(),
        appeals=(),
    )


def _relate(world: World, story: Story, main: CourtFile, subject: Subject) -> None:
    """To an earlier case of the same specialty, if one of the last filed is."""
    if world.random.random() < _RELATED:
        earlier = next((unique for unique, specialty in world.recent if specialty == subject.specialty), None)
        if earlier is not None:
            story.relations.append((main.unique, earlier, world.random.choice(("ACU", "CNX"))))
    world.recent.append((main.unique, subject.specialty))


def _take_to_cassation(world: World, story: Story, main: CourtFile, subject: Subject, life: Life) -> None:
    if life.reviewed is None or subject.specialty in ("DC", "PE", "FT") or world.random.random() >= _CASSATIONS:
        return
    filed = working_day(life.reviewed + world.random.randint(20, 60))
    if filed > HORIZON:
        return
    year, resolved = year_of(filed), working_day(filed + world.random.randint(200, 500))
    done = resolved <= HORIZON
    cassation = Cassation(
        world.cassation_sequence(year), year, _DISTRICT_NAMES.get(main.number.district, "LIMA NORTE"), main.unique,
        "SALA CIVIL TRANSITORIA", filed, resolved if done else None,
        world.random.choice(("FUN", "INF", "IMP")) if done else None,
    )  # fmt: skip
    story.cassations.append(cassation)
