"""Generation: whether the group still counts us in.

Owns: the memory of the last heartbeat that was answered.
Never: answers yes from hope. Only a heartbeat counts that was sent after the moment in question,
answered for the same generation, and not the first one after a failure: while a coordinator loads
its groups, Kafka answers any heartbeat with yes.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple


class Answered(NamedTuple):
    """A heartbeat the coordinator accepted."""

    sent_at: float  # monotonic seconds, before it was sent
    generation: int


class Heartbeats:
    """Watches aiokafka's heartbeats from inside the consumer's loop; read from any thread."""

    def __init__(self, coordinator: Any) -> None:
        self._coordinator: Final = coordinator
        self._send: Final[Callable[[], Awaitable[bool]]] = coordinator._do_heartbeat
        self._last: Answered | None = None
        self._steady = False  # the one before was accepted too
        coordinator._do_heartbeat = self._observed

    def confirmed(self, generation: int, since: float) -> bool:
        """Say whether a heartbeat sent after `since` was answered for this generation."""
        last = self._last
        return last is not None and last.generation == generation and last.sent_at > since

    async def _observed(self) -> bool:
        """Send one. A rebalance in progress is no confirmation: our epoch is about to end."""
        coordinator, sent_at = self._coordinator, time.monotonic()
        generation, steady, self._steady = coordinator.generation, self._steady, False
        accepted = await self._send()
        rejoins = coordinator._rejoin_needed_fut.done()
        if accepted and coordinator.generation == generation and not rejoins:
            self._steady = True
            if steady:
                self._last = Answered(sent_at, generation)
        return accepted
