"""The demo's own token issuer and the people who may be played there. It is for invented data alone.

The issuer's key lies in the demo's folder; the demo's gateway trusts it, and no other gateway does.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from gateway.upstream.signing import SigningKey

ISSUER = "quipu-demo"
AUDIENCE = "quipu"
LIFE = 8 * 3600
"""Seconds that a sample token is good for."""
DEFAULT_DATA = Path("quipu-data")


@dataclass(frozen=True, slots=True)
class Sample:
    """Someone who may be played in the demo, and the purpose that such a person usually states. `claims` are what the
    issuer says of them beside."""

    subject: str
    institution: str
    purpose: str
    claims: Mapping[str, str] = field(default_factory=dict)


# The judge, the prosecutor and the adviser are those of the worked case: elsewhere they are assigned to nothing.
SAMPLES = {
    "judge": Sample("jueza.ficticia", "PJ", "case_review", {"magistrate": "M99058", "court": "1801-JR-DC-04"}),
    "prosecutor": Sample("fiscal.ficticio", "MP", "prosecution", {"magistrate": "M99356"}),
    "court_adviser": Sample("asesora.ficticia", "TC", "constitutional_review", {"adviser": "AS-TC03"}),
    "auditor": Sample("auditor.ficticio", "CGR", "audit"),
    "citizen_desk": Sample("ventanilla.ficticia", "PJ", "public_information"),
}
"""By role."""


def known_sample(role: str) -> Sample:
    """The sample of that role. Raises `CommandError`."""
    if role not in SAMPLES:
        raise CommandError(f"nobody is called {role} in the demo: there are {', '.join(SAMPLES)}.")
    return SAMPLES[role]


def make_issuer(data: Path) -> SigningKey:
    """The demo's issuer, made with its public keys beside it if the folder has none. Raises OSError."""
    import orjson

    from gateway.upstream.signing import kept_key

    folder = data / "identity"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    issuer = kept_key(folder / "issuer.pem")
    jwks_file(data).write_bytes(orjson.dumps({"keys": [issuer.as_jwk()]}))
    return issuer


def jwks_file(data: Path) -> Path:
    """Where the issuer's public keys lie."""
    return data / "identity" / "jwks.json"


def sample_token(data: Path, role: str) -> str:
    """A token for that role. Raises `CommandError`."""
    import jwt

    from gateway.upstream.signing import kept_key

    sample = known_sample(role)
    if not jwks_file(data).is_file():
        raise CommandError(f"{data} is not a demo's folder: run `quipu demo --data {data}` first.")
    try:
        issuer = kept_key(data / "identity" / "issuer.pem")
    except (OSError, ValueError) as error:
        raise CommandError(f"the demo's identities in {data} cannot be used: {error}") from error
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": sample.subject,
        "institution": sample.institution,
        "roles": [role],
        "claims": dict(sample.claims),
        "iat": now,
        "exp": now + LIFE,
    }
    return jwt.encode(claims, issuer.private, algorithm="EdDSA", headers={"kid": issuer.key_id})
