"""Other institutions' numbers as the Judiciary's clerks typed them, brought to a form in which two can be compared."""

import re

_FILE = re.compile(r"(\d{9,10})-(\d{4})-(\d{1,6})(?:-(\d{1,3}))?", re.ASCII)
_PROCEEDING = re.compile(r"(\d{1,5})-(\d{4})-([A-Z]{1,3})(?:/TC)?", re.ASCII)
_NEWER_CODES = {"HC": "PHC", "AA": "PA", "HD": "PHD", "AC": "PC", "AI": "PI", "CC": "PCC"}


def comparable_file(text: str | None) -> tuple[int, ...] | None:
    """A prosecutors' file, whatever zeros or last part were lost; None if it cannot be read."""
    match = _FILE.fullmatch((text or "").strip())
    return None if match is None else tuple(int(part or 0) for part in match.groups())


def comparable_proceeding(text: str | None) -> tuple[int, int, str] | None:
    """A proceeding of the Constitutional Court in the newer code; None if it cannot be read."""
    match = _PROCEEDING.fullmatch((text or "").strip().upper())
    if match is None:
        return None
    return int(match[1]), int(match[2]), _NEWER_CODES.get(match[3], match[3])


def is_complaint(text: str) -> bool:
    """Whether a proceeding is a *queja*, which opens the way for another and is itself cited by no case."""
    number = comparable_proceeding(text)
    return number is not None and number[2] == "Q"
