"""Guard: from a request to who sent it, unless there were too many; and its second factor.

Owns: which kind of credential an `Authorization` header is, and what each may do besides.
Never: knows a route.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import Final

from ingress.http.eyes import DoorEyes
from ingress.http.guard.audit import Audit
from ingress.http.guard.desk import Desk
from ingress.http.guard.pace import Pace, Rates
from ingress.http.guard.provider import Provider
from ingress.http.guard.sessions import PREFIX, Session
from ingress.http.keys import OPEN, SCHEME, Caller, Keys
from ingress.http.problems import Problem

TOKEN_DOTS: Final = 2  # a JWT has three parts; an API key has two


class Kind(Enum):
    """What a header says who it is by."""

    KEY = auto()
    TOKEN = auto()
    SESSION = auto()


class Guard:
    """Everybody who may come in; with neither keys nor provider all of this machine."""

    def __init__(
        self,
        keys: Keys,
        provider: Provider | None = None,
        pace: Pace | None = None,
        desk: Desk | None = None,
        audit: Audit | None = None,
    ) -> None:
        self._keys: Final = keys
        self._provider: Final = provider
        self.eyes: Final = DoorEyes() if pace is None else pace.eyes
        self.pace: Final = pace or Pace(Rates(), self.eyes)
        self.desk: Final = desk or Desk(keys, self.pace)
        self.audit: Final = audit or Audit()
        self.at_end: Final[list[Callable[[], Awaitable[None]]]] = []

    @property
    def open(self) -> bool:
        """Whether everybody is let in, as at a door on loopback without keys."""
        return self._provider is None and not self._keys

    async def close(self) -> None:
        """Close what was opened for it."""
        for close in self.at_end:
            await close()

    async def caller(self, authorization: str | None) -> Caller:
        """Return who sent this header. Raises `Problem`."""
        if self.open:
            return OPEN
        found = await self._found(authorization)
        await self.pace.caller(found.key_id)
        return found

    async def step_up(self, authorization: str | None, caller: Caller, code: str | None) -> None:
        """Refuse who showed no second factor lately. Raises `Problem`."""
        if caller is OPEN:
            return
        kind, token = read(authorization)
        await self.desk.step_up(caller, code, token if kind is Kind.SESSION else None)

    async def open_session(
        self, authorization: str | None, caller: Caller, code: str | None
    ) -> tuple[str, Session]:
        """Return a session for a key and a code; nothing else is given one. Raises `Problem`."""
        if read(authorization)[0] is not Kind.KEY:
            raise Problem("FORBIDDEN", "a session is given for an API key and a code")
        return await self.desk.open(caller, code)

    async def end_session(self, authorization: str | None) -> None:
        """End the session that this header is. Raises `Problem`."""
        kind, token = read(authorization)
        if kind is Kind.SESSION:
            await self.desk.sessions.end(token)

    async def _found(self, authorization: str | None) -> Caller:
        kind, token = read(authorization)
        if kind is Kind.SESSION:
            return await self.desk.sessions.caller(token)
        if kind is Kind.TOKEN and self._provider is not None:
            return await self._provider.caller(token)
        return self._keys.caller(authorization)


def read(authorization: str | None) -> tuple[Kind, str]:
    """Return what kind of credential a header is; what is none is a key that nobody has."""
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() != SCHEME:
        return Kind.KEY, ""
    if token.startswith(PREFIX):
        return Kind.SESSION, token
    return (Kind.TOKEN if token.count(".") == TOKEN_DOTS else Kind.KEY), token
