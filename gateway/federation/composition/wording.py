"""How messages name subgraphs, and tell what differs between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.federation.composition.subgraph import Subgraph


def listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def named(subgraphs: Iterable[Subgraph]) -> str:
    """The subgraphs' names, listed."""
    return listed(dict.fromkeys(subgraph.name for subgraph in subgraphs))


def grouped(said: Sequence[tuple[Subgraph, str]]) -> str:
    """What each subgraph says, those that say the same together: `Int in a and c, Int! in b`."""
    texts = dict.fromkeys(text for _, text in said)
    return ", ".join(f"{text} in {named(subgraph for subgraph, own in said if own == text)}" for text in texts)
