"""The gateway as `quipu serve` and `quipu demo` run it: a supergraph, and the settings of the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from gateway.access.profile import Access
    from gateway.cli.trust import Trust
    from gateway.federation.engine import Engine
    from gateway.federation.supergraph.model import Supergraph
    from gateway.settings import Settings
    from gateway.store.marks import Marks
    from gateway.store.store import Store, StoreSettings
    from gateway.transport.current import Follow
    from gateway.transport.graphiql import GraphiQLConfig
    from gateway.transport.recording import Recording
    from gateway.upstream.client import SubgraphClient
    from gateway.upstream.signing import Signer


def settings_with(**given: Any) -> Settings:
    """The settings of the environment, but for those given. Raises `CommandError`."""
    from gateway.settings import SettingError, read_settings

    try:
        return read_settings(**given)
    except SettingError as error:
        raise CommandError(str(error)) from error


def gateway_app(
    graph: Supergraph,
    urls: Mapping[str, str],
    settings: Settings,
    signer: Signer | None,
    trust: Trust,
    page: GraphiQLConfig | None,
    follow: Sequence[Follow] = (),
) -> Starlette:
    """The application over the subgraphs at these addresses. Raises `CommandError`."""
    from gateway.transport.app import create_app

    engine, client = engine_over(graph, urls, settings, signer)
    recording = _recording(settings)
    access, following = _access(graph, settings, recording, anyone=trust.verifier is None)
    if page is not None and not page.purposes and access.register is not None:
        page = replace(page, purposes=tuple(sorted(access.register.purposes)))
    return create_app(
        engine,
        client,
        settings.http,
        trust.verifier,
        page,
        store=_store(settings.store),
        access=access,
        recording=recording,
        tokens=trust.tokens,
        follow=[*follow, *following],
    )


def _recording(settings: Settings) -> Recording:
    from gateway.transport.recording import Recording

    kept = settings.ledger if settings.ledger.url is not None else None
    return Recording(kept, settings.server.name)


def _access(
    graph: Supergraph, settings: Settings, recording: Recording, *, anyone: bool
) -> tuple[Access, list[Follow]]:
    """What decides, and what brings other agreements. Raises `CommandError`."""
    from gateway.access.agreements.register import RegisterError, read_register
    from gateway.access.agreements.soundness import unsound
    from gateway.access.profile import Access
    from gateway.cli.agreements_reload import AgreementsReload

    introspection = None if anyone else frozenset(settings.identity.introspection)
    folder = settings.agreements.folder
    if folder is None:
        return Access(introspection=introspection), []
    if recording.settings is None:
        raise CommandError("agreements are enforced where every reading is recorded: pass --ledger too.")
    try:
        register = read_register(folder)
    except RegisterError as error:
        raise CommandError(str(error)) from error
    if problems := unsound(register, graph):
        raise CommandError("\n".join(problems))
    return Access(register, introspection=introspection), [
        AgreementsReload(folder, settings.agreements.interval, recording).follow
    ]


def engine_over(
    graph: Supergraph, urls: Mapping[str, str], settings: Settings, signer: Signer | None
) -> tuple[Engine, SubgraphClient]:
    """An engine, and its way to the subgraphs at these addresses."""
    from gateway.federation.engine import Engine
    from gateway.upstream.client import SubgraphClient

    client = SubgraphClient(urls, settings.upstream, signer)
    return Engine(graph, client, settings.limits, recorded=settings.ledger.url is not None), client


def _store(settings: StoreSettings) -> Store:
    from gateway.store.store import open_store

    with _redis_address():
        return open_store(settings)


def marks_of(settings: StoreSettings) -> Marks:
    """The marks of the settings. Raises `CommandError`."""
    from gateway.store.store import open_marks

    with _redis_address():
        return open_marks(settings)


@contextmanager
def _redis_address() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise CommandError("the store's address must begin with redis://, rediss:// or unix://.") from error
