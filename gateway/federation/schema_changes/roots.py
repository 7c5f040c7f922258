"""Where operations begin: a root type that is no longer one breaks every operation of its kind, whose fields are looked
for elsewhere or nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLSchema, OperationType

from gateway.federation.schema_changes.change import Change, breaking, safe
from gateway.federation.schema_changes.marks import begun


def roots(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    for kind in OperationType:
        was, made = old.get_root_type(kind), new.get_root_type(kind)
        if was is None or made is None or was.name != made.name:
            word = kind.value
            if was is not None:
                now = f"begins at {made.name} now" if made is not None else "is not served any more"
                yield breaking("ROOT_REMOVED", was.name, f"A {word} {now}.", [begun(word)])
            if made is not None:
                yield safe("ROOT_ADDED", made.name, f"It is where a {word} begins now.", [begun(word)])
