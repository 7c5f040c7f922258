"""Which of the two response media types the client reads (GraphQL over HTTP, section 6.1 and 6.4)."""

from __future__ import annotations

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
HTML = "text/html"


def choose_media_type(accept: str | None) -> str | None:
    """The media type to answer with; None where the client reads neither.

    A client that says nothing gets `application/json`, as clients older than the specification expect.
    """
    if not accept:
        return JSON
    readable = [(rank, chosen) for rank, media in _ranked(accept) if (chosen := _match(media))]
    return max(readable)[1] if readable else None


def prefers_page(accept: str | None) -> bool:
    """Whether the client is a person's browser: it names HTML before, or above, anything that GraphQL is sent as."""
    ranked = _ranked(accept or "")
    pages = [rank for rank, media in ranked if media == HTML]
    return bool(pages) and all(max(pages) > rank for rank, media in ranked if _match(media))


def _ranked(accept: str) -> list[tuple[tuple[float, int], str]]:
    """The acceptable media types, each with its rank: by quality, then the earlier first."""
    read = [_read(entry) for entry in accept.split(",")]
    return [((quality, -position), media) for position, (media, quality) in enumerate(read) if quality > 0]


def _match(media: str) -> str | None:
    if media in (GRAPHQL_RESPONSE, JSON):
        return media
    return JSON if media in ("*/*", "application/*") else None


def _read(entry: str) -> tuple[str, float]:
    media, *parameters = (part.strip() for part in entry.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = float(value)
            except ValueError:
                quality = 0.0
        elif name.strip().lower() == "charset" and value.strip().strip('"').lower() != "utf-8":
            quality = 0.0
    return media.lower(), quality
