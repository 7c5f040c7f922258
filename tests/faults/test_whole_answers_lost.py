"""One subgraph's whole answer is lost, in every way and in every role: the rest of the case arrives, with an error that
names the subgraph, its code and its place."""

from __future__ import annotations

import json

import pytest
from faults_kit import (
    ROLES,
    Fault,
    Gateway,
    Role,
    codes,
    gzip_bomb,
    http,
    repeats,
    says,
    silent,
    soon,
    then_reset,
    then_silent,
    writes,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
UNBOUNDED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"


REFUSAL = {"errors": [{"message": "No.", "extensions": {"code": "UNIDENTIFIED"}}]}
REDIRECT = "Location: http://127.0.0.1:1/graphql\r\n"

WRONG: dict[str, tuple[Fault, str]] = {
    "HTML with 200": (writes(http(b"<html>Bienvenido</html>", media="text/html")), "SUBGRAPH_BAD_RESPONSE"),
    "HTML with 500": (writes(http(b"<h1>Oops</h1>", "500 Oops", "text/html")), "SUBGRAPH_BAD_RESPONSE"),
    "GraphQL with 500": (says({"errors": [{"message": "x"}]}, "500 Oops"), "SUBGRAPH_ERROR"),
    "401": (writes(http(b"who?", "401 Unauthorized", "text/plain")), "SUBGRAPH_BAD_RESPONSE"),
    "401 as GraphQL": (says(REFUSAL, "401 Unauthorized"), "UNIDENTIFIED"),
    "403": (says({"detail": "Forbidden"}, "403 Forbidden"), "SUBGRAPH_BAD_RESPONSE"),
    "a redirect": (writes(http(b"", "302 Found", extra=REDIRECT)), "SUBGRAPH_BAD_RESPONSE"),
    "a redirect with data": (
        writes(http(b'{"data": {"book": {"title": "x"}}}', "307 Temporary Redirect", extra=REDIRECT)),
        "SUBGRAPH_BAD_RESPONSE",
    ),
    "no HTTP": (writes(b"SSH-2.0-OpenSSH_9.6\r\n"), "SUBGRAPH_UNREACHABLE"),
    "nothing": (writes(b""), "SUBGRAPH_UNREACHABLE"),
    "half a head": (writes(b"HTTP/1.1 200 OK\r\nContent-Ty"), "SUBGRAPH_UNREACHABLE"),
    "an endless head": (repeats(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65536), "SUBGRAPH_UNREACHABLE"),
    "a reset before the head": (then_reset(b""), "SUBGRAPH_UNREACHABLE"),
    "a reset in the body": (then_reset(http(b'{"data": {', length=5000)), "SUBGRAPH_UNREACHABLE"),
    "less than its Content-Length": (writes(http(b'{"data": {}}', length=5000)), "SUBGRAPH_UNREACHABLE"),
    "chunks cut off": (writes(CHUNKED + b"400\r\n{"), "SUBGRAPH_UNREACHABLE"),
    "truncated JSON": (writes(http(b'{"data": {"book": {"ti')), "SUBGRAPH_BAD_RESPONSE"),
    "two JSON values": (writes(http(b'{"data": {}}{"data": {}}')), "SUBGRAPH_BAD_RESPONSE"),
    "invalid UTF-8": (writes(http(b'{"data": {"book": {"title": "\xff\xfe"}}}')), "SUBGRAPH_BAD_RESPONSE"),
    "a lone surrogate": (writes(http(b'{"data": {"book": {"title": "\\ud800"}}}')), "SUBGRAPH_BAD_RESPONSE"),
    "1e400": (writes(http(b'{"data": {"book": {"title": 1e400}}}')), "SUBGRAPH_BAD_RESPONSE"),
    "NaN": (writes(http(b'{"data": {"book": {"title": NaN}}}')), "SUBGRAPH_BAD_RESPONSE"),
    "a list": (says([{"data": {}}]), "SUBGRAPH_BAD_RESPONSE"),
    "a string": (says("data"), "SUBGRAPH_BAD_RESPONSE"),
    "an empty object": (says({}), "SUBGRAPH_BAD_RESPONSE"),
    "null data": (says({"data": None}), "SUBGRAPH_BAD_RESPONSE"),
    "null data and no errors": (says({"data": None, "errors": []}), "SUBGRAPH_BAD_RESPONSE"),
    "null data and errors": (says({"data": None, "errors": [{"message": "x"}]}), "SUBGRAPH_ERROR"),
    "null data and a word for an error": (says({"data": None, "errors": ["x"]}), "SUBGRAPH_ERROR"),
    "data that is a list": (says({"data": []}), "SUBGRAPH_BAD_RESPONSE"),
    "data that is a number": (says({"data": 3}), "SUBGRAPH_BAD_RESPONSE"),
    "errors that are no list": (says({"data": {}, "errors": {"message": "x"}}), "SUBGRAPH_BAD_RESPONSE"),
    "errors that are an empty object": (says({"data": {}, "errors": {}}), "SUBGRAPH_BAD_RESPONSE"),
    "data nested 1,000 deep": (
        writes(http(b'{"data": {"_entities": ' + b"[" * 1000 + b"]" * 1000 + b"}}")),
        "SUBGRAPH_BAD_RESPONSE",
    ),
    "objects nested 20,000 deep": (writes(http(b'{"data":' * 20_000)), "SUBGRAPH_BAD_RESPONSE"),
    "2 GB without an end": (repeats(UNBOUNDED, b" " * 65536), "SUBGRAPH_TOO_LARGE"),
    "2 GB in chunks": (repeats(CHUNKED, b"10000\r\n" + b" " * 65536 + b"\r\n"), "SUBGRAPH_TOO_LARGE"),
    "2 GB as it claims": (repeats(http(b"", length=2**31), b" " * 65536), "SUBGRAPH_TOO_LARGE"),
    "a gzip bomb": (writes(gzip_bomb(64_000_000)), "SUBGRAPH_TOO_LARGE"),
    "gzip that is none": (writes(http(b'{"data": {}}', extra="Content-Encoding: gzip\r\n")), "SUBGRAPH_UNREACHABLE"),
}

LATE: dict[str, Fault] = {
    "silence": silent,
    "half a head": then_silent(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "half a body": then_silent(http(b'{"data": {', length=5000)),
    "a Content-Length it never reaches": then_silent(http(b'{"data": {}}', length=5000)),
    "chunks without an end": then_silent(CHUNKED + b"1\r\n \r\n"),
    "a byte every 100 ms": repeats(UNBOUNDED, b" ", pause=0.1),
    "a byte of its head every 100 ms": repeats(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause=0.1),
}


async def loses_its_own_alone(serving: Gateway, role: Role, fault: Fault, code: str) -> None:
    answer = await serving.ask_while(role.subgraph, fault, role.query)
    assert answer["data"] == role.left
    assert codes(answer) == [(code, role.subgraph, role.path)]
    assert await serving.ask(role.query) == {"data": role.whole}, "nothing of it is left once the subgraph is well"


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
@pytest.mark.parametrize(("fault", "code"), WRONG.values(), ids=WRONG)
async def test_a_wrong_answer_costs_its_own_fields_alone(patient: Gateway, role: Role, fault: Fault, code: str) -> None:
    await loses_its_own_alone(patient, role, fault, code)


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
@pytest.mark.parametrize("fault", LATE.values(), ids=LATE)
async def test_an_answer_that_does_not_come_costs_its_own_fields_alone(
    impatient: Gateway, role: Role, fault: Fault
) -> None:
    await loses_its_own_alone(impatient, role, fault, "SUBGRAPH_TIMEOUT")


async def test_a_stream_without_an_end_is_cut_off_by_the_gateway(patient: Gateway) -> None:
    loans = patient.subgraphs["loans"]
    loans.left.clear()
    await patient.ask_while("loans", repeats(UNBOUNDED, b" " * 65536), ROLES["entity fetch"].query)
    await soon(loans.left)


async def test_a_redirect_is_not_followed(patient: Gateway) -> None:
    stock = patient.subgraphs["stock"]
    stock.seen.clear()
    body = json.dumps({"data": None}).encode()
    elsewhere = writes(http(body, "307 Temporary Redirect", extra=f"Location: {stock.url}\r\n"))
    await patient.ask_while("loans", elsewhere, ROLES["entity fetch"].query)
    assert stock.seen == []
