"""The marks that operations leave on a schema, by which changes and operations find each other.

A coordinate is the mark of an operation that names the element: selects the field, gives the argument, has the type
among those of its fields and variables. The others say what no coordinate says.
"""

from __future__ import annotations


def received(type_name: str) -> str:
    """Values of the type may be in the result."""
    return f"{type_name} received"


def omitted(coordinate: str) -> str:
    """An argument or input field is, or may be, left out where it could be given."""
    return f"{coordinate} omitted"


def beside(one: str, other: str) -> str:
    """A fragment on one type stands in a selection of the other."""
    return " beside ".join(sorted((one, other)))


def placed(directive: str, location: str) -> str:
    """The directive, without the @, stands there: at `FIELD`, `QUERY` and so on."""
    return f"@{directive} on {location}"


def repeated(directive: str) -> str:
    """The directive, without the @, stands twice at one place."""
    return f"@{directive} repeated"


def begun(kind: str) -> str:
    """An operation of the kind: `query`, `mutation` or `subscription`."""
    return f"{kind} begun"
