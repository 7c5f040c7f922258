"""Every setting of the gateway, once.

Each group is the very value that its module takes, with the defaults and units that are said there; this module alone
reads the environment. A variable is QUIPU_, the group, two underscores and the field: `QUIPU_HTTP__DEADLINE=10`,
`QUIPU_STORE__URL=redis://…`, `QUIPU_LIMITS__DOCUMENT__DEPTH=50`. Lists are separated by commas, and addresses of
subgraphs are named one by one (`QUIPU_SUBGRAPHS__ACADEMY=https://…`) or as one JSON object.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from gateway.federation.engine import Limits
from gateway.ledger.settings import LedgerSettings
from gateway.store.store import StoreSettings
from gateway.transport.settings import HttpSettings
from gateway.upstream.client import UpstreamSettings

PREFIX = "QUIPU_"
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


class SettingError(Exception):
    """A setting has a value that it cannot have. The message names the setting, and never quotes the value."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`host` and `port`: what the gateway listens on; port 0 takes a free one. `watch`: whether it looks at the
    supergraph's file every `interval` seconds, and serves what it then holds. `name`: the gateway's in the ledger."""

    name: str = "gateway"
    host: str = "127.0.0.1"
    port: int = 4000
    watch: bool = False
    interval: float = 1.0


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """`issuers`: the file that says whose tokens are believed, and for which institution. Or else one issuer that all
    trust, which says of each subject its institution: `jwks`, its public keys, a file or URL; `issuer` and `audience`,
    what its tokens must name. `keys`: the folder of the gateway's own signing keys, made if missing. `introspection`:
    the roles that may read the schema, `*` for all."""

    issuers: Path | None = None
    jwks: str | None = None
    issuer: str | None = None
    audience: str = "quipu"
    keys: Path | None = None
    introspection: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementSettings:
    """`folder`: the agreements that are enforced, with `parties.toml` and their signatures; without one the
    supergraph's own rules decide alone. It is looked at every `interval` seconds."""

    folder: Path | None = None
    interval: float = 2.0


class Settings(BaseSettings):
    """All of them. What is passed wins over the environment. Make it with `read_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, hide_input_in_errors=True, extra="forbid"
    )

    server: ServerSettings = ServerSettings()
    http: HttpSettings = HttpSettings()
    identity: IdentitySettings = IdentitySettings()
    upstream: UpstreamSettings = UpstreamSettings()
    store: StoreSettings = StoreSettings()
    agreements: AgreementSettings = AgreementSettings()
    ledger: LedgerSettings = LedgerSettings()
    limits: Limits = Limits()
    subgraphs: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, given: dict[str, Any]) -> dict[str, Any]:
        for group, name in (("http", "origins"), ("ledger", "digested"), ("identity", "introspection")):
            known = given.get(group)
            if isinstance(known, Mapping) and isinstance(known.get(name), str):
                parts = tuple(part for written in known[name].split(",") if (part := written.strip()))
                given = {**given, group: {**known, name: parts}}
        return given

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _positive(self.http, "http")
        _positive(self.upstream, "upstream")
        _positive(self.store, "store")
        _positive(self.agreements, "agreements")
        _positive(self.ledger, "ledger")
        _positive(self.limits, "limits")
        if not 0 <= self.server.port <= 65_535:
            raise ValueError("server.port: it must lie from 0 to 65535")
        if not (self.server.interval > 0 and math.isfinite(self.server.interval)):
            raise ValueError("server.interval: it must be above zero")
        if self.ledger.url is not None and self.ledger.keys is None:
            raise ValueError("ledger.keys: a ledger needs a folder of keys")
        if not all(_ORIGIN.fullmatch(origin) for origin in self.http.origins):
            raise ValueError("http.origins: write scheme://host or scheme://host:port, each by its name")
        return self


def read_settings(**given: Any) -> Settings:
    """The settings of the environment, but for those given: `read_settings(http={"deadline": 5})`. Raises
    `SettingError`."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingError("; ".join(_line(found["loc"], found["msg"]) for found in error.errors())) from None
    except SettingsError as error:
        raise SettingError(f"{error}.") from None


def _line(location: tuple[int | str, ...], message: str) -> str:
    if not location:
        name, _, message = message.removeprefix("Value error, ").partition(": ")
        location = tuple(name.split("."))
    return f"{PREFIX}{'__'.join(map(str, location)).upper()}: {message}"


def _positive(group: Any, name: str) -> None:
    """Every number bounds something: it is above zero, and an end."""
    for known in fields(group):
        value = getattr(group, known.name)
        if is_dataclass(value):
            _positive(value, f"{name}.{known.name}")
        elif type(value) in (int, float) and not (value > 0 and math.isfinite(value)):
            raise ValueError(f"{name}.{known.name}: it must be above zero")
