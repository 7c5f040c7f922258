"""The worked cases by heart: numbers and people that tests, the demo and the README may quote.

`G` is the one of the README. They are the same in every sample, whatever its size and seed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkedCase:
    """Numbers in their printed form; the first case is the one to ask for."""

    letter: str
    title: str
    cases: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    prosecution_files: tuple[str, ...] = ()
    proceedings: tuple[str, ...] = ()


G = WorkedCase(
    "G",
    "A father's amparo against a family prosecutor's disposition on visits",
    cases=("99006-2022-0-1801-JR-DC-04",),
    incidents=("99006-2022-1-1801-JR-DC-04",),
    prosecution_files=("999014502-2021-99006-0",),
    proceedings=("99005-2023-PA/TC",),
)
A = WorkedCase(
    "A",
    "Peculado; the detention is challenged",
    cases=("99001-2022-0-1801-JR-PE-01", "99011-2023-0-1801-JR-DC-02"),
    incidents=("99001-2022-3-1801-JR-PE-01",),
    prosecution_files=("999014501-2022-99001-0",),
    proceedings=("99001-2023-PHC/TC",),
)
B = WorkedCase(
    "B",
    "Family violence, with a child as witness",
    cases=("99002-2023-0-1801-JR-FT-05", "99003-2023-0-1801-JR-PE-07"),
    prosecution_files=("999014502-2023-99002-0",),
)
C = WorkedCase(
    "C",
    "A company's amparo, without prosecutors",
    cases=("99004-2022-0-1801-JR-DC-03",),
    proceedings=("99002-2023-PA/TC",),
)
D = WorkedCase(
    "D",
    "Organised crime: a protected witness, and secrecy in May 2024",
    prosecution_files=("999014503-2024-99004-0",),
)
E = WorkedCase(
    "E",
    "Hábeas data: the appeal to the Court is refused, the complaint upheld",
    cases=("99005-2023-0-0401-JR-CI-02",),
    proceedings=("99004-2024-PHD/TC", "99003-2024-Q/TC"),
)
WORKED_CASES = (G, A, B, C, D, E)

# The people of case G, and the magistrates who handled it.
G_FATHER_DOCUMENT = "99990001"
G_FATHER_NAME = ("PEÑALUZ", "FICTICIO", "MATEO ANDRÉS")
G_MOTHER_DOCUMENT = "99990002"
G_MOTHER_NAME = ("WAYRAPOMA", "INVENTADA", "LUCÍA INÉS")
G_CHILD_DOCUMENT = "99990003"
G_CHILD_NAME = ("PEÑALUZ", "WAYRAPOMA", "NICOLÁS")
G_CHILD_BORN = "2014-09-12"
C_COMPANY_RUC = "20999990011"
D_PROTECTED_KEY = "TP-01"
D_SECRET_FROM, D_SECRET_TO = "2024-05-06", "2024-05-25"
