"""A link as it is written: an application of `@link`, its address taken apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from graphql.language import ConstDirectiveNode

from gateway.federation.composition.errors import Issue, Place, place_of
from gateway.federation.composition.federation_spec import Version
from gateway.federation.supergraph.directives import SPEC_HOST, arguments_of

LINK = f"{SPEC_HOST}link"
FEDERATION = f"{SPEC_HOST}federation"
_VERSION = re.compile(r"v(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """`base` is the address less the version, `version` its last part; both are empty if there is no address."""

    subgraph: str
    node: ConstDirectiveNode
    arguments: Mapping[str, Any]
    base: str
    version: str

    @property
    def directive(self) -> str:
        """The name of the directive that is applied."""
        return self.node.name.value

    @property
    def url(self) -> Any:
        return self.arguments.get("url")

    @property
    def spec(self) -> str:
        """The specification's own name."""
        return self.base.rpartition("/")[2]

    @property
    def names_itself(self) -> bool:
        """Is this the link of the link specification, under the very name that it gives itself?"""
        return self.base == LINK and self.directive == (self.arguments.get("as") or "link")

    @property
    def is_of_federation(self) -> bool:
        """Is it Federation that this means to link?"""
        return f"{self.url}/".startswith(f"{FEDERATION}/")

    @property
    def place(self) -> Place:
        return place_of(self.subgraph, self.node)

    def issue(self, code: str, message: str) -> Issue:
        return Issue(code, message, None, (self.place,))


def written_link(subgraph: str, node: ConstDirectiveNode) -> WrittenLink:
    """Reads an application of `@link`, or of any directive that may turn out to be it."""
    arguments = arguments_of(node)
    url = arguments.get("url")
    parts = urlsplit(url if isinstance(url, str) else "")
    if not (parts.scheme and parts.netloc):
        return WrittenLink(subgraph, node, arguments, "", "")
    path, _, version = parts.path.rpartition("/")
    return WrittenLink(subgraph, node, arguments, f"{parts.scheme}://{parts.netloc}{path}", version)


def read_version(text: str) -> Version | None:
    """`v2.9` as numbers, or None where it is no version."""
    matched = _VERSION.fullmatch(text)
    return (int(matched[1]), int(matched[2])) if matched else None
