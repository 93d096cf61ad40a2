"""Keeper: one question to a server, asked by one thread at a time, its answer kept for a while.

Theory: a page is drawn by whoever asks for it, every second or two, in any number of windows. None
of them may wait for a store that is away, and no store may be asked once for each window. So a
question is asked when its answer is old, in a thread of its own; whoever wants it meanwhile gets
what was last told. What does not answer for too long is told as trouble.

Owns: the age of answers, and the words for a question that failed.
Never: knows what is asked; lets an error out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic
from typing import Final, Generic, TypeVar, final

from ops.exits import AWAY, explain

LOG: Final = logging.getLogger(__name__)
PATIENCE_S: Final = 2.0  # for a first answer: longer, and a page would seem to hang
LATE_S: Final = 10.0  # an answer that is asked for longer than this is no longer awaited in silence
T = TypeVar("T")


class Away(Exception):
    """What was asked does not answer; the message is shown to a person."""


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """A value, or the trouble instead; when it was asked for and answered, on a steady clock."""

    value: T | None
    trouble: str
    asked: float
    answered: float

    def known(self) -> T:
        """Return the value. Raises `Away`."""
        if self.value is None:
            raise Away(self.trouble)
        return self.value


@final
class Keeper(Generic[T]):
    """Keeps the last answer to `ask`; `where` is who is asked, in words for a person."""

    def __init__(
        self,
        where: str,
        ask: Callable[[], T],
        keep_s: float,
        *,
        patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._where: Final = where
        self._ask: Final = ask
        self._keep_s: Final = keep_s
        self._patience_s: Final = patience_s
        self._clock: Final = clock
        self._lock: Final = Lock()
        self._told: Told[T] | None = None
        self._asking: Event | None = None
        self._since = 0.0

    def told(self, since: float = 0.0) -> Told[T]:
        """Return what is known now, asked for no earlier than `since` where that can be had.

        Never waits longer than its patience.
        """
        with self._lock:
            if self._told is not None and self._is_fresh(self._told, since):
                return self._told
            done = self._asking or self._begin()
            known = self._told
        done.wait(self._patience_s if known is None else self._patience_s / 4)
        with self._lock:
            if self._asking is not done and self._told is not None:
                return self._told
            return self._meanwhile()

    def known(self) -> T:
        """Return the value. Raises `Away`."""
        return self.told().known()

    def _is_fresh(self, told: Told[T], since: float) -> bool:
        return told.asked >= since and self._clock() - told.answered < self._keep_s

    def _begin(self) -> Event:
        done = self._asking = Event()
        self._since = self._clock()
        Thread(target=self._answer, args=(done,), name=f"ask {self._where}", daemon=True).start()
        return done

    def _meanwhile(self) -> Told[T]:
        """Return the old answer while a new one may still come, else that none comes."""
        now = self._clock()
        waited = now - self._since
        if self._told is not None and waited < LATE_S:
            return self._told
        return Told(None, f"{self._where} has not answered for {waited:.0f} s", self._since, now)

    def _answer(self, done: Event) -> None:
        value, trouble = None, ""
        try:
            value = self._ask()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what this panel shows
            trouble = f"{self._where} {_words(error)}"
        with self._lock:
            self._told = Told(value, trouble, self._since, self._clock())
            self._asking = None
        done.set()


def _words(error: Exception) -> str:
    code, message = explain(error)
    if isinstance(error, Away) or code == AWAY:
        return f"is away: {message}"
    LOG.warning("a question of the console failed", exc_info=error)
    return f"could not be read: {type(error).__name__}: {message}"
