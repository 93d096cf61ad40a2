"""Codes: the second factor of an operator, a number that its telephone shows (TOTP, RFC 6238).

Owns: which code is good, that it is good once, and how many may be tried.
Never: says whether a code was wrong or used: who guesses learns nothing.
"""

from __future__ import annotations

import logging
import re
from typing import Final

from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError

from ingress.http.clock import Clock
from ingress.http.guard.pace import Pace
from ingress.http.guard.slips import OwnSlips, Slips, SlipsAwayError
from ingress.http.keys import Keys
from ingress.http.problems import Problem

LOG = logging.getLogger(__name__)
HEADER: Final = "Ledger-Code"
CODE: Final = re.compile(r"[0-9]{6}")
STEPS: Final = 1  # a code of the step before and of the one after is good as well
USED_S: Final = 120  # longer than a code is good
FRESH_S: Final = 300
# RFC 9470: what an answer says of a factor that is missing.
CHALLENGE: Final = {
    "WWW-Authenticate": f'Bearer error="insufficient_user_authentication", max_age="{FRESH_S}"'
}


class Codes:
    """Checks codes. `slips` are those of all doors; this one also keeps its own."""

    def __init__(self, keys: Keys, pace: Pace, slips: Slips, clock: Clock) -> None:
        self._keys: Final = keys
        self._pace: Final = pace
        self._slips: Final = slips
        self._clock: Final = clock
        self._own: Final = OwnSlips(clock)

    async def prove(self, key_id: str, code: str) -> None:
        """Take a code of a key. Raises `Problem`."""
        secret = self._keys.totp_of(key_id)
        if not secret:
            raise step_up("no one-time codes are enrolled for this caller")
        await self._pace.code(key_id)  # before it is looked at, so that none is tried for nothing
        if CODE.fullmatch(code) is None:
            raise refused()
        try:
            step = TOTP(secret).verify_and_get_timecode(
                code, for_time=self._clock(), valid_window=STEPS
            )
        except OTPVerificationError as error:
            raise refused() from error
        if not await self._first_use(f"code:{key_id}:{step}"):
            raise refused()

    async def _first_use(self, name: str) -> bool:
        if not await self._own.make(name, "", USED_S):
            return False
        try:
            return await self._slips.make(name, "", USED_S)
        except SlipsAwayError as error:
            # A freeze must not wait for a store; for two minutes another door might take the code.
            LOG.warning("a code was taken by this door alone: %s", error)
            return True


def refused() -> Problem:
    """Return the problem of a code that is not taken."""
    detail = f"{HEADER}: wrong, over or used; each code is good once"
    return Problem("ONE_TIME_CODE_REFUSED", detail, headers=CHALLENGE, header=HEADER)


def step_up(detail: str) -> Problem:
    """Return the problem of a factor that is missing."""
    return Problem("OPERATOR_STEP_UP_REQUIRED", detail, headers=CHALLENGE, header=HEADER)
