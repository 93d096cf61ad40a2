"""Stores: what a read may ask, behind a bulkhead and a circuit breaker for each store.

Owns: the threads of a store, how many may wait for them, when it is not asked at all, and that it
answers from no earlier than a token.
Never: asks one store for another: which reads may fall back is `reading.py`'s to say.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock, local
from typing import Final, Generic, Protocol, TypeVar

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from ingress.http.position import Token
from ingress.http.problems import Problem
from sinks.postgres.reads import Position, StoreAway

THREADS: Final = 4
WAITING_MAX: Final = 64
FAILURES: Final = 5  # in a row, and the store is left alone
LEFT_ALONE_S: Final = 5.0
CATCH_UP_S: Final = 2.0  # how long a read waits for a store that is behind its token
POLL_S: Final = 0.02


class Reads(Protocol):
    """What every store's reads have."""

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""

    def close(self) -> None:
        """Close it."""


R = TypeVar("R", bound=Reads)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """An answer and where the store stood when it was asked."""

    value: T
    source: str
    at: Token | None


class Store(Generic[R]):
    """One store. `connect` makes its reads, once for each thread; raises `StoreAway`."""

    def __init__(self, name: str, connect: Callable[[], R]) -> None:
        self.name: Final = name
        self._connect: Final = connect
        self._own: Final = local()
        self._made: Final[list[R]] = []
        self._lock: Final = Lock()
        self._threads: Final = ThreadPoolExecutor(THREADS, f"reads-{name}")
        self._waiting = 0
        self._breakers: Final = AsyncCircuitBreakerFactory(
            # A refusal of ours says nothing of the store.
            default_threshold=FAILURES,
            default_ttl=LEFT_ALONE_S,
            exclude=[Problem],
        )

    async def ask(self, question: Callable[[R], T], at_least: Token | None = None) -> Answered[T]:
        """Ask; the answer is from `at_least` or later.

        Raises `StoreAway` when the store does not answer, `Problem` BUSY or BEHIND.
        """
        if self._waiting >= WAITING_MAX:
            raise Problem("BUSY", f"{self._waiting} reads of {self.name} wait already")
        self._waiting += 1
        try:
            breaker = await self._breakers.get_breaker(self.name)
            async with breaker:
                return await self._asked(question, at_least)
        except OpenedState as error:
            raise StoreAway(f"{self.name} did not answer lately and is left alone") from error
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads and close what they had."""
        self._threads.shutdown()
        for reads in self._made:
            reads.close()

    async def _asked(self, question: Callable[[R], T], at_least: Token | None) -> Answered[T]:
        loop, until = asyncio.get_running_loop(), time.monotonic() + CATCH_UP_S
        while True:
            told = await loop.run_in_executor(self._threads, self._ask, question, at_least)
            if isinstance(told, Answered):
                return told
            if time.monotonic() >= until:
                assert at_least is not None, "only who asks for a position can be told to wait"
                behind = at_least.sequence - told
                raise Problem(
                    "BEHIND",
                    f"{self.name} stands {behind} Decisions before {at_least}",
                    source=self.name,
                    behind=behind,
                )
            await asyncio.sleep(POLL_S)

    def _ask(self, question: Callable[[R], T], at_least: Token | None) -> Answered[T] | int:
        """Return the answer, or where the store stands when that is not far enough."""
        reads = self._reads()
        if at_least is None:
            return Answered(question(reads), self.name, None)
        # The position first: what is read after it can only be newer.
        position = reads.position(at_least.partition)
        sequence = 0 if position is None else position.sequence
        if sequence < at_least.sequence:
            return sequence
        return Answered(question(reads), self.name, Token(at_least.partition, sequence))

    def _reads(self) -> R:
        found: R | None = getattr(self._own, "reads", None)
        if found is None:
            found = self._connect()
            self._own.reads = found
            with self._lock:
                self._made.append(found)
        return found
