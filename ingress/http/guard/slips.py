"""Slips: short notes with an end, of this door or of all: codes that were used, sessions.

Owns: the notes in memory, and that a note is made once only.
Never: keeps anything whose loss would be more than a second sign-in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

from ingress.http.problems import Problem

SLIPS_MAX: Final = 10_000


class SlipsAwayError(Exception):
    """The notes of all doors cannot be asked."""


class Slips(Protocol):
    """Notes by name; each method raises `SlipsAwayError`."""

    async def make(self, name: str, text: str, ttl_s: int) -> bool:
        """Make a note; False when there is one of this name."""

    async def change(self, name: str, text: str, ttl_s: int) -> bool:
        """Change a note and its end; False when there is none."""

    async def read(self, name: str) -> str | None:
        """Return a note."""

    async def drop(self, name: str) -> None:
        """End a note."""


class OwnSlips:
    """Notes of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock: Final = clock
        self._notes: Final[dict[str, tuple[float, str]]] = {}

    async def make(self, name: str, text: str, ttl_s: int) -> bool:
        """Make a note; False when there is one of this name. Raises `Problem` BUSY."""
        if await self.read(name) is not None:
            return False
        if len(self._notes) >= SLIPS_MAX:
            self._sweep()
        if len(self._notes) >= SLIPS_MAX:
            raise Problem("BUSY", f"{SLIPS_MAX} codes and sessions are kept already")
        self._notes[name] = (self._clock() + ttl_s, text)
        return True

    async def change(self, name: str, text: str, ttl_s: int) -> bool:
        """Change a note and its end; False when there is none."""
        if await self.read(name) is None:
            return False
        self._notes[name] = (self._clock() + ttl_s, text)
        return True

    async def read(self, name: str) -> str | None:
        """Return a note."""
        until, text = self._notes.get(name, (self._clock(), ""))
        return text if until > self._clock() else None

    async def drop(self, name: str) -> None:
        """End a note."""
        self._notes.pop(name, None)

    def _sweep(self) -> None:
        now = self._clock()
        for name in [name for name, (until, _) in self._notes.items() if until <= now]:
            del self._notes[name]
