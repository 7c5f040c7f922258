"""What the stories share while a sample is being made: the dice, the running numbers, the institutions."""

from collections import Counter, deque
from dataclasses import dataclass, field
from random import Random

from subgraphs.sample import catalogues, people
from subgraphs.sample.numbers import CaseNumber, FileNumber, ProceedingNumber, first_sequence
from subgraphs.sample.offices import Institutions, Office, Weighted
from subgraphs.sample.people import Person

_DISTRICTS = Weighted(
    [code for code, _, _, _ in catalogues.DISTRICTS], [share for _, _, share, _ in catalogues.DISTRICTS]
)
_SUBJECTS = Weighted(catalogues.SUBJECTS, [subject.share for subject in catalogues.SUBJECTS])
_FIRST_ID = 1_001  # the rows of the worked and the faulty cases come before
_MAGISTRATES_FROM = 500_000


@dataclass
class World:
    random: Random
    cases: int
    institutions: Institutions
    recent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=64))
    _running: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def next_id(self, institution: str) -> int:
        return _FIRST_ID + self._next("id", institution)

    def subject(self) -> catalogues.Subject:
        return _SUBJECTS.draw(self.random)

    def district(self) -> str:
        return _DISTRICTS.draw(self.random)

    def case_number(self, year: int, district: str, subject: catalogues.Subject) -> CaseNumber:
        courts = self.institutions.courts_of[district, subject.organ, subject.specialty]
        court = f"{self.random.randint(1, courts):02d}"
        sequence = first_sequence(self.cases) + self._next("PJ", str(year), district, subject.specialty)
        return CaseNumber(sequence, year, 0, district, subject.organ, subject.specialty, court)

    def file_number(self, office: Office, year: int) -> FileNumber:
        sequence = first_sequence(self.cases) + self._next("MP", office.code, str(year))
        return FileNumber(office.code, year, sequence)

    def proceeding_number(self, year: int, type_: str) -> ProceedingNumber:
        sequence = first_sequence(self.cases) + self._next("TC", str(year))
        return ProceedingNumber(sequence, year, type_)

    def cassation_sequence(self, year: int) -> int:
        return 1 + self._next("CAS", str(year))

    def adult(self) -> Person:
        return people.adult(self.random.randrange(_MAGISTRATES_FROM))

    def child(self) -> Person:
        return people.child(self.random.randrange(people.CHILDREN))

    def company(self) -> Person:
        return people.company(self.random.randrange(people.COMPANIES))

    def state_entity(self) -> Person:
        return Person("", "", company=self.random.choice(catalogues.STATE_ENTITIES))

    def _next(self, *counter: str) -> int:
        value = self._running[counter]
        self._running[counter] = value + 1
        return value
