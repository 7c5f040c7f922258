"""/health/live and /health/ready, for whoever runs the gateway or balances load among several."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.transport.current import Current
from gateway.upstream.readiness import State


@dataclass(frozen=True, slots=True)
class Health:
    """Live: the process answers. Ready: it could answer a query, if from some institutions alone."""

    current: Current

    def routes(self) -> list[Route]:
        """Both checks."""
        return [Route("/health/live", _live), Route("/health/ready", self._ready)]

    async def _ready(self, _: Request) -> Response:
        """200 with the state of each subgraph; 503 while starting, or when no subgraph is ready."""
        with self.current.held() as served:
            if not served.client.is_open:
                return _answer({"status": "starting"}, 503)
            states = await served.readiness.states()
        ready = not states or State.READY in states.values()
        return _answer({"status": "ok" if ready else "unavailable", "subgraphs": states}, 200 if ready else 503)


async def _live(_: Request) -> Response:
    return _answer({"status": "ok"}, 200)


def _answer(content: dict[str, object], status: int) -> Response:
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})
