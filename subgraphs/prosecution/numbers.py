"""The prosecutors' numbers, and the bounded list of ways in which each may stand in their tables.

A number is the office, the year, the sequence and the sub-sequence, `999014502-2021-99006-0`. Its canonical form is
the printed one without the zero that pads an office of nine digits to ten. A key is looked up by index, so it is
expanded to every spelling that clerks are known to use, and to no other: what is not one of those is not read either.
"""

import re

_NUMBER = re.compile(r"(\d{9,10})-(\d{4})-(\d{1,6})(?:-(\d{1,3}))?", re.ASCII)
_OFFICE = re.compile(r"\d{9,10}", re.ASCII)
_SEQUENCE_WIDTHS = (5, 6)


def canonical_number(text: str) -> str | None:
    """The number that was meant; a lost sub-sequence is the first file, 0. None if it cannot be read."""
    written = text.strip()
    match = _NUMBER.fullmatch(written)
    if match is None:
        return None
    office, year, sequence, part = match.groups()
    canonical = f"{canonical_office(office)}-{year}-{int(sequence)}-{int(part or 0)}"
    return canonical if written in number_spellings(canonical) else None


def file_key(text: str) -> str:
    """What a file goes by: its canonical number, or what stands there where that is no number."""
    return canonical_number(text) or text.strip()


def number_spellings(key: str) -> tuple[str, ...]:
    """At most twelve: the office with its zero or without, the sequence padded or not, the sub-sequence 0 or lost."""
    match = _NUMBER.fullmatch(key)
    if match is None or match[4] is None:
        return (key,)
    office, year, sequence, part = match.groups()
    sequences = dict.fromkeys((sequence, *(sequence.zfill(width) for width in _SEQUENCE_WIDTHS)))
    endings = (f"-{part}", "") if part == "0" else (f"-{part}",)
    return tuple(
        f"{digits}-{year}-{running}{ending}"
        for digits in office_spellings(office)
        for running in sequences
        for ending in endings
    )


def canonical_office(code: str) -> str:
    """An office's code without the zero that pads it to ten digits."""
    written = code.strip()
    return written[1:] if len(written) == 10 and written[0] == "0" and _OFFICE.fullmatch(written) else written


def office_spellings(code: str) -> tuple[str, ...]:
    """An office's code, with its zero too if it has nine digits."""
    canonical = canonical_office(code)
    return (canonical, f"0{canonical}") if len(canonical) == 9 and _OFFICE.fullmatch(canonical) else (canonical,)
