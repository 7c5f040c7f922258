"""The two questions that GraphiQL's page asks the gateway to log a person in, and the address that it comes back to.

The page alone may ask them, and no other site; neither is told a secret, for there is none: the code is worth nothing
without the verifier that the browser has.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.access.fetching import ProviderError
from gateway.access.logins import Login, beginning, redeemed
from gateway.transport.bodies import BodyTooLargeError, bounded_body

log = logging.getLogger(__name__)

CALLBACK = "/graphiql/callback"
MAX_BODY = 8 * 1024


@dataclass(frozen=True, slots=True)
class Logins:
    """The logins by institution. `gateway`: its own address, to which browsers are sent back."""

    gateway: str
    known: Mapping[str, Login]

    def routes(self, page: Callable[[], Response], headers: Mapping[str, str]) -> list[Route]:
        """`page`: GraphiQL's; `headers`: those of every answer."""

        async def callback(_: Request) -> Response:
            return page()

        return [
            Route(CALLBACK, callback),
            Route("/graphiql/login", self._route(self._begin, headers), methods=["POST"]),
            Route("/graphiql/token", self._route(self._redeem, headers), methods=["POST"]),
        ]

    def _route(
        self, answer: Callable[[Login, Mapping[str, Any]], Awaitable[dict[str, Any]]], headers: Mapping[str, str]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def route(request: Request) -> Response:
            if not _from_the_page(request):
                return Response(status_code=403)
            try:
                asked = orjson.loads(await bounded_body(request, MAX_BODY))
            except BodyTooLargeError:
                return Response(status_code=413)
            except orjson.JSONDecodeError:
                return Response(status_code=400)
            login = self.known.get(str(asked.get("institution"))) if isinstance(asked, dict) else None
            if login is None:
                return Response(status_code=404)
            try:
                told = await answer(login, asked)
            except ProviderError as error:
                log.warning("nobody of %s is logged in: %s", login.institution, error)
                return Response(status_code=400 if 400 <= (error.status or 0) < 500 else 503)
            return Response(orjson.dumps(told), media_type="application/json", headers=dict(headers))

        return route

    async def _begin(self, login: Login, _: Mapping[str, Any]) -> dict[str, Any]:
        return await beginning(login, self.gateway + CALLBACK)

    async def _redeem(self, login: Login, asked: Mapping[str, Any]) -> dict[str, Any]:
        code, verifier = str(asked.get("code", "")), str(asked.get("verifier", ""))
        return {"token": await redeemed(login, self.gateway + CALLBACK, code, verifier)}


def _from_the_page(request: Request) -> bool:
    """JSON because no form can send it, and no other site may ask for it."""
    same = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    return same and request.headers.get("content-type", "") == "application/json"
