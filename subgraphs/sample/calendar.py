"""Days as numbers, and the four ways in which the institutions write them."""

from datetime import date
from functools import cache

HORIZON = date(2024, 6, 28).toordinal()
FIRST_FILING = date(2018, 1, 3).toordinal()
LAST_FILING = date(2024, 5, 31).toordinal()

_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic")


@cache
def working_day(day: int) -> int:
    """The day itself, or the Monday after a weekend."""
    weekday = date.fromordinal(day).weekday()
    return day if weekday < 5 else day + 7 - weekday


@cache
def year_of(day: int) -> int:
    return date.fromordinal(day).year


@cache
def compact(day: int | None) -> str:
    """`20240304`, the Judiciary's; none is eight zeros."""
    return "00000000" if day is None else date.fromordinal(day).strftime("%Y%m%d")


@cache
def slashed(day: int | None) -> str:
    """`04/03/2024`, the prosecutors'; none is empty."""
    return "" if day is None else date.fromordinal(day).strftime("%d/%m/%Y")


@cache
def iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def iso_lima(day: int, clock: str) -> str:
    """`2024-03-04T09:30:00-05:00`, the Constitutional Court's."""
    return f"{iso(day)}T{clock}:00-05:00"


@cache
def short_spanish(day: int) -> str:
    """`4-mar-24`, the Academy's spreadsheets'."""
    value = date.fromordinal(day)
    return f"{value.day}-{_MONTHS[value.month - 1]}-{value.year % 100:02d}"


def day(text: str) -> int:
    """The number of an ISO date, so that stories can be written with dates."""
    return date.fromisoformat(text).toordinal()
