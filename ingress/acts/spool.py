"""Spool: lines of acts, and up to where they are in the log.

Owns: the file, and the file beside it that has the place. A place that is behind, or lost, sends
lines again, and the ledger knows them.
Never: drops a line: what is not in the log stays, for whoever sends next.
"""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path
from typing import Final, Protocol

LINES_MAX: Final = 500  # sent at once
READ_MAX: Final = 4_194_304
KEPT_MAX: Final = 10_000
PLACE: Final = 20  # digits, always as many, so that a place is written in one piece


class Outbox(Protocol):
    """Lines on their way."""

    def add(self, line: str) -> None:
        """Keep a line. Raises `OSError` where it cannot."""

    def waiting(self) -> list[bytes]:
        """Return the first lines that are not known to be in the log."""

    def sent(self, lines: list[bytes]) -> None:
        """Note that these first lines are in the log."""


class Spool:
    """A file that several may share: each line is one write, the place only grows."""

    def __init__(self, path: Path) -> None:
        """Open nothing yet."""
        self.path: Final = path
        self._place_path: Final = path.with_name(f"{path.name}.sent")
        self._begun = 0  # where the lines handed out last begin

    def add(self, line: str) -> None:
        """Append a line. Raises `OSError`."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def waiting(self) -> list[bytes]:
        """Return whole lines from the place on; a line without its end is still being written."""
        if not self.path.exists():
            return []
        self._begun = self._place()
        with self.path.open("rb") as file:
            file.seek(self._begun)
            *lines, _ = file.read(READ_MAX).split(b"\n")
        return lines[:LINES_MAX]

    def sent(self, lines: list[bytes]) -> None:
        """Move the place behind these lines, unless another one moved it further."""
        place = self._begun + sum(len(each) + 1 for each in lines)
        if place <= self._place():
            return
        file = os.open(self._place_path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(file, f"{place:0{PLACE}}".encode(), 0)
        finally:
            os.close(file)

    def _place(self) -> int:
        """Return the place; the beginning when there is none, or the file is another by now."""
        try:
            place = int(self._place_path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0
        return place if place <= self.path.stat().st_size else 0


class Memory:
    """Lines of a door that has no file: lost when it ends before they are sent."""

    def __init__(self) -> None:
        self._lines: Final[deque[bytes]] = deque(maxlen=KEPT_MAX)

    def add(self, line: str) -> None:
        """Keep a line; of too many the oldest goes."""
        self._lines.append(line.encode())

    def waiting(self) -> list[bytes]:
        """Return the first lines."""
        return list(self._lines)[:LINES_MAX]

    def sent(self, lines: list[bytes]) -> None:
        """Forget these lines."""
        for line in lines:
            # Of too many the oldest went already.
            if self._lines and self._lines[0] == line:
                self._lines.popleft()
