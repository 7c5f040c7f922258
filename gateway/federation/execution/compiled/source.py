"""Python source made for one program, compiled once.

The text has names and numbers of ours alone: whatever comes from schemas or clients stands in the namespace as a
constant, so no text of theirs can become code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Function = Callable[..., Any]


class Unusual(Exception):  # noqa: N818 - no error: the interpreter answers
    """An answer is not as most are: the interpreter must say what it means."""


@dataclass(eq=False)
class Source:
    """Source text under way, with its namespace."""

    names: dict[str, Any] = field(default_factory=lambda: {"Unusual": Unusual})
    lines: list[str] = field(default_factory=list)
    depth: int = 0

    def add(self, *lines: str) -> None:
        """Lines at the present depth."""
        self.lines += [" " * self.depth + line for line in lines]

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """A line that opens a block, and what is added within, be it nothing."""
        self.add(head)
        self.depth += 1
        empty = len(self.lines)
        yield
        if len(self.lines) == empty:
            self.add("pass")
        self.depth -= 1

    def constant(self, value: Any) -> str:
        """A name that stands for the value."""
        name = f"c{len(self.names)}"
        self.names[name] = value
        return name

    def compiled(self, name: str) -> Function:
        """The function of that name."""
        exec(compile("\n".join(self.lines), "<plan>", "exec"), self.names)  # noqa: S102 - see the module
        function: Function = self.names[name]
        return function
