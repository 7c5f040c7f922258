"""The life of a case in its court, from filing to archive, cut off where the sample's last day falls."""

from dataclasses import dataclass, field
from random import Random

from subgraphs.sample.calendar import HORIZON, working_day
from subgraphs.sample.offices import Weighted
from subgraphs.sample.story import Act, Appeal, Hearing

_OUTCOMES = Weighted(("FUN", "FPA", "INF", "IMP"), (0.40, 0.20, 0.25, 0.15))
_REVIEWS = Weighted(("CNF", "REV", "NUL"), (0.70, 0.20, 0.10))
_REJECTED = ("INF", "IMP")
_APPEALED = 0.4


@dataclass
class Life:
    """`rejected_twice` is the day of the chamber's rejection, from which the ten days of a RAC run."""

    random: Random
    day: int
    chamber: tuple[str, str, str, str]
    state: str = "I"
    closed: int | None = None
    acts: list[Act] = field(default_factory=list)
    hearings: list[Hearing] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)
    rejected_twice: int | None = None
    reviewed: int | None = None

    def run(self) -> "Life":
        """Each step happens only if the one before fell within the sample's time."""
        _ = self._admit() and self._answer() and self._hear() and self._judge() and self._end()
        return self

    def _advance(self, low: int, high: int) -> bool:
        self.day = working_day(self.day + self.random.randint(low, high))
        return self.day <= HORIZON

    def _admit(self) -> bool:
        if not self._advance(5, 30):
            return False
        self.acts.append(Act("AUT", self.day, "Se admite a trámite la demanda y se corre traslado.", "ADM"))
        self.state = "A"
        return True

    def _answer(self) -> bool:
        if not self._advance(15, 50):
            return False
        self.acts.append(Act("DEC", self.day, "Téngase por contestada la demanda.", pages=1))
        self.state = "T"
        return True

    def _hear(self) -> bool:
        happened = self._advance(20, 150)
        room = f"SALA {self.random.randint(1, 9)}"
        clock = self.random.choice(("0830", "0900", "1015", "1130", "1500"))
        self.hearings.append(Hearing("UNI", self.day, clock, "R" if happened else "P", room))
        return happened

    def _judge(self) -> bool:
        if not self._advance(15, 90):
            return False
        outcome = _OUTCOMES.draw(self.random)
        self.acts.append(Act("SEN", self.day, "Sentencia de primera instancia.", outcome, self.random.randint(6, 30)))
        self.state = "S"
        return True

    def _end(self) -> bool:
        if self.random.random() < _APPEALED:
            return self._appeal()
        if not self._advance(10, 60):
            return False
        self.acts.append(Act("DEC", self.day, "Se declara consentida la sentencia.", pages=1))
        self._settle()
        return True

    def _appeal(self) -> bool:
        judged, judgment = self.acts[-1].outcome, len(self.acts)
        if not self._advance(2, 7):
            return False
        filed, self.state = self.day, "P"
        if not self._advance(60, 240):
            self.appeals.append(Appeal("APE", judgment, filed, self.chamber))
            return False
        review = _REVIEWS.draw(self.random)
        self.appeals.append(Appeal("APE", judgment, filed, self.chamber, review, self.day))
        self.acts.append(Act("SEN", self.day, "Sentencia de vista.", review, self.random.randint(5, 20)))
        self.reviewed, self.state = self.day, "S"
        if review == "CNF" and judged in _REJECTED:
            self.rejected_twice = self.day
        if self._advance(30, 90):
            self._settle()
        return True

    def _settle(self) -> None:
        self.state = self.random.choice("ER")
        self.closed = self.day if self.state == "R" else None
