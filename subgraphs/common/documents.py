"""A person's identity document, as institutions write it and as it can be a key.

DNI: eight digits, sometimes with a check character that published tables disagree on, so it is dropped unread. RUC:
eleven digits of which the last is a check digit, and one that does not fit is no document. CE: nine to twelve letters
or digits. A document that lost its zeros is given them back.
"""

import re
from typing import NewType

import strawberry
from graphql import GraphQLError

DocumentNumber = NewType("DocumentNumber", str)

_DNI = re.compile(r"(\d{8})(?:-?[0-9A-K])?", re.ASCII)
_RUC = re.compile(r"(?:10|15|16|17|20)\d{9}", re.ASCII)
_CE = re.compile(r"[A-Z0-9]{9,12}", re.ASCII)
_CHECKS = "0123456789ABCDEFGHIJK"
_RUC_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def canonical_document(type_: str | None, text: str | None) -> str | None:
    """The document in the form in which it is a key; None if it cannot be one of that type."""
    written = (text or "").strip().upper()
    if type_ == "DNI":
        match = _DNI.fullmatch(written.zfill(8) if written.isdigit() and len(written) in (6, 7) else written)
        return None if match is None else match[1]
    if type_ == "RUC":
        return written if _RUC.fullmatch(written) and _ruc_digit(written) == written[-1] else None
    return written if type_ == "CE" and _CE.fullmatch(written) else None


def _ruc_digit(ruc: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(ruc, _RUC_WEIGHTS, strict=False))
    return str((11 - total % 11) % 10)


def document_type(number: DocumentNumber) -> str:
    """DNI, RUC or CE: the type of a canonical number."""
    if len(number) == 8:
        return "DNI"
    return "RUC" if _RUC.fullmatch(number) else "CE"


def document_spellings(number: DocumentNumber) -> tuple[str, ...]:
    """How a canonical number stands in tables that keep its type beside it. At most 45."""
    if document_type(number) != "DNI":
        return (number,)
    lost_zeros = (number[zeros:] for zeros in (0, 1, 2) if not number[:zeros].strip("0"))
    checked = (f"{number}{hyphen}{check}" for check in _CHECKS for hyphen in ("", "-"))
    return (*lost_zeros, *checked)


def _parse(value: object) -> DocumentNumber:
    """Any of the three, each told by its length; a check digit of a RUC must fit."""
    text = value.strip().upper() if isinstance(value, str) else ""
    types = ("RUC",) if _RUC.fullmatch(text) else ("CE", "DNI")
    for found in (canonical_document(type_, text) for type_ in types):
        if found is not None:
            return DocumentNumber(found)
    message = "A document is a DNI of 8 digits, a RUC of 11 with its check digit, or a CE of 9 to 12 characters."
    raise GraphQLError(message, extensions={"code": "BAD_DOCUMENT_NUMBER"})


DOCUMENT_NUMBER_SCALAR = strawberry.scalar(
    name="DocumentNumber",
    description="Número de documento de identidad: DNI, RUC o carné de extranjería.",
    serialize=str,
    parse_value=_parse,
)
