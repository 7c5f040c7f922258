"""The responses of the GraphQL endpoint: one shape, the same headers on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from starlette.responses import Response

from gateway.federation.answer import Answer
from gateway.federation.errors import ClientError


@dataclass(frozen=True, slots=True)
class Outcome:
    """A response, and how it went in one word of a closed set: for logs and metrics."""

    word: str
    response: Response


def answered(answer: Answer, media: str, request_id: str) -> Outcome:
    """The outcome OK, PARTIAL (some fields have errors) or FAILED (no data at all)."""
    body = b'{"data":' + answer.encoded
    if answer.errors:
        body += b',"errors":' + orjson.dumps([error.as_json() for error in answer.errors])
    if answer.extensions:
        body += b',"extensions":' + orjson.dumps(answer.extensions)
    word = "OK" if not answer.errors else "PARTIAL" if answer.encoded != b"null" else "FAILED"
    return Outcome(word, _response(200, media, body + b"}", request_id, {}))


def refused(
    status: int, errors: Sequence[ClientError], media: str, request_id: str, headers: Mapping[str, str] | None = None
) -> Outcome:
    """The outcome is the first error's code."""
    payload = {"errors": [error.as_json() for error in errors]}
    return Outcome(errors[0].code, _response(status, media, orjson.dumps(payload), request_id, headers or {}))


def _response(status: int, media: str, body: bytes, request_id: str, headers: Mapping[str, str]) -> Response:
    return Response(
        body,
        status_code=status,
        headers={
            "Content-Type": f"{media}; charset=utf-8",
            "Cache-Control": "no-store",
            "Vary": "Accept",
            "X-Content-Type-Options": "nosniff",
            "X-Request-Id": request_id,
            **headers,
        },
    )
