"""The seam between the engine and the network: one request to one subgraph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.federation.errors import FetchError
from gateway.federation.json_text import JSONTextError, read_json, write_json
from gateway.federation.planning.query_plan import OperationKind

MAX_DEPTH = 200
"""How deep an answer's lists and objects may nest: merging recurses with them."""


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """What is asked of a subgraph. `body` is the JSON that is sent: `query`, `variables` and `operationName`."""

    subgraph: str
    kind: OperationKind
    operation: str
    operation_name: str | None
    body: bytes

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the body; `representations` are among them."""
        variables: dict[str, Any] = read_json(self.body).get("variables", {})
        return variables


def subgraph_request(
    subgraph: str, kind: OperationKind, operation: str, operation_name: str | None, variables: Mapping[str, Any]
) -> SubgraphRequest:
    """A request with these JSON values as variables. Raises `FetchError` (VARIABLES_TOO_DEEP)."""
    head, tail = request_ends(operation, operation_name)
    try:
        given = b',"variables":' + write_json(variables) if variables else b""
    except JSONTextError as error:
        message = "The variables nest too deep to be sent on. Send flatter ones."
        raise FetchError(subgraph, message, "VARIABLES_TOO_DEEP") from error
    return SubgraphRequest(subgraph, kind, operation, operation_name, head + given + tail)


def request_ends(operation: str, operation_name: str | None) -> tuple[bytes, bytes]:
    """What the body of a request begins and ends with; its variables, if any, stand between."""
    named = b',"operationName":' + write_json(operation_name) if operation_name else b""
    return b'{"query":' + write_json(operation), named + b"}"


@dataclass(frozen=True, slots=True)
class SubgraphResponse:
    """A subgraph's answer: an object with `data` (an object or null) and `errors` (objects, possibly none), nested at
    most `MAX_DEPTH` deep."""

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...] = ()


def read_response(subgraph: str, raw: bytes) -> SubgraphResponse:
    """A response out of its bytes. Raises `FetchError` (SUBGRAPH_BAD_RESPONSE) for what is none."""
    try:
        answer = read_json(raw)
    except JSONTextError as error:
        raise bad_response(subgraph, "answered with broken JSON") from error
    # Each level has a bracket of its own, so most answers need no second look.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and not nests_within(answer, MAX_DEPTH):
        raise bad_response(subgraph, f"nested its answer more than {MAX_DEPTH} deep")
    if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
        raise bad_response(subgraph, "did not answer as GraphQL does")
    data, errors = answer.get("data"), answer.get("errors")
    if not isinstance(data, dict | None) or not isinstance(errors, list | None):
        raise bad_response(subgraph, "did not answer as GraphQL does")
    # An entry that is no object still says that something failed.
    return SubgraphResponse(data, tuple(error if isinstance(error, dict) else {} for error in errors or ()))


def bad_response(subgraph: str, what: str) -> FetchError:
    """The error of an answer that cannot be used."""
    return FetchError(subgraph, f"{subgraph} {what}.", "SUBGRAPH_BAD_RESPONSE")


def nests_within(value: Any, most: int) -> bool:
    """Whether a JSON value's lists and objects nest at most so deep; a leaf nests 0 deep."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(most):
        if not level:
            return True
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return not level


class Fetcher(Protocol):
    """Sends a request to a subgraph and gives the bytes of its answer, read up to a bound.

    `context` is whatever the engine's caller gave for this client request (identity, request id, deadline); the engine
    passes it on untouched. Raises `FetchError` when there is no answer (unreachable, too late, no JSON by its headers).
    """

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes: ...
