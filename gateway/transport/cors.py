"""Which pages of other sites may ask: those of the configured origins, and no others (the Fetch standard's CORS).

Credentials that a browser adds by itself are never allowed: a page says who asks with its token, in a header.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from gateway.transport.plans import PLAN_HEADERS
from gateway.transport.requests import PREFLIGHT_HEADERS

_READ = (
    "Authorization",
    "Quipu-Purpose-Reference",
    "X-Request-Id",
    "traceparent",
    *PREFLIGHT_HEADERS,
    *PLAN_HEADERS,
)
_SHOWN = ("X-Request-Id", "WWW-Authenticate")


def cors(origins: Sequence[str]) -> list[Middleware]:
    """The middleware of the endpoint; none if no other site may ask."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=tuple(origins),
            allow_methods=("GET", "POST"),
            allow_headers=_READ,
            expose_headers=_SHOWN,
            allow_credentials=False,
        )
    ]
