"""Desk: what is asked of operators besides their key: a code, lately.

Owns: when a second factor is fresh enough.
Never: decides what is dangerous: `roles.py` does.
"""

from __future__ import annotations

from typing import Final

from ingress.http.clock import Clock, wall_s
from ingress.http.guard.codes import FRESH_S, HEADER, Codes, step_up
from ingress.http.guard.pace import Pace
from ingress.http.guard.sessions import Session, Sessions
from ingress.http.guard.slips import OwnSlips, Slips
from ingress.http.keys import Caller, Keys


class Desk:
    """The second factor of those who have a key."""

    def __init__(
        self, keys: Keys, pace: Pace, slips: Slips | None = None, clock: Clock = wall_s
    ) -> None:
        notes = slips or OwnSlips(clock)
        self._clock: Final = clock
        self._codes: Final = Codes(keys, pace, notes, clock)
        self.sessions: Final = Sessions(keys, notes, clock)

    async def step_up(self, caller: Caller, code: str | None, session: str | None) -> None:
        """Take a code, or be content with one of the last minutes. Raises `Problem`."""
        if code is not None:
            await self._codes.prove(caller.key_id, code)
            if session is not None:
                await self.sessions.proved(session)
        elif caller.fresh_until <= self._clock():
            raise step_up(f"send {HEADER}, or a session whose code is at most {FRESH_S} s old")

    async def open(self, caller: Caller, code: str | None) -> tuple[str, Session]:
        """Return a session. Raises `Problem`."""
        if code is None:
            raise step_up(f"send {HEADER}")
        await self._codes.prove(caller.key_id, code)
        return await self.sessions.open(caller.key_id)
