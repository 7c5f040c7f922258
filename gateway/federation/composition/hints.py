"""Hints: what composes, and may still not be what was meant. Each code has one level."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.federation.composition.errors import Issue, Level, Place

LEVELS: Mapping[str, Level] = {
    "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE": "info",
    "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE": "info",
    "INCONSISTENT_DEFAULT_VALUE_PRESENCE": "warning",
    "INCONSISTENT_ENTITY": "info",
    "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD": "debug",
    "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD": "debug",
    "INCONSISTENT_INPUT_OBJECT_FIELD": "warning",
    "INCONSISTENT_ARGUMENT_PRESENCE": "warning",
    "INCONSISTENT_UNION_MEMBER": "debug",
    "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM": "warning",
    "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM": "debug",
    "UNUSED_ENUM_TYPE": "debug",
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE": "warning",
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE": "warning",
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS": "warning",
    "NO_EXECUTABLE_DIRECTIVE_INTERSECTION": "warning",
    "INCONSISTENT_DESCRIPTION": "warning",
    "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": "warning",
    "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": "info",
    "FROM_SUBGRAPH_DOES_NOT_EXIST": "warning",
    "OVERRIDDEN_FIELD_CAN_BE_REMOVED": "info",
    "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED": "info",
    "OVERRIDE_MIGRATION_IN_PROGRESS": "info",
    "DIRECTIVE_COMPOSITION_INFO": "info",
    "DIRECTIVE_COMPOSITION_WARN": "warning",
    "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN": "warning",
    "IMPLICITLY_UPGRADED_FEDERATION_VERSION": "info",
    "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS": "info",
}


def hint(code: str, message: str, coordinate: str | None, places: tuple[Place, ...]) -> Issue:
    """A hint, at its code's level."""
    return Issue(code, message, coordinate, places, LEVELS[code])
