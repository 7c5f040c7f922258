"""Names of fields: as GraphQL writes them, and as Python does."""

import re


def snake(name: str) -> str:
    """`documentNumber` gives `document_number`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", name)
