"""Letter: one delivery on its way, and who carries it.

Owns: what a door is given, and the Protocol of doors.
Never: knows a network or a store.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from sinks.webhooks.schedule import Answer
from sinks.webhooks.subscription import Subscription


class Letter(NamedTuple):
    """A delivery that is due, locked for whoever holds it."""

    to: Subscription
    event_id: str
    message_id: str
    type: str
    body: str
    attempts: int  # so far
    failures: int  # of its endpoint, in a row
    now: int  # microseconds, by the clock of the store

    @property
    def seed(self) -> str:
        """Return what its jitter is made of."""
        return self.message_id


class Door(Protocol):
    """A way out. Its methods are called from one thread."""

    def send(self, letter: Letter) -> Answer:
        """Send once, and say what came of it; never raises for what the other side does."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
