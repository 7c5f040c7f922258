"""`issuers.toml`: whose tokens are believed here, and for whose people.

One `[[issuer]]` an institution: its OpenID provider, whose keys are found by discovery unless `jwks` says where they
are. An issuer speaks for its institution alone. The file is read strictly: a key that is not known is an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from gateway.access.agreements.document import Name, Party
from gateway.access.claims import ClaimNames
from gateway.access.discovery import Provider
from gateway.access.fetching import ProviderError, checked_address
from gateway.access.keys import ALGORITHMS, Algorithm, KeySource
from gateway.access.tokens import Issuer, TokenRules

Word = Annotated[str, Meta(min_length=1, max_length=256)]


class IssuersError(Exception):
    """The file cannot be taken. The message says where and why, for whoever wrote it."""


class _Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the issuer's tokens say what: the name of a claim, or a path with dots."""

    subject: Word = "sub"
    roles: Word = "roles"
    client: Word = "client_id"
    scopes: Word = "scope"
    purpose: Word = "purpose"
    reference: Word = "purpose_reference"
    attributes: dict[Name, Word] | None = None
    role_names: dict[Word, Name] | None = None


class _Issuer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    issuer: Word
    institution: Party
    audience: Word = "quipu"
    jwks: Word | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Meta(min_length=1)] = ALGORITHMS
    leeway: Annotated[float, Meta(ge=0, le=60)] = 5.0
    claims: _Claims = _Claims()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    issuer: Annotated[tuple[_Issuer, ...], Meta(min_length=1, max_length=100)]


def read_issuers(path: Path) -> tuple[Issuer, ...]:
    """The issuers of the file; a `jwks` that is no address is a file beside it. Raises `IssuersError`."""
    try:
        told = msgspec.toml.decode(path.read_bytes(), type=_File)
        return tuple(_issuer(path.parent, each) for each in _distinct(told.issuer))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, ProviderError, IssuersError) as error:
        raise IssuersError(f"{path}: {error}") from error


def _distinct(issuers: tuple[_Issuer, ...]) -> tuple[_Issuer, ...]:
    for what in ("issuer", "institution"):
        values = [getattr(each, what) for each in issuers]
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise IssuersError(f"two issuers have the {what} {', '.join(twice)}; one institution has one")
    return issuers


def _issuer(folder: Path, told: _Issuer) -> Issuer:
    names = ClaimNames(**msgspec.structs.asdict(told.claims))
    rules = TokenRules(told.issuer, told.audience, told.algorithms, told.leeway)
    return Issuer(_keys(folder, told), rules, names, told.institution)


def _keys(folder: Path, told: _Issuer) -> KeySource:
    if told.jwks is None:
        return KeySource(Provider(checked_address(told.issuer)))
    if "://" in told.jwks:
        return KeySource(checked_address(told.jwks))
    if not (folder / told.jwks).is_file():
        raise IssuersError(f"{told.jwks} is no file beside it")
    return KeySource(str(folder / told.jwks))
