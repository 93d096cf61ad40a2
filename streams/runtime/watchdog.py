"""The watchdog: a transactional call that does not return ends the process.

Owns: the deadline of every call under way, and the one thread that looks at them.
Never: judges a call that returned. Kafka clients know calls that block for ever; the log decides
afterwards what such a call had done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, final

from streams.runtime.ports import Clock

# The broker aborts a transaction by itself after 10 s; twice that is past every honest answer.
CALL_LIMIT_S: Final = 20.0
LOOK_EVERY_S: Final = 0.5

Expired = Callable[[str], object]  # ends the process; called with which call hangs


class Watchdog:
    """Watches the calls of every partition of the process."""

    def __init__(self, clock: Clock, expired: Expired, limit_s: float = CALL_LIMIT_S) -> None:
        self._clock: Final = clock
        self._expired: Final = expired
        self._limit_s: Final = limit_s
        self._watches: Final[dict[str, CallWatch]] = {}
        self._stopping: Final = threading.Event()

    def watch(self, name: str) -> CallWatch:
        """Return a new watch for the producer of that name; it replaces the last one's."""
        watch = self._watches[name] = CallWatch(name, self._clock)
        return watch

    def look(self) -> None:
        """Look once at every call under way."""
        now = self._clock.monotonic()
        for watch in tuple(self._watches.values()):
            since = watch.since
            if since is not None and now - since > self._limit_s:
                self._expired(
                    f"{watch.name}: {watch.call} has not returned for {now - since:.0f} s"
                )

    def start(self) -> None:
        """Start looking, in a thread of its own that never keeps the process alive."""
        threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            self.look()


@final
class CallWatch:
    """The call one partition is in; satisfies `Watch`. Its thread writes, the watchdog reads."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.name: Final = name
        self.call = ""
        self.since: float | None = None
        self._clock: Final = clock

    def arm(self, call: str) -> None:
        """A transactional call starts."""
        self.call = call
        self.since = self._clock.monotonic()

    def disarm(self) -> None:
        """It returned, with or without an error."""
        self.since = None
