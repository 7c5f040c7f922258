"""What the law keeps from being told, whatever the institution: children by initials, the reserved by pseudonyms.

A pseudonym is keyed by a secret of the installation, or whoever guesses a name could confirm the guess by working it
out. The secret is `QUIPU_PSEUDONYM_KEY`. Without it each process draws its own: pseudonyms then change with a restart
and differ between replicas, which is good enough for a demo and for nothing else.
"""

import os
import re
import secrets
import unicodedata
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b

WITHHELD = "[RESERVADO]"
ADULT_AT = 18
PSEUDONYM_KEY = "QUIPU_PSEUDONYM_KEY"
SHORTEST_KEY = 32

# Words of names that are words of every text.
_PARTICLES = frozenset(("da", "das", "de", "del", "do", "dos", "du", "el", "la", "las", "los", "van", "von", "y"))
# UTF-8 read as Windows-1252, `Ã‘` for `Ñ`: two signs that are one letter.
_TWICE_DECODED = "[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MARKS_AND_NOTHING = "[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]"
_WORD = re.compile(rf"(?:{_TWICE_DECODED}|[^\W_]|{_MARKS_AND_NOTHING})+")
_STRUCK = "…"
_STRUCK_RUN = re.compile(rf"{_STRUCK}(?:[\s,]+(?:(?:{'|'.join(sorted(_PARTICLES))})\s+)*{_STRUCK})+", re.IGNORECASE)


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
    """The same for a name however it is written, within the case of that number; meaningless outside it."""
    told = f"{number}\0{' '.join(sorted(_words(name)))}".encode()
    return f"PARTE RESERVADA {blake2b(told, key=pseudonym_key(), digest_size=4).hexdigest().upper()}"


@cache
def pseudonym_key() -> bytes:
    """The secret of this installation, or of this process. Raises `ValueError` if the one given is too short."""
    given = os.environ.get(PSEUDONYM_KEY)
    if given is None:
        return secrets.token_bytes(64)
    if len(given) < SHORTEST_KEY:
        raise ValueError(f"{PSEUDONYM_KEY} is a secret of at least {SHORTEST_KEY} characters.")
    return blake2b(given.encode()).digest()


def without_name(text: str | None, name: str) -> str | None:
    """The text with every word of the name struck out, in any order, case or accents; other words are left whole."""
    if text is None:
        return None
    secret = _telling_words(name)
    struck = _WORD.sub(lambda word: _STRUCK if _folded(word[0]) in secret else word[0], text)
    return _STRUCK_RUN.sub(_STRUCK, struck) if struck != text else text


@lru_cache(maxsize=1024)
def _telling_words(name: str) -> frozenset[str]:
    return frozenset(word for word in _words(name) if len(word) > 1 and word not in _PARTICLES)


def _words(name: str) -> list[str]:
    return [_folded(word) for word in _WORD.findall(name)]


def _folded(word: str) -> str:
    """`Peñaluz`, `PEÑALUZ`, `PENALUZ` and `PEÃ‘ALUZ` alike give `penaluz`."""
    with suppress(UnicodeError):  # Most words were decoded once, as they should be.
        word = word.encode("cp1252").decode("utf-8")
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if letter.isalnum()).casefold()
