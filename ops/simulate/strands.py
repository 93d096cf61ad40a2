"""Strands: threads of which only one ever runs, so that a pause inside a call stays deterministic.

Owns: the baton. Whoever drives the simulation holds it, lends it to one strand by `resume`, and has
it back when the strand rests or ends.
Never: lets two threads run at once; nothing in here needs a lock for its data.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, final


class KilledError(BaseException):
    """The process was killed here. Not an `Exception`: no code of ours may handle its own death."""


@final
class Strand:
    """A thread that can be stopped in the middle of any call and go on, or die, there."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.name: Final = name
        self.wake_at = 0.0  # virtual seconds; before that there is nothing to do
        self.done = False
        self.error: BaseException | None = None
        self._work: Final = work
        self._killed = False
        self._thread: threading.Thread | None = None
        self._mine: Final = _taken()
        self._theirs: Final = _taken()

    def resume(self) -> None:
        """Lend the baton; returns when the strand rests or has ended."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
            self._thread.start()
        else:
            self._mine.release()
        self._theirs.acquire()
        if self.done:
            self._thread.join()

    def rest(self) -> None:
        """Give the baton back; from inside. Returns when it is lent again."""
        self._theirs.release()
        self._mine.acquire()
        if self._killed:
            raise KilledError(self.name)

    def kill(self) -> None:
        """End the strand where it rests."""
        if self.done:
            return
        self._killed = True
        if self._thread is None:
            self.done = True
            return
        self.resume()
        assert self.done, f"{self.name} goes on after its death"

    def _run(self) -> None:
        try:
            self._work()
        except KilledError:
            pass
        except BaseException as error:  # noqa: BLE001 - whoever resumed it judges how it ended
            self.error = error
        self.done = True
        self._theirs.release()


def _taken() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
