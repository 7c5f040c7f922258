"""The cells of the Judiciary's rows as values: Windows-1252 bytes, blanks on the right, compact dates, flags.

A flag that says neither S nor N counts as the reserved one would: what is not known to be public is not shown.
"""

from collections.abc import Iterable
from datetime import date, datetime

from subgraphs.judiciary.tables import ABSENT_DATE, TEXT_ENCODING, UNKNOWN_DATE

_LIMA = "-0500"


def text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(TEXT_ENCODING, errors="replace").strip()


def stripped(value: str | None) -> str | None:
    return (value or "").strip() or None


def as_stored(values: Iterable[str], width: int) -> list[str]:
    """Each value with the blanks that CHAR columns come with, and bare, as some databases compare it."""
    return list(dict.fromkeys(form for value in values for form in (value.ljust(width), value)))


def full_name(father: bytes | None, mother: bytes | None, given: bytes | None) -> str | None:
    """`PEÑALUZ FICTICIO, MATEO ANDRÉS`."""
    surnames = " ".join(filter(None, (text(father), text(mother))))
    return ", ".join(filter(None, (surnames, text(given)))) or None


def day(value: str) -> date | None:
    """`20220214`; none, unknown and broken dates are no date."""
    if value in (ABSENT_DATE, UNKNOWN_DATE):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


def compact(value: date) -> str:
    """`20220214`."""
    return value.strftime("%Y%m%d")


def moment(on: str, clock: str) -> datetime | None:
    """The day and the hour `0900`, Lima time."""
    return _timestamp(f"{on}{clock}{_LIMA}", "%Y%m%d%H%M%z") if day(on) else None


def timestamp(value: str | None) -> datetime | None:
    """`2022-08-11 16:05:00`, Lima time."""
    return None if value is None else _timestamp(f"{value}{_LIMA}", "%Y-%m-%d %H:%M:%S%z")


def said(flag: str | None) -> bool:
    """Whether a flag that protects someone is set; one that cannot be read is."""
    return flag != "N"


def _timestamp(value: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(value, form)
    except ValueError:
        return None
