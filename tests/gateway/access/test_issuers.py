"""Several institutions' issuers, each by its own OpenID provider: discovery, rotation, outages, and impostors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from http_kit import serving
from identity_kit import token
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.access.discovery import Provider
from gateway.access.errors import AuthenticationError
from gateway.access.fetching import MAX_BYTES, ProviderError
from gateway.access.identity import Identity
from gateway.access.issuers import IssuersError, read_issuers
from gateway.access.keys import KeySource, KeysUnavailableError
from gateway.access.tokens import TokenVerifier
from gateway.upstream.signing import Signer, new_signer


@dataclass
class OpenIDProvider:
    """A provider on a socket. `told` changes what its configuration says; `jwks` is what its keys' address answers."""

    signer: Signer = field(default_factory=new_signer)
    url: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    jwks: Response | None = None
    asked: list[str] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.answers.set()

    def app(self) -> Starlette:
        async def configuration(request: Request) -> Response:
            self.asked.append(request.url.path)
            return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.told})

        async def keys(request: Request) -> Response:
            self.asked.append(request.url.path)
            await self.answers.wait()
            return self.jwks or JSONResponse(self.signer.jwks())

        return Starlette(routes=[Route("/.well-known/openid-configuration", configuration), Route("/keys", keys)])

    def token(self, **changes: Any) -> str:
        key = self.signer.current
        return token(key.private, "EdDSA", key.key_id, **{"iss": self.url, "institution": None, **changes})


@pytest.fixture
async def providers() -> AsyncIterator[tuple[OpenIDProvider, OpenIDProvider]]:
    """The Judiciary's, and the Public Prosecutor's."""
    pair = OpenIDProvider(), OpenIDProvider()
    async with AsyncExitStack() as stack:
        for provider in pair:
            provider.url = await stack.enter_async_context(serving(provider.app()))
        yield pair


@pytest.fixture
def verifier(providers: tuple[OpenIDProvider, OpenIDProvider], tmp_path: Path) -> TokenVerifier:
    judiciary, prosecution = providers
    file = tmp_path / "issuers.toml"
    file.write_text(
        f"""
        [[issuer]]
        issuer = "{judiciary.url}"
        institution = "PJ"

        [[issuer]]
        issuer = "{prosecution.url}"
        institution = "MP"
        audience = "quipu-mp"

        [issuer.claims]
        subject = "preferred_username"
        roles = "realm_access.roles"
        role_names = {{ FISCAL = "prosecutor" }}
        """
    )
    return TokenVerifier(*read_issuers(file).issuers)


async def identify(verifier: TokenVerifier, token: str) -> Identity:
    return await verifier.identify(Headers({"Authorization": f"Bearer {token}"}))


async def refusal(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(AuthenticationError) as refused:
        await identify(verifier, token)
    return refused.value.code


PROSECUTOR = {"aud": "quipu-mp", "preferred_username": "fiscal", "realm_access": {"roles": ["FISCAL"]}}


async def test_each_issuer_speaks_for_its_own_institution_whatever_its_tokens_say(
    providers: tuple[OpenIDProvider, OpenIDProvider], verifier: TokenVerifier
) -> None:
    judiciary, prosecution = providers
    judge = await identify(verifier, judiciary.token(institution="MP", roles=["judge"]))
    assert (judge.subject, judge.institution, judge.roles) == ("jueza.uno", "PJ", ("judge",))
    prosecutor = await identify(verifier, prosecution.token(institution="PJ", **PROSECUTOR))
    assert (prosecutor.subject, prosecutor.institution, prosecutor.roles) == ("fiscal", "MP", ("prosecutor",))


async def test_no_issuer_signs_for_another_nor_for_anothers_audience(
    providers: tuple[OpenIDProvider, OpenIDProvider], verifier: TokenVerifier
) -> None:
    judiciary, prosecution = providers
    assert await refusal(verifier, prosecution.token(iss=judiciary.url)) == "TOKEN_INVALID"
    assert await refusal(verifier, prosecution.token(**{**PROSECUTOR, "aud": "quipu"})) == "TOKEN_INVALID"
    assert await refusal(verifier, judiciary.token(iss="https://stranger.example")) == "TOKEN_INVALID"
    assert await refusal(verifier, judiciary.token(iss=judiciary.url + "/")) == "TOKEN_INVALID"


async def test_a_stranger_makes_no_provider_be_asked(
    providers: tuple[OpenIDProvider, OpenIDProvider], verifier: TokenVerifier
) -> None:
    judiciary, prosecution = providers
    assert await refusal(verifier, judiciary.token(iss="https://stranger.example")) == "TOKEN_INVALID"
    assert judiciary.asked == prosecution.asked == []


async def test_made_up_key_ids_cost_the_provider_one_question(
    providers: tuple[OpenIDProvider, OpenIDProvider], verifier: TokenVerifier
) -> None:
    judiciary, _ = providers
    for number in range(20):
        made_up = token(judiciary.signer.current.private, "EdDSA", f"made-up-{number}", iss=judiciary.url)
        assert await refusal(verifier, made_up) == "TOKEN_INVALID"
    assert judiciary.asked == ["/.well-known/openid-configuration", "/keys"]


async def test_a_provider_that_is_away_is_an_outage_of_its_own_people_alone(
    providers: tuple[OpenIDProvider, OpenIDProvider], verifier: TokenVerifier
) -> None:
    judiciary, prosecution = providers
    prosecution.jwks = Response(status_code=503)
    assert await refusal(verifier, prosecution.token(**PROSECUTOR)) == "IDENTITY_UNAVAILABLE"
    assert (await identify(verifier, judiciary.token())).institution == "PJ"


async def test_a_new_key_is_good_at_once_and_a_withdrawn_one_ends(
    providers: tuple[OpenIDProvider, OpenIDProvider],
) -> None:
    provider, _ = providers
    source = KeySource(Provider(provider.url), fresh_for=0, refetch_after=0)
    old = provider.signer.current.key_id
    assert await source.key(old) is not None
    provider.signer = new_signer()
    assert await source.key(provider.signer.current.key_id) is not None
    assert await source.key(old) is None


async def test_who_has_a_known_key_waits_for_no_provider(providers: tuple[OpenIDProvider, OpenIDProvider]) -> None:
    provider, _ = providers
    source = KeySource(Provider(provider.url), fresh_for=0, refetch_after=0)
    known = provider.signer.current.key_id
    assert await source.key(known) is not None
    provider.answers.clear()
    before = len(provider.asked)
    for _ in range(20):
        with pytest.raises(StopIteration) as ended:  # at once, without waiting for anything
            source.key(known).send(None)
        assert ended.value.value is not None
        await asyncio.sleep(0.01)
    provider.signer = new_signer()
    provider.answers.set()
    async with asyncio.timeout(60):
        while (found := await source.key(known)) is not None:  # until the provider's answer is there
            assert "EdDSA" in found
            await asyncio.sleep(0.01)
    assert len(provider.asked) > before


async def test_keys_that_were_not_read_for_too_long_are_trusted_no_more(
    providers: tuple[OpenIDProvider, OpenIDProvider],
) -> None:
    provider, _ = providers
    source = KeySource(Provider(provider.url), fresh_for=0, refetch_after=0, trusted_for=0)
    provider.jwks = Response(status_code=500)
    with pytest.raises(KeysUnavailableError):
        await source.key(provider.signer.current.key_id)


WRONG = {
    "another issuer": ({"issuer": "https://stranger.example"}, None),
    "no keys": ({"jwks_uri": None}, None),
    "keys in the clear elsewhere": ({"jwks_uri": "http://192.0.2.1/keys"}, None),
    "a script to log in at": ({"authorization_endpoint": "javascript:alert(1)//https://a.example"}, None),
    "data to log in at": ({"authorization_endpoint": "data:text/html,<script>alert(1)</script>"}, None),
    "codes in the clear elsewhere": ({"token_endpoint": "http://192.0.2.1/token"}, None),
    "keys in a file": ({"jwks_uri": "file:///etc/passwd"}, None),
    "a redirect": ({}, RedirectResponse("https://stranger.example/keys")),
    "too much": ({}, Response(b'{"keys": []' + b" " * MAX_BYTES + b"}")),
    "no JSON": ({}, Response("<html>")),
    "no JWKS": ({}, JSONResponse([])),
    "deep JSON": ({}, Response(b'{"keys": ' + b"[" * 5_000 + b"]" * 5_000 + b"}")),
}


@pytest.mark.parametrize("case", WRONG)
async def test_what_a_provider_may_not_say_is_no_key(
    providers: tuple[OpenIDProvider, OpenIDProvider], case: str
) -> None:
    provider, _ = providers
    provider.told, provider.jwks = WRONG[case]
    with pytest.raises(KeysUnavailableError):
        await KeySource(Provider(provider.url)).key(provider.signer.current.key_id)


async def test_a_key_that_is_of_no_use_here_does_not_spoil_the_others(
    providers: tuple[OpenIDProvider, OpenIDProvider],
) -> None:
    provider, _ = providers
    good = provider.signer.current.as_jwk()
    useless: list[Any] = [
        "text",
        {},
        {**good, "kid": 7},
        {**good, "kid": "enc", "use": "enc"},
        {**good, "kid": "alg", "alg": "RS256"},
        {"kty": "oct", "kid": "oct", "k": "c2VjcmV0"},
        {"kty": "EC", "kid": "curve", "crv": "P-521", "x": "AA", "y": "AA"},
        {"kty": "RSA", "kid": "weak", "n": "w" * 171, "e": "AQAB"},
    ]
    provider.jwks = JSONResponse({"keys": [*useless, good]})
    source = KeySource(Provider(provider.url), refetch_after=1e6)
    assert await source.key(good["kid"]) is not None
    for name in ("enc", "alg", "oct", "curve", "weak", "7"):
        assert await source.key(name) is None


async def test_a_configuration_is_kept_while_the_provider_is_away(
    providers: tuple[OpenIDProvider, OpenIDProvider],
) -> None:
    provider, _ = providers
    provider.told = {"token_endpoint": f"{provider.url}/token", "authorization_response_iss_parameter_supported": True}
    known = Provider(provider.url, fresh_for=0)
    first = await known.metadata()
    assert (first.token_endpoint, first.authorization_endpoint, first.states_issuer) == (
        f"{provider.url}/token",
        None,
        True,
    )
    provider.told = {"issuer": "https://stranger.example"}
    assert await known.metadata() == first
    with pytest.raises(ProviderError, match="another issuer"):
        await Provider(provider.url).metadata()


ISSUER = '[[issuer]]\nissuer = "https://a.example"\ninstitution = "PJ"\n'
UNSOUND = {
    "nothing": ("", "neither an issuer nor a client"),
    "no TOML": ("[[issuer", "issuers.toml"),
    "an unknown key": (ISSUER + 'instituton = "MP"', "instituton"),
    "an institution in lower case": (ISSUER.replace("PJ", "pj"), "institution"),
    "a symmetric algorithm": (ISSUER + 'algorithms = ["HS256"]', "HS256"),
    "no algorithm": (ISSUER + "algorithms = []", "algorithms"),
    "a leeway of an hour": (ISSUER + "leeway = 3600", "leeway"),
    "an issuer in the clear": (ISSUER.replace("https", "http"), "use https"),
    "keys in the clear": (ISSUER + 'jwks = "http://a.example/keys"', "use https"),
    "a file that is not there": (ISSUER + 'jwks = "none.json"', "none.json is no file beside it"),
    "one issuer twice": (ISSUER + ISSUER.replace("PJ", "MP"), "the issuer https://a.example"),
    "one institution twice": (ISSUER + ISSUER.replace("a.example", "b.example"), "the institution PJ"),
}


@pytest.mark.parametrize("case", UNSOUND)
def test_a_file_that_cannot_be_taken_says_why(tmp_path: Path, case: str) -> None:
    text, said = UNSOUND[case]
    file = tmp_path / "issuers.toml"
    file.write_text(text)
    with pytest.raises(IssuersError, match=said):
        read_issuers(file)


def test_keys_may_lie_in_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "pj.json").write_text('{"keys": []}')
    file = tmp_path / "issuers.toml"
    file.write_text(ISSUER + 'jwks = "pj.json"\nalgorithms = ["RS256"]\nleeway = 30')
    (issuer,) = read_issuers(file).issuers
    assert isinstance(issuer.keys, KeySource)
    assert issuer.keys.location == str(tmp_path / "pj.json")
    assert (issuer.rules.algorithms, issuer.rules.leeway) == (("RS256",), 30)
