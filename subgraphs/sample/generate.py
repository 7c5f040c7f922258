"""Makes the four sample databases and the truth about their links.

The same size and seed give the same data, byte for byte. Cases are invented one after the other in the order of
their filing and written at once, so memory does not grow with their number; files take their names only when
all of them are complete.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from subgraphs.academy import tables as academy_tables
from subgraphs.constitutional_court import tables as court_tables
from subgraphs.judiciary import tables as judiciary_tables
from subgraphs.prosecution import tables as prosecution_tables
from subgraphs.sample import academy_rows, court_rows, judiciary_rows, prosecution_rows
from subgraphs.sample.accreditation import write_accreditations
from subgraphs.sample.calendar import FIRST_FILING, LAST_FILING, working_day
from subgraphs.sample.court_case import invent_case
from subgraphs.sample.database import SampleDatabase
from subgraphs.sample.faults import planted_faults
from subgraphs.sample.offices import build_institutions
from subgraphs.sample.story import Story
from subgraphs.sample.truth import Truth
from subgraphs.sample.worked_stories import worked_stories
from subgraphs.sample.world import World

DEFAULT_SEED = 20240304
_REPORT_EVERY = 500

Progress = Callable[[int, int], None]


def generate(folder: Path, cases: int, seed: int = DEFAULT_SEED, progress: Progress | None = None) -> None:
    """Writes `judiciary.db`, `prosecution.db`, `constitutional_court.db`, `academy.db` and `truth.json`.

    `cases` counts the invented ones; the worked and the faulty cases come on top, in every size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    world = World(Random(seed), cases, build_institutions())  # noqa: S311 - invented data, not secrets
    with _open_sample(folder, cases, seed) as sample:
        judiciary_rows.write_catalogues(sample.judiciary, world.institutions)
        prosecution_rows.write_catalogues(sample.prosecution, world.institutions)
        court_rows.write_catalogues(sample.court)
        academy_rows.write_academy(sample.academy, world.institutions, world.random)
        faulty, faults = planted_faults(world.institutions)
        for story in (*worked_stories(world.institutions), *faulty):
            sample.write(story)
        for done, story in enumerate(_invented(world), start=1):
            sample.write(story)
            if progress is not None and (done % _REPORT_EVERY == 0 or done == cases):
                progress(done, cases)
        sample.truth.complete(faults)


@dataclass(frozen=True)
class _Sample:
    judiciary: SampleDatabase
    prosecution: SampleDatabase
    court: SampleDatabase
    academy: SampleDatabase
    truth: Truth

    def write(self, story: Story) -> None:
        for file in story.files:
            judiciary_rows.write_file(self.judiciary, file)
        for cassation in story.cassations:
            judiciary_rows.write_cassation(self.judiciary, cassation)
        for relation in story.relations:
            judiciary_rows.write_relation(self.judiciary, relation)
        for prosecution_file in story.prosecution:
            prosecution_rows.write_file(self.prosecution, prosecution_file)
        for proceeding in story.proceedings:
            court_rows.write_proceeding(self.court, proceeding)
        write_accreditations(story, self.judiciary, self.prosecution, self.court)
        for link in story.links:
            self.truth.link(link)


@contextmanager
def _open_sample(folder: Path, cases: int, seed: int) -> Iterator[_Sample]:
    """All files, published together at the end; on a failure none of them is left, half or whole."""
    sample = _Sample(
        SampleDatabase(folder / "judiciary.db", judiciary_tables.metadata),
        SampleDatabase(folder / "prosecution.db", prosecution_tables.metadata),
        SampleDatabase(folder / "constitutional_court.db", court_tables.metadata),
        SampleDatabase(folder / "academy.db", academy_tables.metadata),
        Truth(folder / "truth.json", cases, seed),
    )
    databases = (sample.judiciary, sample.prosecution, sample.court, sample.academy)
    try:
        yield sample
        for database in databases:
            database.complete()
    except BaseException:
        for database in databases:
            database.abandon()
        sample.truth.abandon()
        raise
    for database in databases:
        database.publish()
    sample.truth.publish()


def _invented(world: World) -> Iterator[Story]:
    """The invented cases, in the order of their filing, spread evenly over the years."""
    span = LAST_FILING - FIRST_FILING
    for index in range(world.cases):
        yield invent_case(world, working_day(FIRST_FILING + span * index // max(world.cases, 1)))
