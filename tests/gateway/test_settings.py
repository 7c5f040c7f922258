"""Settings: read from the environment, said once, wrong ones named and secrets never shown."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest

from gateway import settings as module
from gateway.settings import SettingError, Settings, read_settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in os.environ:
        if name.startswith("QUIPU_"):
            monkeypatch.delenv(name)


def test_without_an_environment_every_group_has_its_own_defaults() -> None:
    read = read_settings()
    for name, known in Settings.model_fields.items():
        assert getattr(read, name) == known.default
    assert (read.server.host, read.http.origins, read.store.url) == ("127.0.0.1", (), None)


def test_the_environment_is_read_and_what_is_given_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "QUIPU_SERVER__PORT": "5000",
        "QUIPU_HTTP__DEADLINE": "3.5",
        "QUIPU_HTTP__MAX_BODY": "2000",
        "QUIPU_HTTP__ORIGINS": "https://a.example, https://b.example:8443",
        "QUIPU_LIMITS__DOCUMENT__DEPTH": "20",
        "QUIPU_IDENTITY__KEYS": "keys",
        "QUIPU_SUBGRAPHS": '{"court": "http://one", "academy": "http://two"}',
        "QUIPU_STORE__URL": "redis://one",
    }.items():
        monkeypatch.setenv(name, value)
    read = read_settings(http={"max_body": 10}, subgraphs={"court": "http://three"}, store={})
    assert (read.server.port, read.http.deadline, read.http.max_body) == (5000, 3.5, 10)
    assert read.http.origins == ("https://a.example", "https://b.example:8443")
    assert (read.limits.document.depth, read.limits.document.tokens) == (20, 20_000)
    assert read.subgraphs == {"court": "http://three", "academy": "http://two"}
    assert (str(read.identity.keys), read.store.url) == ("keys", "redis://one")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("QUIPU_HTTP__DEADLINE", "soon-s3cret", "QUIPU_HTTP__DEADLINE: Input should be a valid number"),
        ("QUIPU_HTTP__DEADLINE", "-1", "QUIPU_HTTP__DEADLINE: it must be above zero"),
        ("QUIPU_HTTP__DEADLINE", "nan", "QUIPU_HTTP__DEADLINE: it must be above zero"),
        ("QUIPU_LIMITS__DOCUMENT__DEPTH", "0", "QUIPU_LIMITS__DOCUMENT__DEPTH: it must be above zero"),
        ("QUIPU_HTTP__DEADLIN", "3", "QUIPU_HTTP__DEADLIN: Unexpected keyword argument"),
        ("QUIPU_SERVER__PORT", "70000", "QUIPU_SERVER__PORT: it must lie from 0 to 65535"),
        ("QUIPU_HTTP__ORIGINS", "*", "QUIPU_HTTP__ORIGINS: write scheme://host"),
        ("QUIPU_HTTP__ORIGINS", "https://a.example/", "QUIPU_HTTP__ORIGINS: write scheme://host"),
        ("QUIPU_HTTP__ORIGINS", "https://*.example", "QUIPU_HTTP__ORIGINS: write scheme://host"),
        ("QUIPU_SUBGRAPHS", "court=s3cret", "subgraphs"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_setting_alone(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as refused:
        read_settings()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIPU_STORE__URL", "redis://:s3cret@redis.example")
    read = read_settings()
    assert read.store.url == "redis://:s3cret@redis.example"
    assert "s3cret" not in repr(read) + str(read)


def test_every_field_is_explained_with_its_group() -> None:
    groups = [known.default for known in Settings.model_fields.values() if is_dataclass(known.default)]
    groups += [value for group in groups for f in fields(group) if is_dataclass(value := getattr(group, f.name))]
    unexplained = [
        f"{type(group).__name__}.{f.name}"
        for group in groups
        for f in fields(group)
        if not is_dataclass(getattr(group, f.name)) and f"`{f.name}`" not in (type(group).__doc__ or "")
    ]
    assert unexplained == []
    assert module.__doc__
