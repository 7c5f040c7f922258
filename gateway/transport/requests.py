"""An HTTP request -> the GraphQL request in it (GraphQL over HTTP, section 5)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import ClientDisconnect, Request

from gateway.federation.errors import ClientError
from gateway.federation.json_text import JSONTextError, read_json

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
    """What a client asks. `query` is empty where `extensions` name a document by its hash alone."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)


async def read_request(request: Request, max_bytes: int, max_depth: int) -> GraphQLRequest:
    """The GraphQL request of a GET or POST. `max_bytes`: of the body, inflated; `max_depth`: to which variables and
    extensions may nest. Raises `HttpError`."""
    if request.method == "GET":
        return _from_parameters(request, max_depth)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise HttpError(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json.")
    if "charset=" in (kind := request.headers["content-type"].lower()) and "charset=utf-8" not in kind.replace('"', ""):
        raise HttpError(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request in UTF-8.")
    return _from_body(await _read_body(request, max_bytes), max_depth)


def _from_parameters(request: Request, max_depth: int) -> GraphQLRequest:
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
    return _checked(given, max_depth)


def _from_body(body: bytes, max_depth: int) -> GraphQLRequest:
    given = _json(body, "The body")
    if isinstance(given, list):
        raise HttpError(400, "BATCHING_NOT_SUPPORTED", "Send one operation a request: batches are not served.")
    if not isinstance(given, dict):
        raise HttpError(400, "BAD_REQUEST", "The body must be a JSON object with a `query`.")
    return _checked(given, max_depth)


def _json(text: bytes, what: str) -> Any:
    try:
        return read_json(text)
    except JSONTextError as error:
        if error.too_deep:
            raise _too_deep(what) from error
        raise HttpError(400, "BAD_REQUEST", f"{what} is not valid JSON.") from error


def _checked(given: Mapping[str, Any], max_depth: int) -> GraphQLRequest:
    query, name = given.get("query"), given.get("operationName")
    if not isinstance(name, str | None):
        raise HttpError(400, "BAD_REQUEST", "`operationName` must be a string or null.")
    variables, extensions = (_object(given.get(key), f"`{key}`", max_depth) for key in ("variables", "extensions"))
    if query is None and extensions.get("persistedQuery") is not None:
        query = ""
    elif not isinstance(query, str) or not query:
        raise HttpError(400, "BAD_REQUEST", "`query` must be a string with a GraphQL document.")
    return GraphQLRequest(query, name or None, variables, extensions)


def _object(value: Any, what: str, max_depth: int) -> dict[str, Any]:
    """The JSON object, empty for null; its nesting is measured level by level, without recursion."""
    if not isinstance(value, dict | None):
        raise HttpError(400, "BAD_REQUEST", f"{what} must be an object or null.")
    level: list[Any] = [value] if value else []
    for _ in range(max_depth):
        level = [child for outer in level for child in _children(outer) if isinstance(child, dict | list)]
        if not level:
            return value or {}
    raise _too_deep(what)


def _children(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _too_deep(what: str) -> HttpError:
    return HttpError(400, "JSON_TOO_DEEP", f"{what} nests too deeply.")


async def _read_body(request: Request, max_bytes: int) -> bytes:
    """The body, its size counted while it is read and inflated."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise HttpError(
            415, "UNSUPPORTED_MEDIA_TYPE", "Compress with gzip, or not at all.", {"Accept-Encoding": "gzip"}
        )
    if int(request.headers.get("content-length", 0)) > max_bytes:
        raise _too_large(max_bytes)
    inflate = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += inflate.decompress(chunk, max_bytes + 1 - len(body)) if inflate else chunk
            if len(body) > max_bytes:
                raise _too_large(max_bytes)
    except zlib.error as error:
        raise HttpError(400, "BAD_REQUEST", "The body is not valid gzip.") from error
    except ClientDisconnect as error:
        raise HttpError(400, "BAD_REQUEST", "The body ended early.") from error
    if inflate is not None and not inflate.eof:
        raise HttpError(400, "BAD_REQUEST", "The gzip body ended early.")
    return bytes(body)


def _too_large(max_bytes: int) -> HttpError:
    """The connection is closed, so that what is left of the body is not read as the next request."""
    return HttpError(413, "BODY_TOO_LARGE", f"The body is larger than {max_bytes} bytes.", {"Connection": "close"})
