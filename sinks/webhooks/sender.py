"""Sender: takes what is due, hands it to its door, keeps what came of it.

Owns: how many are on their way to one endpoint at once, in this process.
Never: sends what another sender holds, or a person's notice in that person's quiet hours.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol, final

from sinks.backoff import wait_s
from sinks.errors import StoreAway
from sinks.webhooks.letter import Door, Letter
from sinks.webhooks.schedule import TRIPS_AT, Answer, Schedule, State, Verdict
from sinks.webhooks.subscription import Channel
from sinks.webhooks.wording import URGENT

IDLE_S: Final = 0.25
PER_ENDPOINT: Final = 2
MS: Final = 1_000
log = logging.getLogger("webhooks")


class Lines(Protocol):
    """What a sender needs of a queue."""

    def claim(self, busy: Sequence[str]) -> Letter | None:
        """Return a delivery that is due, locked."""
        ...

    def settle(self, letter: Letter, answer: Answer, verdict: Verdict, took_ms: int) -> None:
        """Keep the outcome, and let go."""
        ...

    def postpone(self, letter: Letter, until: int) -> None:
        """Let go until a time."""
        ...


@final
class Slots:
    """How many deliveries each endpoint is being sent; shared by the senders of a process."""

    def __init__(self, per_endpoint: int = PER_ENDPOINT) -> None:
        self._per_endpoint: Final = per_endpoint
        self._guard: Final = threading.Lock()
        self._sending: Counter[str] = Counter()
        self._fragile: set[str] = set()

    def claim(self, look: Callable[[Sequence[str]], Letter | None]) -> Letter | None:
        """Claim by a look that is told which endpoints have enough; free it afterwards."""
        with self._guard:
            busy = [name for name, count in self._sending.items() if count >= self._limit(name)]
            letter = look(busy)
            if letter is not None:
                name = letter.to.subscription_id
                self._sending[name] += 1
                # One that kept failing is tried by one delivery before it gets the others.
                (self._fragile.add if letter.failures >= TRIPS_AT else self._fragile.discard)(name)
        return letter

    def free(self, letter: Letter) -> None:
        """Give the place back."""
        name = letter.to.subscription_id
        with self._guard:
            self._sending[name] -= 1
            if not self._sending[name]:
                del self._sending[name]

    def _limit(self, name: str) -> int:
        return 1 if name in self._fragile else self._per_endpoint


@final
class Sender:
    """One thread that sends."""

    def __init__(
        self,
        queue: Lines,
        doors: Mapping[Channel, Door],
        slots: Slots,
        schedule: Schedule,
        monotonic: Callable[[], float],
    ) -> None:
        self._queue: Final = queue
        self._doors: Final = doors
        self._slots: Final = slots
        self._schedule: Final = schedule
        self._monotonic: Final = monotonic
        self.turns = 0
        self.retries = 0
        self.sent: Counter[str] = Counter()  # attempts by where the delivery stands after them

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop; a store that is away is waited for."""
        attempt = 0
        while not stop.is_set():
            try:
                busy = self.turn()
                attempt = 0
                if not busy:
                    stop.wait(IDLE_S)
            except StoreAway as away:
                attempt, self.retries = attempt + 1, self.retries + 1
                log.warning("sender: attempt %d: %s", attempt, away)
                stop.wait(wait_s(attempt, "sender"))
        for door in self._doors.values():
            door.close()

    def turn(self) -> bool:
        """Send one delivery; False when none is due."""
        self.turns += 1
        letter = self._slots.claim(self._queue.claim)
        if letter is None:
            return False
        try:
            self._handle(letter)
        finally:
            self._slots.free(letter)
        return True

    def _handle(self, letter: Letter) -> None:
        quiet = letter.to.quiet
        if quiet is not None and letter.type not in URGENT:
            until = quiet.over(letter.now)
            if until > letter.now:
                self._queue.postpone(letter, until)
                return
        began = self._monotonic()
        answer = self._doors[letter.to.channel].send(letter)
        took_ms = round((self._monotonic() - began) * MS)
        verdict = self._schedule.judge(answer, letter.attempts + 1, letter.seed)
        self._queue.settle(letter, answer, verdict, took_ms)
        self.sent[verdict.state.value] += 1
        if verdict.state is State.DEAD:
            log.warning(
                "%s to %s is dead: %s %s",
                letter.event_id,
                letter.to.subscription_id,
                answer.status,
                answer.error,
            )
