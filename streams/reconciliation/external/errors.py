"""What can go wrong with a file from outside.

FileRefused
├── Unreadable       a line of the file is not what its format says   (exit 2)
└── MappingRefused   a mapping of a processor's columns is incomplete (exit 2)
"""

from __future__ import annotations

REASON_MAX = 200


class FileRefused(Exception):
    """A file is not taken in; nothing of it was used."""


class Unreadable(FileRefused):
    """A file cannot be read; says which line, counted from 1, and why."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason[:REASON_MAX]
        super().__init__(f"line {line}: {self.reason}")


class MappingRefused(FileRefused):
    """The description of a processor's columns does not say enough; names the key."""
