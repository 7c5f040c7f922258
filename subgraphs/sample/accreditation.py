"""Who may act in what: the people of one quarrel are accredited with every institution that has a part of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from subgraphs.constitutional_court import tables as court
from subgraphs.judiciary import tables as judiciary
from subgraphs.prosecution import tables as prosecution
from subgraphs.sample.database import Row, SampleDatabase
from subgraphs.sample.story import Story


@dataclass(frozen=True, slots=True)
class People:
    """Of one story: its judges, prosecutors, and the advisers of the judges of the Constitutional Court who report."""

    judges: tuple[str, ...]
    prosecutors: tuple[str, ...]
    advisers: tuple[str, ...]


def adviser_of(reporting_judge: str) -> str:
    """The adviser who works for a judge of the Constitutional Court: `TC03` has `AS-TC03`."""
    return f"AS-{reporting_judge}"


def people_of(story: Story) -> People:
    return People(
        judges=_each(file.judge for file in story.files),
        prosecutors=_each(file.prosecutor for file in story.prosecution),
        advisers=_each(
            adviser_of(proceeding.reporting_judge) for proceeding in story.proceedings if proceeding.reporting_judge
        ),
    )


def write_accreditations(story: Story, court_cases: SampleDatabase, files: SampleDatabase, tc: SampleDatabase) -> None:
    """Writes them to the three institutions' databases. The one in charge stands with the case itself."""
    people = people_of(story)
    for unique in dict.fromkeys(file.unique for file in story.files):
        court_cases.add_all(judiciary.accredited, _court_rows(unique, people))
    for file in story.prosecution:
        files.add_all(prosecution.accredited, _file_rows(file.id, people))
    for proceeding in story.proceedings:
        tc.add_all(court.assigned, _proceeding_rows(proceeding.id, people))


def _court_rows(unique: int, people: People) -> Iterator[Row]:
    for kind, codes in (("FIS", people.prosecutors), ("ASE", people.advisers)):
        yield from ((unique, kind, code.ljust(10), "S") for code in codes)


def _file_rows(file: int, people: People) -> Iterator[Row]:
    for kind, codes in (("J", people.judges), ("T", people.advisers)):
        yield from ((file, kind, code, "1") for code in codes)


def _proceeding_rows(proceeding: int, people: People) -> Iterator[Row]:
    for kind, codes in (("A", people.advisers), ("J", people.judges), ("F", people.prosecutors)):
        yield from ((proceeding, kind, code, 0) for code in codes)


def _each(codes: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code is not None))
