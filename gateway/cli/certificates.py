"""`quipu certificates`: a private authority and a certificate for each host, for TLS between gateway and subgraphs.

Whoever has an authority of their own needs none of this: any PEM files do.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

DAYS = 365
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9])?", re.ASCII)


def certificates(
    hosts: Annotated[list[str], typer.Argument(help="The names by which the hosts reach one another.")],
    out: Annotated[Path, typer.Option(help="The folder, made if missing; it must not hold an authority yet.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long the certificates are good for.")] = DAYS,
) -> None:
    """Make ca.pem, and for each host HOST.pem and HOST-key.pem, good for a server and for a client."""
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise CommandError(f"{host} is no name of a host: letters from a to z, digits, dots and hyphens.")
    if (out / "ca.pem").exists():
        raise CommandError(f"{out} already has an authority: choose another folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        _write_all(out, hosts, days)
    except OSError as error:
        raise CommandError(f"the certificates cannot be made in {out}: {error}") from error
    typer.echo(out)


def _write_all(out: Path, hosts: list[str], days: int) -> None:
    """The authority's key is forgotten: nobody can be added, and none can be forged from what is kept here."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("Quipu private authority", authority_key, None, days)
    made = []
    for host in hosts:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(host, key, (authority, authority_key), days)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        made.append((host, certificate.public_bytes(Encoding.PEM), pem))
    for host, certificate_pem, key_pem in made:
        with os.fdopen(os.open(out / f"{host}-key.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key_pem)
        (out / f"{host}.pem").write_bytes(certificate_pem)
    (out / "ca.pem").write_bytes(authority.public_bytes(Encoding.PEM))


def _certificate(
    name: str,
    key: EllipticCurvePrivateKey,
    issuer: tuple[x509.Certificate, EllipticCurvePrivateKey] | None,
    days: int,
) -> x509.Certificate:
    """Signed by the issuer; without one, an authority's own."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer_key = key if issuer is None else issuer[1]
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer[0].subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(_usage(authority=issuer is None), critical=True)
    )
    if issuer is not None:
        both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        builder = builder.add_extension(both, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(authority: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
