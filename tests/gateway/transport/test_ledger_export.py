"""The ledger's export: what leaves for whom, that it can be taken up again, and that a client of a page verifies it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from access_records_kit import many
from agreements_kit import PARTIES, agreement, register
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_kit import serving
from identity_kit import token, verifier_of
from starlette.applications import Starlette

from gateway.access.agreements.conditions import Condition
from gateway.access.agreements.document import Grant
from gateway.access.agreements.parties import Institution
from gateway.access.profile import Access
from gateway.docs import audit_client
from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.engine import Engine
from gateway.federation.supergraph.read import read_supergraph
from gateway.ledger.checkpoint import Head, SigningKey, sign
from gateway.ledger.errors import LedgerUnavailableError
from gateway.transport.current import Current, Served
from gateway.transport.ledger_export import LedgerExport
from gateway.transport.recording import Recording
from gateway.transport.requests import HttpError
from gateway.upstream.client import SubgraphClient
from subgraphs.common.server import INSTITUTIONS, schema_sdl

KEY = SigningKey("quipu/test", Ed25519PrivateKey.from_private_bytes(bytes(32)))
LIST = ("Query.accessRecords", "*Connection.*", "*Edge.*", "PageInfo.*")
RECORD = ("AccessRecord.*", "AccessedEntity.*", "RefusedField.*", "CitedAgreement.*")
NO_REASON = ("AccessRecord.position", "AccessRecord.at")


def hashed(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, as it stands there."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashed(tree(leaves[:split]), tree(leaves[split:]))


def path(place: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 9162, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if place < split:
        return [*path(place, leaves[:split]), tree(leaves[split:])]
    return [*path(place - split, leaves[split:]), tree(leaves[:split])]


@dataclass
class Exported:
    """A ledger of these records; `alter` may forge a line."""

    records: list[bytes]
    alter: Callable[[dict[str, Any]], dict[str, Any]] = lambda line: line
    fails: bool = False

    async def checkpoint(self) -> str:
        leaves = [hashlib.sha256(b"\x00" + record).digest() for record in self.records]
        return str(sign(Head("quipu/test", len(leaves), tree(leaves)), [KEY]))

    async def lines(self, start: int, limit: int) -> AsyncIterator[bytes]:
        if self.fails:
            raise LedgerUnavailableError("the disk is gone.")
        leaves = [hashlib.sha256(b"\x00" + record).digest() for record in self.records]
        stop = max(start, min(start + limit, len(leaves)))
        yield json.dumps({"checkpoint": await self.checkpoint(), "start": start, "stop": stop}).encode()
        for position in range(start, stop):
            proof = [base64.b64encode(sibling).decode() for sibling in path(position, leaves)]
            line = {"position": position, "record": json.loads(self.records[position]), "proof": proof}
            text = json.dumps(self.alter(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            yield text.encode()


@dataclass(eq=False)
class Recorded(Recording):
    """What would be recorded, or that nothing can be."""

    outcomes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    full: bool = False

    async def answered(self, operation: Any, prepared: Any, context: Any, answer: Any, sources: Any) -> None:
        if self.full:
            raise HttpError(503, "LEDGER_UNAVAILABLE", "The access could not be recorded.")
        self.outcomes.append((context.identity.subject, prepared.plan.given))


@pytest.fixture(scope="module")
def engine() -> Engine:
    supergraph = read_supergraph(compose(Source(name, schema_sdl(name), f"http://{name}") for name in INSTITUTIONS).sdl)
    return Engine(supergraph, SubgraphClient({}))


def application(engine: Engine, exported: Exported, *grants: Grant, recording: Recording | None = None) -> Starlette:
    """A gateway of which the Comptroller has an agreement with these grants."""
    given = agreement(
        consumer="CGR", provider="QUIPU", purposes=("audit",), grants=grants, in_force_until=date(2999, 1, 1)
    )
    parties = {**PARTIES, "QUIPU": Institution("Programa", ("unused",), ("ledger",))}
    current = Current(Served(engine, SubgraphClient({})), lambda *_: None, Access(register(given, parties=parties)))
    return Starlette(routes=LedgerExport(current, verifier_of(), recording or Recorded(), exported).routes())


def grant(*fields: str, **changes: Any) -> Grant:
    return Grant(clause="2", roles=("auditor",), fields=fields, **changes)


def headers(**changes: Any) -> dict[str, str]:
    given = {"institution": "CGR", "roles": ["auditor"], "sub": "auditora"} | changes
    return {"Authorization": f"Bearer {token(**given)}", "Quipu-Purpose": "audit"}


async def get(app: Starlette, path: str, sent: dict[str, str] | None = None) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        return await client.get(path, headers=headers() if sent is None else sent)


def lines_of(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return [json.loads(line) for line in answer.text.split("\n")[:-1]]


RECORDS = [leaf.record for leaf in many(25)]


async def test_whoever_is_given_every_field_of_a_record_gets_the_records_whole(engine: Engine) -> None:
    first, *lines = lines_of(await get(application(engine, Exported(RECORDS), grant(*LIST, *RECORD)), "/ledger/export"))
    assert (first["start"], first["stop"]) == (0, 25)
    assert [line["position"] for line in lines] == list(range(25))
    assert [line["record"] for line in lines[1:]] == [json.loads(record) for record in RECORDS[1:]]


async def test_what_is_no_access_leaves_as_the_hash_of_its_leaf(engine: Engine) -> None:
    """The list does not show it either: a gateway's start, a load of agreements."""
    _, start, *_ = lines_of(await get(application(engine, Exported(RECORDS), grant(*LIST, *RECORD)), "/ledger/export"))
    assert set(start) == {"position", "leafHash", "proof"}
    assert base64.b64decode(start["leafHash"]) == hashlib.sha256(b"\x00" + RECORDS[0]).digest()


@pytest.mark.parametrize(
    "grants",
    [
        (grant(*LIST, *NO_REASON),),
        (grant(*LIST, "AccessRecord.*"),),
        (
            grant(*LIST, *RECORD[1:]),
            grant("AccessRecord.*", conditions=(Condition(field="AccessRecord.institution", equals="CGR"),)),
        ),
    ],
    ids=["some fields", "without their parts", "under a condition"],
)
async def test_whoever_is_given_less_gets_hashes_alone(engine: Engine, grants: tuple[Grant, ...]) -> None:
    _, *lines = lines_of(await get(application(engine, Exported(RECORDS), *grants), "/ledger/export"))
    assert len(lines) == 25
    assert all(set(line) == {"position", "leafHash", "proof"} for line in lines)


@pytest.mark.parametrize("place", ["/ledger/export", "/ledger/checkpoint"])
async def test_whoever_may_not_list_accesses_gets_no_export_and_the_attempt_is_recorded(
    engine: Engine, place: str
) -> None:
    recording = Recorded()
    app = application(engine, Exported(RECORDS), grant(*LIST, *RECORD), recording=recording)
    cases = [
        (headers(institution="PJ", roles=["judge"], sub="jueza"), 403, "AGREEMENT_REQUIRED"),
        (headers(roles=["clerk"], sub="practicante"), 403, "ROLE_NOT_GRANTED"),
        ({"Authorization": headers()["Authorization"]}, 403, "PURPOSE_REQUIRED"),
        ({}, 401, "UNAUTHENTICATED"),
    ]
    for sent, status, code in cases:
        answer = await get(app, place, sent)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert [subject for subject, _ in recording.outcomes] == ["jueza", "practicante", "auditora"]


@pytest.mark.parametrize("place", ["/ledger/export", "/ledger/checkpoint"])
async def test_an_export_is_recorded_before_it_leaves_or_does_not_leave(engine: Engine, place: str) -> None:
    recording = Recorded()
    app = application(engine, Exported(RECORDS), grant(*LIST, *RECORD), recording=recording)
    assert (await get(app, place)).status_code == 200
    ((subject, given),) = recording.outcomes
    assert subject == "auditora"
    assert {"Query.accessRecords", "AccessRecord.subject", "AccessedEntity.key"} <= set(given)
    recording.full = True
    answer = await get(app, place)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "LEDGER_UNAVAILABLE")


@pytest.mark.parametrize("query", ["from=-1", "from=x", "limit=1e3", "from=9999999999999999999", "from=²"])
async def test_a_position_is_a_whole_number(engine: Engine, query: str) -> None:
    answer = await get(application(engine, Exported(RECORDS), grant(*LIST, *RECORD)), f"/ledger/export?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


async def test_a_ledger_that_cannot_be_read_is_an_error_and_tells_no_place(engine: Engine) -> None:
    answer = await get(application(engine, Exported(RECORDS, fails=True), grant(*LIST, *RECORD)), "/ledger/export")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "LEDGER_UNAVAILABLE")
    assert "disk" not in answer.text


async def test_an_export_goes_on_where_it_ended(engine: Engine) -> None:
    app = application(engine, Exported(RECORDS), grant(*LIST, *RECORD))
    found, start = [], 0
    while True:
        first, *lines = lines_of(await get(app, f"/ledger/export?from={start}&limit=7"))
        found += [line["position"] for line in lines]
        if first["stop"] == start:
            break
        start = first["stop"]
    assert found == list(range(25))


async def audit(app: Starlette, key: str = str(KEY.public)) -> tuple[int | None, str, str]:
    """What the sample client says, run as an outsider runs it."""
    environment = {"PATH": os.environ["PATH"], "QUIPU_TOKEN": headers()["Authorization"].removeprefix("Bearer ")}
    async with serving(app) as url:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(Path(audit_client.__file__)), url, key,
            env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("fields", [RECORD, NO_REASON], ids=["whole", "hashes"])
@pytest.mark.parametrize("size", [1, 2, 7, 25, 64])
async def test_the_sample_client_verifies_an_export(engine: Engine, size: int, fields: tuple[str, ...]) -> None:
    exported = Exported([leaf.record for leaf in many(size)])
    code, out, err = await audit(application(engine, exported, grant(*LIST, *fields)))
    assert (code, err) == (0, "")
    assert out.startswith(f"{size} records verified")
    assert out.endswith(await exported.checkpoint())


def renamed(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"record": line["record"] | {"subject": "nadie"}} if line["position"] == 13 else line


def moved(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"position": {3: 4, 4: 3}.get(line["position"], line["position"])}


def shortened(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"proof": line["proof"][:-1]} if line["position"] == 20 else line


@pytest.mark.parametrize(("forged", "place"), [(renamed, 13), (moved, 3), (shortened, 20)])
async def test_the_sample_client_names_the_record_that_is_not_the_ledgers(
    engine: Engine, forged: Callable[[dict[str, Any]], dict[str, Any]], place: int
) -> None:
    app = application(engine, Exported(RECORDS, alter=forged), grant(*LIST, *RECORD))
    code, _, err = await audit(app)
    assert code == 1
    assert "too short" in err or f"position {place}" in err


async def test_the_sample_client_refuses_a_head_of_another_key(engine: Engine) -> None:
    other = replace(KEY, private=Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)))
    key = str(other.public)
    app = application(engine, Exported(RECORDS), grant(*LIST, *RECORD))
    code, _, err = await audit(app, key)
    assert (code, err.strip()) == (1, "The head is not signed by that key.")
    same_id = f"{KEY.public.name}+{KEY.public.key_id.hex()}+{key.rsplit('+', 1)[1] if '+' in key else key}"
    code, _, err = await audit(app, same_id)
    assert code == 1


def test_the_sample_client_imports_nothing_of_quipu_and_fits_on_a_page_or_two() -> None:
    text = Path(audit_client.__file__).read_text()
    assert "gateway" not in text.replace("gateway's", "")
    assert len(text.splitlines()) <= 90
