"""`issuers.toml`: whose tokens are believed here, and for whose people.

One `[[issuer]]` an institution: its OpenID provider, whose keys are found by discovery unless `jwks` says where they
are. An issuer speaks for its institution alone. And one `[[client]]` a program that asks without a person, with its
public keys, to which the gateway itself gives tokens. The file is read strictly: a key that is not known is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from gateway.access.agreements.document import Name, Party
from gateway.access.claims import ClaimNames, Word
from gateway.access.clients import Client
from gateway.access.discovery import Provider
from gateway.access.fetching import ProviderError, checked_address
from gateway.access.files import read_bounded
from gateway.access.jws import TokenRules
from gateway.access.keys import ALGORITHMS, Algorithm, KeySource
from gateway.access.logins import Login
from gateway.access.tokens import Issuer

MAX_BYTES = 1_000_000
_ADDRESS = re.compile(r"https?://[^/?#]+")


class IssuersError(Exception):
    """The file cannot be taken. The message says where and why, for whoever wrote it."""


class _Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How its people log in to GraphiQL: the id of a public client, to which browsers come back at
    `/graphiql/callback`."""

    client_id: Word
    scope: Word = "openid"
    resource: Word | None = None


class _Issuer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    issuer: Word
    institution: Party
    audience: Word = "quipu"
    jwks: Word | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Meta(min_length=1)] = ALGORITHMS
    leeway: Annotated[float, Meta(ge=0, le=60)] = 5.0
    claims: ClaimNames = ClaimNames()
    login: _Login | None = None


class _Client(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    institution: Party
    roles: Annotated[tuple[Name, ...], Meta(min_length=1)]
    jwks: Word
    scopes: tuple[Word, ...] = ()
    attributes: dict[Name, Word] = {}
    purposes: tuple[Name, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    issuer: Annotated[tuple[_Issuer, ...], Meta(max_length=100)] = ()
    client: Annotated[tuple[_Client, ...], Meta(max_length=1_000)] = ()
    gateway: Word | None = None


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whose tokens are believed. `gateway`: its own address, where it needs one: for the machine clients that it gives
    tokens to itself, and for the logins of people, by institution."""

    issuers: tuple[Issuer, ...]
    gateway: str = ""
    clients: Mapping[str, Client] = field(default_factory=dict)
    logins: Mapping[str, Login] = field(default_factory=dict)


def read_issuers(path: Path) -> Trusted:
    """What the file says; a `jwks` that is no address is a file beside it. Raises `IssuersError`."""
    try:
        told = msgspec.toml.decode(read_bounded(path, MAX_BYTES), type=_File)
        if not (told.issuer or told.client):
            raise IssuersError("it names neither an issuer nor a client")
        providers = {each.issuer: _provider(each) for each in _distinct(told.issuer)}
        issuers = tuple(_issuer(path.parent, each, providers[each.issuer]) for each in told.issuer)
        clients = {each.name: _client(path.parent, each) for each in _apart(told.client)}
        found = (_login(each, providers[each.issuer]) for each in told.issuer)
        logins = {login.institution: login for login in found if login is not None}
        return Trusted(issuers, _gateway(told, needed=bool(clients or logins)), clients, logins)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, ProviderError, IssuersError) as error:
        raise IssuersError(f"{path}: {error}") from error


def _distinct(issuers: tuple[_Issuer, ...]) -> tuple[_Issuer, ...]:
    for what in ("issuer", "institution"):
        values = [getattr(each, what) for each in issuers]
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise IssuersError(f"two issuers have the {what} {', '.join(twice)}; one institution has one")
    return issuers


def _provider(told: _Issuer) -> Provider:
    """What is asked for its keys and for logins, once for both; where neither is, its name need be no address."""
    if told.jwks is None or told.login is not None:
        checked_address(told.issuer)
    return Provider(told.issuer)


def _issuer(folder: Path, told: _Issuer, provider: Provider) -> Issuer:
    rules = TokenRules(told.issuer, told.audience, told.algorithms, told.leeway)
    keys = KeySource(provider) if told.jwks is None else _source(folder, told.jwks)
    return Issuer(keys, rules, told.claims, told.institution)


def _gateway(told: _File, *, needed: bool) -> str:
    """The gateway's own address, empty where nobody needs it."""
    if not needed:
        return ""
    if told.gateway is None or not _ADDRESS.fullmatch(told.gateway):
        raise IssuersError('clients and logins need the gateway\'s address: gateway = "https://…", without a path')
    if told.gateway in {each.issuer for each in told.issuer}:
        raise IssuersError("an issuer has the gateway's own address")
    return checked_address(told.gateway)


def _apart(clients: tuple[_Client, ...]) -> tuple[_Client, ...]:
    names = [each.name for each in clients]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise IssuersError(f"two clients have the name {', '.join(twice)}")
    return clients


def _login(told: _Issuer, provider: Provider) -> Login | None:
    if told.login is None:
        return None
    return Login(told.institution, provider, told.login.client_id, told.login.scope, told.login.resource)


def _client(folder: Path, told: _Client) -> Client:
    attributes = tuple(sorted(told.attributes.items()))
    keys = _source(folder, told.jwks)
    return Client(told.name, told.institution, told.roles, keys, told.scopes, attributes, told.purposes)


def _source(folder: Path, jwks: str) -> KeySource:
    if "://" in jwks:
        return KeySource(checked_address(jwks))
    if not (folder / jwks).is_file():
        raise IssuersError(f"{jwks} is no file beside it")
    return KeySource(str(folder / jwks))
