"""Schedule: what an answer means for a delivery and for its endpoint, and when to try again.

Owns: growth, jitter and number of attempts, classes of answers, when a breaker opens and for how
long.
Never: waits, or asks a clock.
"""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import Final, NamedTuple
from zlib import crc32

FACTOR: Final = 4.0
CEILING_S: Final = 8 * 3_600.0
ATTEMPTS_MAX: Final = 12  # with the first wait at 2 s about a day and a half
# An endpoint that says the request is wrong will hardly change its mind, but may be repaired.
REFUSALS_MAX: Final = 4
TRIPS_AT: Final = 5  # failures in a row of one endpoint
OPEN_FIRST_S: Final = 10.0
OPEN_MAX_S: Final = 600.0
FULL: Final = 0xFFFF_FFFF
SERVER_ERRORS: Final = 500
SOON: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


class State(StrEnum):
    """Where a delivery stands."""

    DUE = "DUE"
    DONE = "DONE"
    DEAD = "DEAD"


class Answer(NamedTuple):
    """What came of one attempt; no status when nobody answered."""

    status: int | None
    error: str = ""
    retry_after_s: float = 0.0


class Verdict(NamedTuple):
    """What follows: where the delivery stands, after which wait, and what the endpoint is."""

    state: State
    wait_s: float = 0.0
    disables: bool = False  # the endpoint wants no more
    fails: bool = False  # counts for its breaker


class Schedule(NamedTuple):
    """The pace of attempts."""

    first_s: float = 2.0
    attempts_max: int = ATTEMPTS_MAX

    def wait_s(self, attempt: int, seed: str) -> float:
        """Return the pause after attempt number `attempt` (from 1).

        Between half and whole of what the growth says, spread by the seed: many deliveries that
        failed together do not come back together, and the same one waits the same.
        """
        full = min(CEILING_S, self.first_s * FACTOR ** min(attempt - 1, ATTEMPTS_MAX))
        return full * (0.5 + 0.5 * crc32(f"{seed}/{attempt}".encode()) / FULL)

    def judge(self, answer: Answer, attempt: int, seed: str) -> Verdict:
        """Say what follows from the answer to attempt number `attempt`."""
        if answer.status is not None and 200 <= answer.status < 300:  # noqa: PLR2004 - of HTTP
            return Verdict(State.DONE)
        if answer.status == HTTPStatus.GONE:
            return Verdict(State.DEAD, disables=True)
        passing = is_passing(answer)
        if attempt >= (self.attempts_max if passing else min(REFUSALS_MAX, self.attempts_max)):
            return Verdict(State.DEAD, fails=passing)
        asked = min(answer.retry_after_s, CEILING_S)
        return Verdict(State.DUE, max(self.wait_s(attempt, seed), asked), fails=passing)


def is_passing(answer: Answer) -> bool:
    """Say whether the endpoint is in trouble, rather than against this request."""
    return answer.status is None or answer.status >= SERVER_ERRORS or answer.status in SOON


def open_s(failures: int) -> float:
    """Return for how long an endpoint is left alone after so many failures in a row."""
    if failures < TRIPS_AT:
        return 0.0
    return float(min(OPEN_MAX_S, OPEN_FIRST_S * 2 ** min(failures - TRIPS_AT, 10)))
