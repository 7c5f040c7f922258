"""What a user of the command can mend."""

from __future__ import annotations

from pathlib import Path


class CommandError(Exception):
    """The command cannot do what was asked; the message says what to do about it."""


def read_text(path: Path) -> str:
    """The file's text. Raises `CommandError`."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text.") from error
