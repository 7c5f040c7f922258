"""An HTTP request -> the GraphQL request in it (GraphQL over HTTP, section 5)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from gateway.federation.errors import ClientError

PREFLIGHT_HEADERS = ("quipu-purpose", "apollo-require-preflight", "x-apollo-operation-name", "x-requested-with")
"""A page of another site cannot send any of these without asking first (CORS preflight)."""

_GZIP = 16 + zlib.MAX_WBITS


class HttpError(Exception):
    """The HTTP request holds no GraphQL request that could be run."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error = ClientError(message, code)
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """What a client asks."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)


async def read_request(request: Request, max_bytes: int) -> GraphQLRequest:
    """The GraphQL request of a GET or POST. Raises `HttpError`."""
    if request.method == "GET":
        return _from_parameters(request)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise HttpError(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json.")
    if "charset=" in (kind := request.headers["content-type"].lower()) and "charset=utf-8" not in kind.replace('"', ""):
        raise HttpError(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request in UTF-8.")
    return _from_body(await _read_body(request, max_bytes))


def _from_parameters(request: Request) -> GraphQLRequest:
    if not any(name in request.headers for name in PREFLIGHT_HEADERS):
        raise HttpError(
            403,
            "CSRF_REFUSED",
            "A GET request needs a header such as Apollo-Require-Preflight, so that no other site can send it.",
        )
    given: dict[str, Any] = {
        name: request.query_params[name] for name in ("query", "operationName") if name in request.query_params
    }
    for name in ("variables", "extensions"):
        if request.query_params.get(name):
            given[name] = _json(request.query_params[name].encode(), f"The parameter {name}")
    return _checked(given)


def _from_body(body: bytes) -> GraphQLRequest:
    given = _json(body, "The body")
    if isinstance(given, list):
        raise HttpError(400, "BATCHING_NOT_SUPPORTED", "Send one operation a request: batches are not served.")
    if not isinstance(given, dict):
        raise HttpError(400, "BAD_REQUEST", "The body must be a JSON object with a `query`.")
    return _checked(given)


def _json(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HttpError(400, "BAD_REQUEST", f"{what} is not valid JSON.") from error


def _checked(given: Mapping[str, Any]) -> GraphQLRequest:
    query, name = given.get("query"), given.get("operationName")
    if not isinstance(query, str) or not query:
        raise HttpError(400, "BAD_REQUEST", "`query` must be a string with a GraphQL document.")
    if not isinstance(name, str | None):
        raise HttpError(400, "BAD_REQUEST", "`operationName` must be a string or null.")
    maps = {}
    for key in ("variables", "extensions"):
        value = given.get(key)
        if not isinstance(value, dict | None):
            raise HttpError(400, "BAD_REQUEST", f"`{key}` must be an object or null.")
        maps[key] = value or {}
    return GraphQLRequest(query, name or None, maps["variables"], maps["extensions"])


async def _read_body(request: Request, max_bytes: int) -> bytes:
    """The body, its size counted while it is read and inflated."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise HttpError(
            415, "UNSUPPORTED_MEDIA_TYPE", "Compress with gzip, or not at all.", {"Accept-Encoding": "gzip"}
        )
    inflate = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += inflate.decompress(chunk, max_bytes + 1 - len(body)) if inflate else chunk
            if len(body) > max_bytes:
                raise HttpError(413, "BODY_TOO_LARGE", f"The body is larger than {max_bytes} bytes.")
    except zlib.error as error:
        raise HttpError(400, "BAD_REQUEST", "The body is not valid gzip.") from error
    except ClientDisconnect as error:
        raise HttpError(400, "BAD_REQUEST", "The body ended early.") from error
    if inflate is not None and not inflate.eof:
        raise HttpError(400, "BAD_REQUEST", "The gzip body ended early.")
    return bytes(body)
