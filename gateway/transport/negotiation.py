"""Which of the two response media types the client reads (GraphQL over HTTP, section 6.1 and 6.4)."""

from __future__ import annotations

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"


def choose_media_type(accept: str | None) -> str | None:
    """The media type to answer with; None where the client reads neither.

    A client that says nothing gets `application/json`, as clients older than the specification expect.
    """
    if not accept:
        return JSON
    best: tuple[float, int, str] | None = None
    for position, entry in enumerate(accept.split(",")):
        media, quality = _read(entry)
        chosen = _match(media)
        if chosen is not None and quality > 0 and (best is None or (quality, -position) > best[:2]):
            best = (quality, -position, chosen)
    return best[2] if best else None


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
