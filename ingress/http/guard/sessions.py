"""Sessions: a token for a key and a code, which ends by itself.

Owns: how long a session may stand idle, and how long it lasts at most.
Never: outlives its key, or the secret of its key; is kept by its token, only by the hash of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ingress.http.clock import Clock
from ingress.http.guard.codes import CHALLENGE, FRESH_S
from ingress.http.guard.slips import Slips, SlipsAwayError
from ingress.http.keys import Caller, Keys, digest_of, new_secret
from ingress.http.problems import Problem

PREFIX: Final = "ledger-session_"
IDLE_S: Final = 900
LASTS_S: Final = 28_800


@dataclass(frozen=True, slots=True)
class Session:
    """Whose it is, since when, when a code was last given; `of` is the secret's hash."""

    key_id: str
    of: str
    opened_at: float
    proved_at: float

    @property
    def ends_at(self) -> float:
        """When it is over, whatever is done with it."""
        return self.opened_at + LASTS_S


class Sessions:
    """Sessions of all doors that have the same slips."""

    def __init__(self, keys: Keys, slips: Slips, clock: Clock) -> None:
        self._keys: Final = keys
        self._slips: Final = slips
        self._clock: Final = clock

    async def open(self, key_id: str) -> tuple[str, Session]:
        """Return a token and its session. Raises `Problem` STORE_AWAY."""
        token, now = f"{PREFIX}{new_secret()}", self._clock()
        session = Session(key_id, self._keys.digest(key_id), now, now)
        try:
            await self._slips.make(_name(token), _text(session), IDLE_S)
        except SlipsAwayError as error:
            raise _away(error) from error
        return token, session

    async def caller(self, token: str) -> Caller:
        """Return whose session this is; it is idle no more. Raises `Problem`."""
        session = await self._read(token)
        await self._keep(token, session)
        caller = self._keys.named(session.key_id)
        assert caller is not None, "a key whose secret is known is there"
        return replace(caller, fresh_until=session.proved_at + FRESH_S)

    async def proved(self, token: str) -> None:
        """Note that a code was given. Raises `Problem`."""
        await self._keep(token, replace(await self._read(token), proved_at=self._clock()))

    async def end(self, token: str) -> None:
        """End a session. Raises `Problem` STORE_AWAY."""
        try:
            await self._slips.drop(_name(token))
        except SlipsAwayError as error:
            raise _away(error) from error

    async def _read(self, token: str) -> Session:
        try:
            text = await self._slips.read(_name(token))
        except SlipsAwayError as error:
            raise _away(error) from error
        if text is None:
            raise over()
        document: Mapping[str, str | float] = json.loads(text)
        session = Session(
            str(document["key_id"]),
            str(document["of"]),
            float(document["opened_at"]),
            float(document["proved_at"]),
        )
        if session.ends_at <= self._clock() or session.of != self._keys.digest(session.key_id):
            raise over()
        return session

    async def _keep(self, token: str, session: Session) -> None:
        left_s = max(1, int(session.ends_at - self._clock()))
        try:
            # One that was ended meanwhile stays so.
            kept = await self._slips.change(_name(token), _text(session), min(IDLE_S, left_s))
        except SlipsAwayError as error:
            raise _away(error) from error
        if not kept:
            raise over()


def over() -> Problem:
    """Return the problem of a session that is none, or none any more."""
    return Problem("SESSION_OVER", "sign in again with key and code", headers=CHALLENGE)


def _away(error: SlipsAwayError) -> Problem:
    return Problem("STORE_AWAY", f"sessions: {error}; a key with a code needs none")


def _name(token: str) -> str:
    return f"session:{digest_of(token)}"


def _text(session: Session) -> str:
    return json.dumps(
        {
            "key_id": session.key_id,
            "of": session.of,
            "opened_at": session.opened_at,
            "proved_at": session.proved_at,
        }
    )
