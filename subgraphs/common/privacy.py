"""What the law keeps from being told, whatever the institution: children by initials, the reserved by pseudonyms."""

from datetime import date
from hashlib import blake2b

WITHHELD = "[RESERVADO]"
ADULT_AT = 18


def is_minor(born: date | None, today: date) -> bool:
    """Under eighteen on that day; an unknown birth is no child's."""
    if born is None:
        return False
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < ADULT_AT


def initials(name: str) -> str:
    """`PEÑALUZ WAYRAPOMA, NICOLÁS` gives `N. P. W.`"""
    surnames, _, given = name.partition(",")
    return " ".join(f"{word[0]}." for word in f"{given} {surnames}".split())


def pseudonym(number: str, name: str) -> str:
    """Stable within its case, meaningless outside it."""
    digest = blake2b(name.encode(), key=number.encode(), digest_size=3).hexdigest().upper()
    return f"PARTE RESERVADA {digest}"


def without_name(text: str | None, name: str) -> str | None:
    """The text with every part of the name struck out."""
    if text is None:
        return None
    for part in (name, *name.replace(",", "").split()):
        if len(part) > 2:
            text = text.replace(part, "…")
    return text
