"""People and companies who do not exist: plausible names, documents out of the ranges in use.

A person is worked out from an index, never stored, so that the same index gives the same person in every
institution and memory does not grow with the size of the sample.
"""

from dataclasses import dataclass

from subgraphs.sample.calendar import day

ADULTS = 590_000
CHILDREN = 390_000
COMPANIES = 9_000
_FIRST_ADULT, _FIRST_CHILD = 99_000_000, 99_600_000  # 9999xxxx is left to the worked cases
_ADULT_BORN, _CHILD_BORN = day("1950-01-01"), day("2012-01-01")

# Coined surnames: they sound of the country and belong to nobody known.
_SURNAMES = (
    "ARDILEÑO", "VILCARUMI", "PEÑALUZ", "QUILLAMOZO", "TARWISUYO", "ÑAUPAKILLA", "SOTOMANSO", "MURILLAMA",
    "CHOQUELUNA", "BARRIOFINO", "YUPANTILLA", "CASTRILLEJO", "LLACTAHUARA", "MONTEQUIÑO", "RUMISONQO", "ORTEGÓN",
    "WAYRAPOMA", "ZEVALLINO", "HUAMANTIKA", "GÜEMESANO", "PAUCARLINDO", "CÓNDORPUMA", "ALBARRACEÑO", "TITUSUYO",
    "INKAMAYU", "FARFANELLO", "SULLCAÑAN", "MENDIVALLE", "QORICHASKA", "REÁTEGUINO", "URPIWASI", "VALVERDEÑO",
    "ATAUSONCCO", "BUSTAMONTE", "CARHUASOL", "DÁVALESINO", "ECHENIQUEÑO", "FLORILUNA", "GALLARDEÑO", "HUIRAQAY",
)  # fmt: skip
_GIVEN = (
    "ROSA", "JULIO", "MARÍA", "JOSÉ", "CARMEN", "ANDRÉS", "LUCÍA", "MARTÍN", "ELENA", "RAÚL", "INÉS", "TOMÁS",
    "NOEMÍ", "ÓSCAR", "BEATRIZ", "HÉCTOR", "YOLANDA", "FÉLIX", "MILAGROS", "IVÁN", "SOFÍA", "RUBÉN", "FLOR",
    "SAÚL", "NIEVES", "WILMER", "ZOILA", "EFRAÍN", "DELIA", "ABEL", "TERESA",
)  # fmt: skip
_TRADES = (
    "COMERCIAL", "TEXTILES", "TRANSPORTES", "CONSTRUCTORA", "AGROINDUSTRIAS", "SERVICIOS", "MINERA", "INVERSIONES",
)  # fmt: skip
_RUC_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_DNI_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person, or a company when `company` is set. `document_type`: DNI, RUC, CE or empty."""

    document_type: str
    document: str
    father_name: str = ""
    mother_name: str = ""
    given_names: str = ""
    company: str = ""
    born: int | None = None

    @property
    def full_name(self) -> str:
        return self.company or f"{self.father_name} {self.mother_name}, {self.given_names}"


def adult(index: int) -> Person:
    """The adult of that index; every fiftieth is a foreigner with a *carné de extranjería*."""
    index %= ADULTS
    foreign = index % 50 == 17
    document = f"999{index:06d}" if foreign else str(_FIRST_ADULT + index)
    mixed = _mix(index)
    return _named("CE" if foreign else "DNI", document, mixed, _ADULT_BORN + mixed % 17_500)


def child(index: int) -> Person:
    """The child of that index, born from 2012 to 2016."""
    index %= CHILDREN
    mixed = _mix(index + 7_000_003)
    return _named("DNI", str(_FIRST_CHILD + index), mixed, _CHILD_BORN + mixed % 1_800)


def company(index: int) -> Person:
    index %= COMPANIES
    mixed = _mix(index + 3_000_017)
    trade, surname = _TRADES[mixed % len(_TRADES)], _SURNAMES[(mixed >> 5) % len(_SURNAMES)]
    return Person("RUC", with_ruc_digit(f"209999{index:04d}"), company=f"{trade} {surname} {index} S.A.C.")


def with_ruc_digit(ten_digits: str) -> str:
    """The ten digits and their check digit."""
    total = sum(int(digit) * weight for digit, weight in zip(ten_digits, _RUC_WEIGHTS, strict=True))
    return ten_digits + str((11 - total % 11) % 10)


def dni_digit(eight_digits: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(eight_digits, _DNI_WEIGHTS, strict=True))
    return "65432110987"[total % 11]


def _named(document_type: str, document: str, mixed: int, born: int) -> Person:
    return Person(
        document_type,
        document,
        _SURNAMES[mixed % len(_SURNAMES)],
        _SURNAMES[(mixed >> 8) % len(_SURNAMES)],
        f"{_GIVEN[(mixed >> 14) % len(_GIVEN)]} {_GIVEN[(mixed >> 20) % len(_GIVEN)]}",
        born=born,
    )


def _mix(index: int) -> int:
    """Scatters neighbouring indexes, so that neighbours share no name."""
    mixed = (index * 0x9E3779B97F4A7C15 + 0x7F4A7C15) & 0xFFFFFFFFFFFFFFFF
    return (mixed ^ (mixed >> 29)) >> 8
