"""Reads a case, pages the ledger's export, and verifies its proofs and its head with the log's public key alone.

QUIPU_TOKEN=… python audit_client.py http://127.0.0.1:4000 LOG_PUBLIC_KEY [CASE_NUMBER]
"""

import base64
import hashlib
import json
import os
import sys
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def root_of(leaf: bytes, position: int, size: int, proof: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2)."""
    node, last = leaf, size - 1
    for sibling in proof:
        if position & 1 or position == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        position, last = position >> 1, last >> 1
    if last:
        raise SystemExit("A proof is too short.")
    return node


def verified_head(note: str, key: str) -> tuple[int, bytes]:
    """Size and root of a C2SP checkpoint that this key (NAME+ID+BASE64) signed."""
    name, key_id, encoded = key.split("+", 2)
    text, _, signatures = note.partition("\n\n")
    for line in signatures.splitlines():
        _, signer, signature = line.split(" ")
        raw = base64.b64decode(signature)
        if signer == name and raw[:4].hex() == key_id:
            public = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])
            public.verify(raw[4:], f"{text}\n".encode())  # raises InvalidSignature
            _, size, root = text.split("\n")
            return int(size), base64.b64decode(root)
    raise SystemExit("The head is not signed by that key.")


def leaf_of(line: dict[str, Any]) -> bytes:
    """The hash of a leaf, out of its record in canonical JSON (RFC 8785), or as given where the record is not."""
    if "leafHash" in line:
        return base64.b64decode(line["leafHash"])
    canonical = json.dumps(line["record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + canonical.encode()).digest()


def main(url: str, key: str, case: str | None = None) -> None:
    headers = {"Authorization": f"Bearer {os.environ['QUIPU_TOKEN']}", "Quipu-Purpose": "audit"}
    with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
        if case:
            query = "query ($number: CaseNumber!) { case(number: $number) { number status } }"
            asked = client.post("/graphql", json={"query": query, "variables": {"number": case}})
            print(json.dumps(asked.json(), ensure_ascii=False))
        position, size, note = 0, 1, ""
        while position < size:
            answer = client.get("/ledger/export", params={"from": position, "limit": 500}).raise_for_status()
            first, *lines = [json.loads(line) for line in answer.text.split("\n") if line]
            note = first["checkpoint"]
            size, root = verified_head(note, key)
            if first["start"] != position or len(lines) != first["stop"] - position or (position < size and not lines):
                raise SystemExit(f"Records are missing after position {position}.")
            for line in lines:
                proof = [base64.b64decode(sibling) for sibling in line["proof"]]
                if line["position"] != position or root_of(leaf_of(line), position, size, proof) != root:
                    raise SystemExit(f"The record of position {position} is not the ledger's.")
                position += 1
    print(f"{position} records verified under this head; keep it:\n{note}", end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
