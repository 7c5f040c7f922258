"""Files that the command writes."""

from __future__ import annotations

import os
from pathlib import Path

from gateway.cli.errors import CommandError


def write_whole(path: Path, text: str) -> None:
    """The file has either all of the text or what it had before; a device or a pipe is written to as it is. Raises
    `CommandError`."""
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")
        else:
            _replace(target, text)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
