"""Spool: lines of acts, and up to where they are in the log.

Owns: the file, and the file beside it that has the place. A place that is behind, or lost, sends
lines again, and the ledger knows them.
Never: drops a line of a file: what is not in the log stays, for whoever sends next. What memory
alone has goes with its process, but never without being written to the log of that process.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

LOG = logging.getLogger(__name__)
LINES_MAX: Final = 500  # sent at once
READ_MAX: Final = 4_194_304
KEPT_MAX: Final = 10_000
PLACE: Final = 20  # digits, always as many, so that a place is written in one piece


class Tray(Protocol):
    """Lines on their way."""

    def add(self, line: str) -> None:
        """Keep a line. Raises `OSError` where it cannot."""

    def waiting(self) -> list[bytes]:
        """Return the first lines that are not known to be in the log."""

    def sent(self, lines: list[bytes]) -> None:
        """Note that these first lines are in the log."""

    def left(self) -> list[str]:
        """Return what must be told of lines not in the log by whoever sends no more."""


class Spool:
    """A file that several may share: each line is one write, the place only grows."""

    def __init__(self, path: Path) -> None:
        """Open nothing yet."""
        self.path: Final = path
        self._place_path: Final = path.with_name(f"{path.name}.sent")
        self._begun = 0  # where the lines handed out last begin

    def add(self, line: str) -> None:
        """Append a line, never to half a line that somebody left. Raises `OSError`."""
        with self.path.open("ab+") as file:
            start = b""
            if file.tell():
                file.seek(-1, os.SEEK_END)
                start = b"" if file.read(1) == b"\n" else b"\n"
            # One write of all of it: several may share the file.
            file.write(start + line.encode() + b"\n")

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

    def left(self) -> list[str]:
        """Return where lines wait; they are safe there."""
        try:
            waits = bool(self.waiting())
        except OSError as error:
            return [f"{self.path} cannot be read ({error}): acts in it may not be in the log"]
        said = f"acts in {self.path} are not in the log: the next start sends them"
        return [f"{said}, or ledgerctl audit send --file {self.path}"] if waits else []

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
        # Requests add while a thread sends.
        self._lock: Final = Lock()
        self._lines: Final[deque[bytes]] = deque()

    def add(self, line: str) -> None:
        """Keep a line; of too many the oldest goes to the log of the process."""
        with self._lock:
            self._lines.append(line.encode())
            gone = self._lines.popleft() if len(self._lines) > KEPT_MAX else None
        if gone is not None:
            LOG.error("%s", _unkept(gone))

    def waiting(self) -> list[bytes]:
        """Return the first lines."""
        with self._lock:
            return list(self._lines)[:LINES_MAX]

    def sent(self, lines: list[bytes]) -> None:
        """Forget these lines."""
        with self._lock:
            for line in lines:
                # Of too many the oldest went already.
                if self._lines and self._lines[0] == line:
                    self._lines.popleft()

    def left(self) -> list[str]:
        """Return every line: nobody else has them."""
        with self._lock:
            return [_unkept(line) for line in self._lines]


def _unkept(line: bytes) -> str:
    """Return a line as a process tells it; in a file of its own `audit send` takes it."""
    return f"an act is in no file and not in the log: {line.decode()}"
