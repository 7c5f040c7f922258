"""The last step of a random set: what of Federation a subgraph links, and what its directives are called there."""

from __future__ import annotations

import re

from gateway.federation.composition.federation_spec import directives_of
from gateway.federation.composition.subgraph import Source

from ..gateway.federation.oracle.choices import Choices
from .loose import Draft, lists_in, name_of, source

_COMPOSED = ("tag", "inaccessible", "cost", "listSize", "authenticated", "requiresScopes", "policy", "cacheTag")
"""What the supergraph has too, under the one name of all subgraphs."""
_DIRECTIVE = re.compile(r"@(\w+)")


def linked(draft: Draft, choices: Choices) -> Source:
    """A draft as a subgraph, its directives under the names of its link."""
    text = draft.sdl()
    if draft.version < (2, 0):
        return source(draft.name, f"{draft.composed}\n{text}")
    known = directives_of(draft.version)
    used = [name for name in dict.fromkeys(_DIRECTIVE.findall(text + draft.composed)) if name in known]
    local = {name: _local_name(name, choices) for name in used}
    prefix = "fed" if choices.chance(3) else "federation"
    imports = []
    for name, called in local.items():
        if called is None:
            local[name] = f"{prefix}__{name}"
        else:
            imports.append(f'"@{name}"' if called == name else f'{{name: "@{name}", as: "@{called}"}}')
    url = f"https://specs.apollo.dev/federation/v2.{draft.version[1]}"
    alias = ', as: "fed"' if prefix == "fed" else ""
    head = f'extend schema @link(url: "{url}"{alias}, import: [{", ".join(imports)}])'
    renamed = _DIRECTIVE.sub(lambda found: "@" + (local.get(found[1]) or found[1]), f"{draft.composed}\n\n{text}")
    return source(draft.name, f"{head} {renamed}")


def downgrade(draft: Draft) -> None:
    """Leaves of the directives what Federation 1 has."""
    for items, _ in lists_in(draft.document):
        items[:] = [each for each in items if each.kind != "directive" or name_of(each) in _OF_FEDERATION_1]


_OF_FEDERATION_1 = ("key", "requires", "provides", "external", "extends", "tag", "deprecated", "specifiedBy")


def _local_name(name: str, choices: Choices) -> str | None:
    """What a directive is called, nearly always by its own name; None if it is not imported."""
    if choices.chance(99 if name in _COMPOSED else 96):
        return name
    return f"my{name.capitalize()}" if choices.chance(50) else None
