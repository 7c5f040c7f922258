"""The file of `quipu compose --config`: a recipe in TOML, with the subgraphs by name.

out = "supergraph.graphql"
fail_on = "warning"

[subgraphs.academy]
schema = "http://127.0.0.1:4004/graphql"
headers = { Authorization = "Bearer ${ACADEMY_TOKEN}" }
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from gateway.cli.composing.recipe import Recipe, Wanted, least_grave, schema_of
from gateway.cli.errors import CommandError, read_text

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_OURS = frozenset(
    {"accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "host"}
    | {"quipu-identity", "transfer-encoding", "x-request-id"}
)
"""Headers that the client sets, in small letters."""
_STRICT = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class _Subgraph(BaseModel):
    model_config = _STRICT

    schema_: str = Field(alias="schema", min_length=1)
    url: str = ""
    headers: dict[str, str] = {}


class _File(BaseModel):
    model_config = _STRICT

    subgraphs: dict[str, _Subgraph] = Field(min_length=1)
    out: str | None = None
    fail_on: Literal["hints", "warning", "info", "debug"] | None = None
    deadline: float = Field(default=Recipe(()).deadline, gt=0, allow_inf_nan=False)
    keys: str | None = None


def read_recipe(path: Path) -> Recipe:
    """The file's recipe; its paths are relative to its folder. Raises `CommandError` that names every wrong key, and
    quotes no value."""
    try:
        file = _File.model_validate(tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise CommandError(f"{path} is not TOML: {error}.") from error
    except ValidationError as error:
        raise CommandError("\n".join(f"{path}: {_line(found)}" for found in error.errors())) from None
    wrong = [f"{path}: {line}" for name, found in file.subgraphs.items() for line in _wrong_headers(name, found)]
    if wrong:
        raise CommandError("\n".join(wrong))
    folder = path.parent
    return Recipe(
        tuple(_wanted(name, found, path) for name, found in file.subgraphs.items()),
        folder / file.out if file.out else None,
        least_grave(file.fail_on),
        file.deadline,
        folder / file.keys if file.keys else None,
    )


def _wanted(name: str, found: _Subgraph, path: Path) -> Wanted:
    key = f"subgraphs.{name}.schema"
    try:
        schema = schema_of(found.schema_, path.parent)
    except CommandError as error:
        raise CommandError(f"{path}: {key}: {error}") from error
    headers = {header: _VARIABLE.sub(_variable, value) for header, value in found.headers.items()}
    return Wanted(name, schema, found.url, headers, f"{key} of {path}")


def _variable(found: re.Match[str]) -> str:
    return os.environ[found[1]]


def _wrong_headers(name: str, found: _Subgraph) -> Iterator[str]:
    key = f"subgraphs.{name}.headers"
    if found.headers and not found.schema_.startswith(("http://", "https://")):
        yield f"{key}: the schema is a file, which is asked with no headers."
    for header, value in found.headers.items():
        where = f"{key}.{header}"
        if not _HEADER_NAME.fullmatch(header):
            yield f"{where}: this is no name of a header."
        elif header.lower() in _OURS:
            yield f"{where}: Quipu sets this header itself."
        if missing := [variable for variable in _VARIABLE.findall(value) if variable not in os.environ]:
            yield f"{where}: the environment has no {', '.join(missing)}."
        elif not _HEADER_VALUE.fullmatch(_VARIABLE.sub(_variable, value)):
            yield f"{where}: the value has characters that no header may have."


def _line(found: ErrorDetails) -> str:
    """One of pydantic's findings in our words, after the key."""
    *above, last = found["loc"]
    key = ".".join(map(str, found["loc"]))
    known = _keys(_Subgraph if above else _File)
    if found["type"] == "extra_forbidden":
        alike = get_close_matches(str(last), known, 1)
        meant = f"did you mean {alike[0]}?" if alike else f"known here: {', '.join(known)}."
        return f"{key}: this key is not known; {meant}"
    if found["type"] == "missing":
        return f"{key}: it is missing."
    return f"{key}: {found['msg']}."


def _keys(model: type[BaseModel]) -> list[str]:
    fields: Mapping[str, Any] = model.model_fields
    return [known.alias or name for name, known in fields.items()]
