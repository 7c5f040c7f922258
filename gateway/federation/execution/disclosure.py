"""Which words of a subgraph reach the client.

A subgraph says that an error is meant for clients by giving it a code (`extensions.code`, in capitals): its author
thought of that error. Without a code, or with one that frameworks stamp on whatever was not thought of, the message
is an accident's text (SQL, a host, a stack trace), or speaks of the gateway's own operation; the client then gets our
sentence and SUBGRAPH_ERROR, and the log gets theirs. What is meant for clients is looked at once more, for whoever
puts codes on everything: several lines, statements, addresses, credentials and source files are kept back all the
same. That second look is a net, not the rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MAX_MESSAGE = 500
"""Characters of a subgraph's message that a client gets."""

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_NOT_THOUGHT_OF = re.compile(r"INTERNAL|UNEXPECTED|UNHANDLED|UNKNOWN_ERROR|EXCEPTION|DATABASE|SQL|^GRAPHQL_")
_INNARDS = re.compile(
    r"[\x00-\x1f\x7f]"
    r"|\bselect\b.+\bfrom\b|\binsert\s+into\b|\bupdate\b.+\bset\b|\bdelete\s+from\b|\bsqlstate\b|\bora-\d"
    r"|\btraceback\b|(?-i:\b[A-Z]\w+(?:Error|Exception)\b)|\bat [\w.$<>]+\(|\.(?:py|js|ts|java|cs|go|rb|php|sql)\b"
    r"|\w://|\b\d{1,3}(?:\.\d{1,3}){3}\b|\.(?:internal|local|lan|localdomain)\b|\blocalhost\b"
    r"|\b(?:password|passwd|pwd|secret|token|api[_-]?key)\s*[=:]|\bbearer\s",
    re.IGNORECASE,
)


def disclosed(error: Mapping[str, Any]) -> tuple[str, str] | None:
    """The message and code of a subgraph's error, or None if it is not meant for clients."""
    extensions, message = error.get("extensions"), error.get("message")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    if not isinstance(code, str) or not _CODE.fullmatch(code) or _NOT_THOUGHT_OF.search(code):
        return None
    if not isinstance(message, str) or not message:
        return None
    message = message[:MAX_MESSAGE]
    return None if _INNARDS.search(message) else (message, code)
