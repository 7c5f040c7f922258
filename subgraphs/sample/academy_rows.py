"""The magistrates' trainings as the Academy's text cells: decimal commas, `4-mar-24`, blanks for nothing."""

from random import Random

from subgraphs.academy import tables
from subgraphs.sample import catalogues
from subgraphs.sample.calendar import HORIZON, day, short_spanish
from subgraphs.sample.database import SampleDatabase
from subgraphs.sample.offices import Institutions, Magistrate


def write_academy(database: SampleDatabase, institutions: Institutions, random: Random) -> None:
    for code, name, programme, hours, start, days in catalogues.COURSES:
        first = day(start)
        cells = (code, name, programme, _decimal(hours), short_spanish(first), short_spanish(first + days))
        database.add(tables.courses, cells)
    line = 1
    for magistrate in institutions.magistrates:
        code, person, institution, position = magistrate
        database.add(tables.magistrates, (code, person.full_name, position, institution, ""))
        line = _write_trainings(database, magistrate, random, line)


def _write_trainings(database: SampleDatabase, magistrate: Magistrate, random: Random, line: int) -> int:
    taken = sorted(random.sample(range(len(catalogues.COURSES)), random.randint(2, 6)))
    for position in sorted(taken, key=lambda index: catalogues.COURSES[index][4]):
        course, _, _, _, start, days = catalogues.COURSES[position]
        first = day(start)
        passed = random.random() < 0.85
        grade = _decimal(random.randint(26, 40) / 2 if passed else random.randint(12, 21) / 2)
        standing = "A" if passed else random.choice("DR")
        database.add(
            tables.enrolments,
            (line, magistrate.code, course, short_spanish(first - 12), standing, "" if standing == "R" else grade, ""),
        )
        if passed and first + days + 20 <= HORIZON:
            issued = short_spanish(first + days + 20)
            database.add(tables.certificates, (f"CERT-{line:06d}", magistrate.code, course, issued, ""))
        line += 1
    return line


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
