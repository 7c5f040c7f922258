"""Courts, prosecutors' offices and the magistrates who sit there, the same in every institution that knows them."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, NamedTuple, TypeVar

from subgraphs.sample import catalogues, people
from subgraphs.sample.people import Person

T = TypeVar("T")
CourtKey = tuple[str, str, str, str]
_FIRST_MAGISTRATE = 500_000  # indexes of people kept for magistrates


class Magistrate(NamedTuple):
    code: str
    person: Person
    institution: str
    position: str


class Office(NamedTuple):
    code: str
    name: str
    district: str
    kind: str
    prosecutors: tuple[str, ...]


class Weighted(Generic[T]):
    """Draws values by their shares."""

    def __init__(self, values: Sequence[T], shares: Sequence[float]) -> None:
        self._values = values
        self._sums = list(accumulate(shares))

    def draw(self, random: Random) -> T:
        position = bisect(self._sums, random.random() * self._sums[-1])
        return self._values[min(position, len(self._values) - 1)]


@dataclass(frozen=True)
class Institutions:
    """Who sits where. It does not depend on the seed: magistrates' codes can be quoted."""

    judges: dict[CourtKey, str]
    court_names: dict[CourtKey, str]
    offices: dict[tuple[str, str], Office]  # district, last two digits
    magistrates: tuple[Magistrate, ...]
    courts_of: dict[tuple[str, str, str], int]  # district, organ, specialty -> how many


def build_institutions() -> Institutions:
    magistrates: list[Magistrate] = []
    judges, names, courts_of = _courts(magistrates)
    return Institutions(judges, names, _offices(magistrates), tuple(magistrates), courts_of)


def _courts(
    magistrates: list[Magistrate],
) -> tuple[dict[CourtKey, str], dict[CourtKey, str], dict[tuple[str, str, str], int]]:
    judges: dict[CourtKey, str] = {}
    names: dict[CourtKey, str] = {}
    courts_of: dict[tuple[str, str, str], int] = {}
    organ_names, specialty_names = dict(catalogues.ORGANS), dict(catalogues.SPECIALTIES)
    for district, district_name, _, per_kind in catalogues.DISTRICTS:
        for organ, specialty in _kinds_of_court():
            count = 1 if organ == "SP" else per_kind
            courts_of[district, organ, specialty] = count
            for number in range(1, count + 1):
                key = (district, organ, specialty, f"{number:02d}")
                name = f"{number}° {organ_names[organ]} {specialty_names[specialty]} DE {district_name}"
                position = "JUEZ SUPERIOR" if organ == "SP" else "JUEZ"
                names[key], judges[key] = name, _appoint(magistrates, "PJ", f"{position}, {name}")
    return judges, names, courts_of


def _kinds_of_court() -> list[tuple[str, str]]:
    specialised = [(organ, code) for code, _ in catalogues.SPECIALTIES for organ in ("JR", "SP")]
    return [*specialised, ("JP", "FC"), ("JP", "CI")]


def _offices(magistrates: list[Magistrate]) -> dict[tuple[str, str], Office]:
    offices: dict[tuple[str, str], Office] = {}
    for index, (district, district_name, _, _) in enumerate(catalogues.DISTRICTS, start=1):
        for tail, kind, name in catalogues.OFFICES:
            full_name = f"{name} DE {district_name}"
            prosecutors = tuple(_appoint(magistrates, "MP", f"FISCAL PROVINCIAL, {full_name}") for _ in range(3))
            offices[district, tail] = Office(f"999{index:02d}45{tail}", full_name, district, kind, prosecutors)
    return offices


def _appoint(magistrates: list[Magistrate], institution: str, position: str) -> str:
    index = len(magistrates)
    code = f"M{index + 99_001}"
    magistrates.append(Magistrate(code, people.adult(_FIRST_MAGISTRATE + index), institution, position))
    return code
