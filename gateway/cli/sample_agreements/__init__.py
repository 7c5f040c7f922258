"""The demo's agreements, invented and signed by keys that the demo makes: DATOS FICTICIOS."""

from __future__ import annotations

import base64
from importlib import resources
from pathlib import Path

FOLDER = "agreements"
"""Under the demo's folder."""

_PARTIES = {
    "PJ": ("Poder Judicial", "judiciary"),
    "MP": ("Ministerio Público", "prosecution"),
    "TC": ("Tribunal Constitucional", "constitutional_court"),
    "AMAG": ("Academia de la Magistratura", "academy"),
    "QUIPU": ("Programa de interoperabilidad (registro de consultas)", "ledger"),
    "CGR": ("Contraloría General de la República", None),
}
"""Name and subgraph of each."""


def make_agreements(data: Path) -> Path:
    """The demo's folder of agreements, made if missing: the texts, `parties.toml`, and every party's signature. The
    keys that sign lie in a folder of their own beside it. Raises OSError or ValueError."""
    from gateway.access.agreements.document import read_agreement
    from gateway.access.agreements.signatures import signature, signature_file
    from gateway.upstream.signing import kept_key

    folder, keys = data / FOLDER, data / "agreement-keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = {sign: kept_key(keys / f"{sign}.pem").private for sign in _PARTIES}
    lines = ["# DATOS FICTICIOS\n"]
    for sign, (name, subgraph) in _PARTIES.items():
        public = base64.b64encode(private[sign].public_key().public_bytes_raw()).decode()
        subgraphs = f'["{subgraph}"]' if subgraph else "[]"
        lines.append(f'[{sign}]\nname = "{name}"\nsubgraphs = {subgraphs}\nkeys = ["{public}"]\n')
    (folder / "parties.toml").write_text("\n".join(lines), encoding="utf-8")
    for text in resources.files(__package__).iterdir():
        if text.name.endswith(".toml"):
            raw, file = text.read_bytes(), folder / text.name
            file.write_bytes(raw)
            for party in read_agreement(raw).parties:
                signature_file(file, party).write_text(signature(raw, private[party]), encoding="ascii")
    return folder
