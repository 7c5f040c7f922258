"""Files that somebody else may have written: never more of them than makes sense."""

from __future__ import annotations

from pathlib import Path


def read_bounded(file: Path, most: int) -> bytes:
    """The file, of at most so many bytes. Raises OSError, also for a longer one."""
    with file.open("rb") as opened:
        raw = opened.read(most + 1)
    if len(raw) > most:
        raise OSError(f"it has more than {most} bytes")
    return raw
