"""JSON from an identity provider: bounded, without redirects, over TLS or from this machine alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from gateway.access.loopback import is_loopback

MAX_BYTES = 256 * 1024
TIMEOUT = 5.0
"""Seconds for a whole answer."""


class ProviderError(Exception):
    """The provider cannot be used; the message is for the log, not for clients. `status`: what it answered, if it
    did."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def checked_address(url: str) -> str:
    """The address, if keys and codes may travel there: https, or http on loopback. Raises `ProviderError`."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return url
    raise ProviderError(f"{url}: use https; http is for this machine alone")


async def get_json(url: str) -> dict[str, Any]:
    """The object there. Raises `ProviderError`."""
    return json_object(await _ask("GET", url, None), url)


async def post_form(url: str, form: Mapping[str, str]) -> dict[str, Any]:
    """What is answered to the form. Raises `ProviderError`."""
    return json_object(await _ask("POST", url, dict(form)), url)


async def _ask(method: str, url: str, form: dict[str, str] | None) -> bytes:
    checked_address(url)
    limit = aiohttp.ClientTimeout(total=TIMEOUT)
    headers = {"Accept": "application/json"}
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, headers=headers) as session,
            session.request(method, url, data=form, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise ProviderError(f"{url} answers {response.status}", response.status)
            return await _body(response, url)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise ProviderError(f"{url}: {type(error).__name__}") from error


async def _body(response: aiohttp.ClientResponse, url: str) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_BYTES:
            raise ProviderError(f"{url} answers more than {MAX_BYTES} bytes")
    return bytes(body)


def json_object(raw: bytes, place: str) -> dict[str, Any]:
    """The object that the text is. Raises `ProviderError`."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ProviderError(f"{place} is no JSON") from error
    if not isinstance(found, dict):
        raise ProviderError(f"{place} is no JSON object")
    return found
