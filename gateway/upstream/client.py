"""The way to the subgraphs: the engine's `Fetcher` over HTTP.

Connections are pooled and kept alive. A fetch ends at the request's deadline or at the subgraph's own time limit,
whichever comes first; equal queries of equal identities are asked once; an answer is read up to a bound. What goes
wrong is told to the client by the subgraph's name alone: addresses and causes go to the log.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import SubgraphRequest, bad_response
from gateway.upstream.breaker import Breaker
from gateway.upstream.context import RequestContext
from gateway.upstream.inflight import InFlight
from gateway.upstream.signing import Signer

log = logging.getLogger(__name__)

_JSON_TYPES = frozenset({"application/json", "application/graphql-response+json"})
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """`timeout`: seconds for one fetch; `max_bytes`: size of one answer, inflated; `connections`: pool per subgraph.

    `idle`: seconds that an unused connection is kept, less than subgraphs keep theirs (uvicorn: 5), so that no fetch
    meets one that is just being closed. `failures` in a row leave a subgraph alone for `pause` seconds. `ca_file` is
    the authority that subgraphs' TLS certificates must come from; `certificate` and `certificate_key` are the
    gateway's own. All three are PEM files.
    """

    timeout: float = 10.0
    max_bytes: int = 32 * 1024 * 1024
    connections: int = 100
    idle: float = 4.0
    failures: int = 10
    pause: float = 5.0
    ca_file: str | None = None
    certificate: str | None = None
    certificate_key: str | None = None


@dataclass(eq=False)
class SubgraphClient:
    """Asks subgraphs over HTTP. Open it inside a running event loop; close it when done."""

    urls: Mapping[str, str]
    settings: UpstreamSettings = field(default_factory=UpstreamSettings)
    signer: Signer | None = None
    """Signs for whom a fetch is made; None for subgraphs that ask for no identity."""
    observe: Callable[[str, str, float], None] = lambda subgraph, outcome, seconds: None
    """Is told of each fetch: OK, CANCELLED or the code of its error, and the seconds that it took."""
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By subgraph, what it is sent with every fetch."""
    _addresses: dict[str, URL] = field(default_factory=dict)
    _session: aiohttp.ClientSession | None = None
    _probes: aiohttp.ClientSession | None = None
    _breakers: dict[str, Breaker] = field(default_factory=dict)
    _in_flight: InFlight[bytes] = field(default_factory=InFlight)

    async def open(self) -> None:
        """Makes the pool of connections. Raises OSError if a TLS file cannot be used."""
        settings = self.settings
        tls = _tls(settings)
        connector = aiohttp.TCPConnector(
            limit=0, limit_per_host=settings.connections, keepalive_timeout=settings.idle, ssl=tls
        )
        self._addresses = {name: URL(url) for name, url in self.urls.items()}
        self._breakers = {name: Breaker(name, settings.failures, settings.pause) for name in self.urls}
        # A fetch has its time limit from here: aiohttp need not keep one too.
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            skip_auto_headers=("User-Agent",),
        )
        # Connections of their own: a pool that is full of fetches must not look like a subgraph that is gone.
        connector = aiohttp.TCPConnector(limit=0, force_close=True, ssl=tls)
        self._probes = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Closes all connections."""
        for session in (self._session, self._probes):
            if session is not None:
                await session.close()
        self._session = self._probes = None

    @property
    def is_open(self) -> bool:
        """Between `open` and `close`."""
        return self._session is not None

    def open_breakers(self) -> dict[str, bool]:
        """Of each subgraph, whether it is left alone at the moment."""
        return {name: breaker.is_open for name, breaker in self._breakers.items()}

    async def probe(self, url: str) -> int | None:
        """The status of a GET without identity, on a connection of its own; None if nobody answers."""
        assert self._probes is not None, "open() comes first"  # noqa: S101
        try:
            async with self._probes.get(url, allow_redirects=False) as response:
                return response.status
        except (aiohttp.ClientError, OSError):
            return None

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        """The answer of one subgraph to one request. Raises `FetchError`."""
        clock = asyncio.get_running_loop().time
        started, outcome = clock(), "CANCELLED"
        try:
            response = await self._fetch(request, context)
            outcome = "OK"
            return response
        except FetchError as error:
            outcome = error.code
            raise
        finally:
            self.observe(request.subgraph, outcome, clock() - started)

    async def _fetch(self, request: SubgraphRequest, context: object) -> bytes:
        assert isinstance(context, RequestContext)  # noqa: S101 - the transport gives nothing else
        name = request.subgraph
        body = request.body
        # A mutation's key equals no other.
        key = (name, body, context.identity) if request.kind == "query" else object()
        if (begun_by := self._in_flight.name_of(key)) is not None:
            context.sources.add((name, begun_by))
        sharing = self._in_flight.share(key, lambda: self._ask(name, body, context), context.request_id)
        if context.deadline >= asyncio.get_running_loop().time() + self.settings.timeout:
            return await sharing  # which ends before
        try:
            async with asyncio.timeout_at(context.deadline):
                return await sharing
        except TimeoutError as error:
            log.warning("subgraph %s gave no answer before the request's deadline", name)
            raise _late(name) from error

    async def _ask(self, name: str, body: bytes, context: RequestContext) -> bytes:
        with self._breakers[name].attempt():
            context.sources.add((name, context.request_id))
            try:
                async with asyncio.timeout(self.settings.timeout):
                    return await self._post(name, body, context)
            except TimeoutError as error:
                log.warning("subgraph %s gave no answer in %.1f s", name, self.settings.timeout)
                raise _late(name) from error
            except (aiohttp.ClientError, OSError) as error:
                log.warning("subgraph %s: %s", name, error)
                raise FetchError(name, f"{name} cannot be reached.", "SUBGRAPH_UNREACHABLE") from error

    async def _post(self, name: str, body: bytes, context: RequestContext) -> bytes:
        assert self._session is not None, "open() comes first"  # noqa: S101
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/graphql-response+json, application/json",
            "X-Request-Id": context.request_id,
            **self.headers.get(name, {}),
        }
        if self.signer is not None and context.identity is not None:
            headers["Quipu-Identity"] = self.signer.token(name, context.identity)
        if context.traceparent is not None:
            headers["traceparent"] = context.traceparent
        async with self._session.post(
            self._addresses[name], data=body, headers=headers, allow_redirects=False
        ) as response:
            # Neither a redirect's address nor its body is what was asked for.
            if response.content_type not in _JSON_TYPES or 300 <= response.status < 400:
                log.warning("subgraph %s: status %d, %s", name, response.status, response.content_type)
                raise bad_response(name, "did not answer with JSON")
            return await self._read(name, response)

    async def _read(self, name: str, response: aiohttp.ClientResponse) -> bytes:
        chunks = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            chunks += chunk
            if len(chunks) > self.settings.max_bytes:
                raise FetchError(
                    name, f"{name} answered with more than {self.settings.max_bytes} bytes.", "SUBGRAPH_TOO_LARGE"
                )
        return bytes(chunks)


def _tls(settings: UpstreamSettings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.ca_file)
    if settings.certificate is not None:
        context.load_cert_chain(settings.certificate, settings.certificate_key)
    return context


def _late(name: str) -> FetchError:
    return FetchError(name, f"{name} did not answer in time.", "SUBGRAPH_TIMEOUT")
