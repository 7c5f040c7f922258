"""What happened, before any institution writes it down in its own way.

Stories are plain values with days as numbers. The modules `*_rows` turn them into the rows of each database,
so that the invented cases, the worked ones and the faulty ones go through the same hands.
"""

from dataclasses import dataclass, field

from subgraphs.sample.numbers import CaseNumber
from subgraphs.sample.people import Person


@dataclass(frozen=True, slots=True)
class Party:
    """`role` is the Judiciary's three-letter code; `key` names a protected witness."""

    role: str
    person: Person
    victim: bool = False
    reserved: bool = False
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    kind: str  # AUT auto, DEC decreto, SEN sentencia
    day: int
    summary: str
    outcome: str | None = None
    pages: int = 3


@dataclass(frozen=True, slots=True)
class Hearing:
    kind: str
    day: int
    clock: str = "0900"
    state: str = "R"
    room: str = "SALA 1"


@dataclass(frozen=True, slots=True)
class Notice:
    act: int
    party: int
    day: int
    clock: str = "16:05:00"
    read_day: int | None = None


@dataclass(frozen=True, slots=True)
class Appeal:
    kind: str  # APE, RAC, QUE
    act: int | None
    day: int
    chamber: tuple[str, str, str, str] | None = None
    outcome: str | None = None
    resolved: int | None = None


@dataclass(frozen=True, slots=True)
class CourtFile:
    """A main file or one of its *cuadernos*; `filed` may be None for the clerk's 19000101."""

    unique: int
    number: CaseNumber
    subject: int
    summary: str
    judge: str | None
    state: str
    filed: int | None
    closed: int | None = None
    incident_kind: str | None = None
    due: int | None = None
    cites_file: str | None = None
    cites_proceeding: str | None = None
    reserved: bool = False
    violence: bool = False
    deleted: bool = False
    parties: tuple[Party, ...] = ()
    acts: tuple[Act, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    notices: tuple[Notice, ...] = ()
    appeals: tuple[Appeal, ...] = ()


@dataclass(frozen=True, slots=True)
class Cassation:
    sequence: int
    year: int
    district: str
    unique: int
    chamber: str
    filed: int
    resolved: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Disposition:
    kind: str
    day: int
    summary: str


@dataclass(frozen=True, slots=True)
class Secrecy:
    disposition: int | None
    start: int
    end: int
    extended_to: int | None = None


@dataclass(frozen=True, slots=True)
class ProsecutionFile:
    id: int
    number: str
    office: str
    prosecutor: str | None
    kind: str
    stage: str
    registered: int
    summary: str
    complaint: int | None = None
    formalised: int | None = None
    accused: int | None = None
    shelved: int | None = None
    cites_case: str | None = None
    reserved: bool = False
    violence: bool = False
    offences: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    secrecies: tuple[Secrecy, ...] = ()
    opinions: tuple[tuple[int, str], ...] = ()
    protected: tuple[tuple[str, Person], ...] = ()


@dataclass(frozen=True, slots=True)
class Proceeding:
    id: int
    number: str
    type: str
    filed: int
    state: str
    subject: str
    summary: str
    chamber: str | None = None
    reporting_judge: str | None = None
    hearing: int | None = None
    ruling: str | None = None
    ruling_number: str | None = None
    ruled: int | None = None
    votes: tuple[int, int] | None = None
    separate_opinion: str | None = None
    district: str | None = None
    cites_case: str | None = None
    plaintiff: Person | None = None
    respondent: str | None = None
    beneficiary: Person | None = None
    complaint_number: str | None = None
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """What a clerk meant and what stands there; `target` is None where nothing was meant to exist."""

    citing: str
    number: str
    cited: str
    target: str | None
    written: str | None
    damage: str


@dataclass(slots=True)
class Story:
    """Everything one quarrel left behind in the institutions."""

    files: list[CourtFile] = field(default_factory=list)
    cassations: list[Cassation] = field(default_factory=list)
    relations: list[tuple[int, int, str]] = field(default_factory=list)
    prosecution: list[ProsecutionFile] = field(default_factory=list)
    proceedings: list[Proceeding] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fault:
    """A planted fault: the rule it breaks (F1…F15), and the row that breaks it."""

    rule: str
    institution: str
    number: str
    detail: str
