"""Waiting: coroutines that wait for the result of their command.

Owns: who waits for which command, and that one command is not awaited twice at once.
Never: reads a topic (`feed.py` does), or keeps an answer nobody waits for.

A waiter is here before its command is produced, so its result cannot pass by unseen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from ingress.sdk.errors import InFlightError
from schemas.messages.results import Result
from schemas.messages.vocabulary import Stage

Identity = tuple[str, str]  # wallet id, command id


class Waiter:
    """One coroutine; used on its own event loop only."""

    def __init__(self) -> None:
        self._loop: Final = asyncio.get_running_loop()
        self._final: Final[asyncio.Future[Result]] = self._loop.create_future()
        self._pending: Result | None = None

    def tell(self, result: Result) -> None:
        """Hand over a result, from any thread."""
        self._loop.call_soon_threadsafe(self._take, result)

    async def result(self, wait_s: float) -> Result | None:
        """Return the FINAL result, or what there is after `wait_s`: a PENDING one, or None."""
        done, _ = await asyncio.wait({self._final}, timeout=wait_s)
        return self._final.result() if done else self._pending

    def _take(self, result: Result) -> None:
        if result.stage is Stage.PENDING:
            self._pending = result
        elif not self._final.done():
            self._final.set_result(result)


class Waiters:
    """All that wait, told from the thread that reads the results."""

    def __init__(self) -> None:
        self._lock: Final = Lock()
        self._waiting: Final[dict[Identity, Waiter]] = {}
        self._keys: Final[dict[bytes, int]] = {}

    @contextmanager
    def waiter(self, wallet_id: str, command_id: str) -> Iterator[Waiter]:
        """Wait for a command as long as this lasts. Raises `InFlightError`."""
        identity, key, waiter = (wallet_id, command_id), wallet_id.encode(), Waiter()
        with self._lock:
            if identity in self._waiting:
                raise InFlightError(wallet_id, command_id)
            self._waiting[identity] = waiter
            self._keys[key] = self._keys.get(key, 0) + 1
        try:
            yield waiter
        finally:
            with self._lock:
                del self._waiting[identity]
                self._keys[key] -= 1
                if not self._keys[key]:
                    del self._keys[key]

    def wanted(self, key: bytes) -> bool:
        """Tell whether somebody waits for a command of this wallet; asked for every record."""
        return key in self._keys

    def told(self, result: Result) -> None:
        """Hand a result to who waits for it."""
        with self._lock:
            waiter = self._waiting.get((result.wallet_id, result.command_id))
        if waiter is not None:
            waiter.tell(result)

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)
