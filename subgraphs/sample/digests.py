"""The digest of a document that the sample does not hold: the same for the same place in the same file."""

from hashlib import sha256


def document_digest(institution: str, *place: int) -> str:
    return sha256(f"{institution}:{place}".encode()).hexdigest()
