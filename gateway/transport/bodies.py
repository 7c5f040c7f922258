"""Small bodies of requests that are no GraphQL."""

from __future__ import annotations

from starlette.requests import Request


class BodyTooLargeError(ValueError):
    """The body is larger than anything that could be meant."""


async def bounded_body(request: Request, most: int) -> bytes:
    """The body, of at most so many bytes. Raises `BodyTooLargeError`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BodyTooLargeError("too long")
    return bytes(body)
