"""How a person's document may stand among the prosecutors' parties: a bounded list, so that an index finds it."""

_MOST_ZEROS_LOST = 2
_CHECKS = "0123456789ABCDEFGHIJK"  # published tables disagree on which, so any is taken for the document's


def document_spellings(document: str) -> tuple[str | None, tuple[str, ...]]:
    """The type that the row must have (None: any but DNI) and the spellings of a canonical document, at most 45.

    A DNI may have lost up to two zeros in front, or have kept its check character, with a hyphen or without.
    """
    if len(document) != 8:
        return None, (document,)
    short = [document[lost:] for lost in range(1, _MOST_ZEROS_LOST + 1) if document.startswith("0" * lost)]
    checked = [f"{document}{hyphen}{check}" for hyphen in ("", "-") for check in _CHECKS]
    return "DNI", (document, *short, *checked)
