"""The Court's numbers, and the bounded list of ways in which each may stand in its tables.

A key is looked up by index, so it is expanded to every spelling that the clerks are known to use, and to no
other: the type in the newer or the older code, the sequence with or without its zeros, the suffix or none.
"""

import re

# newer code -> the older one still found in rows and web addresses
OLD_CODES = {"PHC": "HC", "PA": "AA", "PHD": "HD", "PC": "AC", "PI": "AI", "PCC": "CC"}
_NEW_CODES = {old: new for new, old in OLD_CODES.items()}
_NUMBER = re.compile(r"(\d{1,5})-(\d{4})-([A-Z]{1,3})(?:/TC)?")
_TYPES = frozenset((*OLD_CODES, "Q"))


def canonical_number(text: str) -> str | None:
    """`01234-2023-PA/TC` for any spelling of it; None if it is not a number of the Court."""
    match = _NUMBER.fullmatch(text.strip().upper())
    if match is None:
        return None
    sequence, year, code = match.groups()
    type_ = _NEW_CODES.get(code, code)
    return f"{int(sequence):05d}-{year}-{type_}/TC" if type_ in _TYPES else None


def number_spellings(canonical: str) -> tuple[str, ...]:
    """At most twelve."""
    sequence, year, type_ = canonical.removesuffix("/TC").split("-")
    sequences = dict.fromkeys((sequence, f"{int(sequence):04d}", str(int(sequence))))
    codes = [type_, OLD_CODES[type_]] if type_ in OLD_CODES else [type_]
    return tuple(f"{digits}-{year}-{code}{suffix}" for digits in sequences for code in codes for suffix in ("/TC", ""))
