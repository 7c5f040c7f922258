"""GraphiQL for browsers, with no other host involved.

GraphiQL's built files come from an installed wheel, of which only the static files are read, each checked against
the digest pinned here. The page around them is ours. Nothing of a request is written into the page.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.access.loopback import is_loopback_address
from gateway.transport.bodies import bounded_body
from gateway.transport.login import Logins

WHEEL = "graphene-django-graphiql-static"
PINNED = {
    "graphiql.min.css": "c6cd4b83f01c5e1ff4975d77bc957184dce6dec0155fbf9cc4d9190eba8a7b9d",
    "graphiql.min.js": "c564de05b95d184e2c5ba5ceaf2635821f6bf92f2d5777b74d91004ff6b591d1",
    "react-dom.production.min.js": "9db33292007ab6c38527b39d5663e976a305564e19b2a5a8713ea2b2c00f505d",
    "react.production.min.js": "229bbf4d0e7488209564152c6723497f1ac3934136ca1684233d2fa88fa4146f",
}
"""SHA-256 of each file taken from the wheel."""
_OURS = Path(__file__).with_name("graphiql_page")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self' data:; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_MAX_TOKEN_REQUEST = 1024


class GraphiQLFilesError(Exception):
    """GraphiQL's files are missing or not the ones that were reviewed."""


@dataclass(frozen=True, slots=True)
class SampleIdentity:
    """An identity of the demo, and the purpose that it usually states."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class GraphiQLConfig:
    """What the page shows. `sample_token` turns a sample's name into a token; it is given in the demo alone, and
    without it the endpoint of sample tokens does not exist. `logins`: where people log in, outside the demo."""

    query: str
    variables: str = ""
    endpoint: str = "/graphql"
    identities: tuple[SampleIdentity, ...] = ()
    purposes: tuple[str, ...] = ()
    sample_token: Callable[[str], str] | None = None
    fictitious: bool = False
    logins: Logins | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page; its address changes with its content."""

    url: str
    media_type: str
    body: bytes


def graphiql_routes(config: GraphiQLConfig, files: Mapping[str, Asset]) -> list[Route]:
    """Everything under /graphiql."""
    assets = {asset.url: asset for asset in files.values()}
    shown = orjson.dumps(
        {
            "query": config.query,
            "variables": config.variables,
            "endpoint": config.endpoint,
            "identities": [{"name": sample.name, "purpose": sample.purpose} for sample in _samples(config)],
            "purposes": config.purposes,
            "fictitious": config.fictitious,
            "logins": sorted(config.logins.known) if config.logins else [],
        }
    )

    async def asset(request: Request) -> Response:
        found = assets.get(request.url.path)
        if found is None:
            return Response(status_code=404)
        immutable = {**_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(found.body, media_type=found.media_type, headers=immutable)

    async def page_settings(_: Request) -> Response:
        return Response(shown, media_type="application/json", headers=_HEADERS)

    routes = [Route("/graphiql/page.json", page_settings), Route("/graphiql/{digest}/{name}", asset)]
    if config.sample_token is not None:
        routes.insert(0, Route("/graphiql/sample-token", _token_endpoint(config), methods=["POST"]))
    if config.logins is not None:
        routes = [*config.logins.routes(graphiql_page(files), _HEADERS), *routes]
    return routes


def graphiql_page(files: Mapping[str, Asset]) -> Callable[[], Response]:
    """The page, the same for every request; each gets a response of its own, whose headers compression changes."""
    html = (_OURS / "page.html").read_text(encoding="utf-8")
    for name, asset in files.items():
        html = html.replace("{{" + name + "}}", asset.url)
    return lambda: Response(html, media_type="text/html", headers={**_HEADERS, "Vary": "Accept"})


def _samples(config: GraphiQLConfig) -> tuple[SampleIdentity, ...]:
    return config.identities if config.sample_token is not None else ()


def graphiql_files() -> dict[str, Asset]:
    """The page's files by their name, read and checked. Raises `GraphiQLFilesError`."""
    ours = {name: (_OURS / name).read_bytes() for name in ("login.js", "page.js", "page.css")}
    return {name: _asset(name, body) for name, body in {**_reviewed_files(), **ours}.items()}


def _asset(name: str, body: bytes) -> Asset:
    digest = hashlib.sha256(body).hexdigest()[:16]
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(f"/graphiql/{digest}/{name}", media_type, body)


def _reviewed_files() -> dict[str, bytes]:
    try:
        listed = metadata.distribution(WHEEL).files or []
    except metadata.PackageNotFoundError as error:
        raise GraphiQLFilesError(f"GraphiQL's files are missing: pip install {WHEEL}==0.8") from error
    found = {file.name: Path(str(file.locate())) for file in listed if "static" in file.parts}
    bodies = {}
    for name, digest in PINNED.items():
        if name not in found or not found[name].is_file():
            raise GraphiQLFilesError(f"{WHEEL} has no {name}: install version 0.8 again.")
        bodies[name] = found[name].read_bytes()
        if hashlib.sha256(bodies[name]).hexdigest() != digest:
            raise GraphiQLFilesError(f"{name} of {WHEEL} is not the file that was reviewed: install version 0.8 again.")
    return bodies


def _token_endpoint(config: GraphiQLConfig) -> Callable[[Request], Awaitable[Response]]:
    known = {sample.name for sample in config.identities}

    async def sample_token(request: Request) -> Response:
        if not _from_this_page(request):
            return Response(status_code=403)
        try:
            asked = orjson.loads(await bounded_body(request, _MAX_TOKEN_REQUEST))
        except ValueError:
            return Response(status_code=400)
        name = asked.get("as") if isinstance(asked, dict) else None
        if not isinstance(name, str) or name not in known or config.sample_token is None:
            return Response(status_code=404)
        body = orjson.dumps({"token": config.sample_token(name)})
        return Response(body, media_type="application/json", headers=_HEADERS)

    return sample_token


def _from_this_page(request: Request) -> bool:
    """A request from this machine, to a name of this machine, by this very page: `Host` is looked at because another
    site's name can be made to lead to loopback, JSON because no form can send it."""
    host = request.url.hostname or ""
    return (
        is_loopback_address(request.client.host if request.client else "")
        and (host == "localhost" or is_loopback_address(host))
        and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        and request.headers.get("content-type", "") == "application/json"
    )
