"""Results: follow the outcomes of one's own commands.

Owns: which commands are waited for, and their latest answer.
Never: stores a position; a caller that wants to go on later keeps `positions()`.

A command is answered once, or twice when money travels to another partition or waits for a
reviewer: PENDING first, FINAL later. A reader starts at the end of the topic, so make it *before*
the commands are sent. The same result may be read twice; the reader drops the repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final, Protocol

from typing_extensions import override

from ingress.sdk.closing import Closing
from ingress.sdk.errors import ResultTimeoutError
from ingress.sdk.result_tail import DEFAULTS, ReaderSettings, ResultTail
from schemas.access.kafka import Servers
from schemas.messages.results import Result
from schemas.messages.vocabulary import Stage

__all__ = ["ReaderSettings", "ResultReader"]

POLL_S: Final = 0.1


class Tail(Protocol):
    """The newest results, each told once."""

    def positions(self) -> dict[int, int]:
        """Return the next offset per partition."""
        ...

    def read(self, timeout_s: float, wanted: Callable[[bytes], bool]) -> list[Result]:
        """Return new results whose key is wanted, waiting at most `timeout_s` for one."""
        ...

    def close(self) -> None:
        """Read no more."""
        ...


class ResultReader(Closing):
    """Reads results of the commands it was told to expect. For one thread; close it, or use `with`.

    Raises `BrokerUnreachableError` or `TopicMissingError` when it is made.
    """

    def __init__(
        self,
        address: Servers,
        positions: Mapping[int, int] | None = None,
        settings: ReaderSettings = DEFAULTS,
        tail: Tail | None = None,
    ) -> None:
        """Start at `positions` (partition -> next offset); others start at the end.

        A tail of one's own is read instead of the broker's topic: that of a sandbox.
        """
        self._tail: Final[Tail] = tail or ResultTail(address, positions, settings)
        self._keys: Final[dict[bytes, int]] = {}
        self._waiting: Final[dict[tuple[str, str], Result | None]] = {}
        self._final: Final[dict[tuple[str, str], Result]] = {}

    def expect(self, wallet_id: str, command_id: str) -> None:
        """Follow this command until its FINAL result."""
        identity = (wallet_id, command_id)
        if identity not in self._waiting:
            self._waiting[identity] = None
            key = wallet_id.encode()
            self._keys[key] = self._keys.get(key, 0) + 1

    @property
    def outstanding(self) -> int:
        """How many expected commands have no FINAL result yet."""
        return len(self._waiting)

    def positions(self) -> dict[int, int]:
        """Return the next offset to read per partition, for a later reader."""
        return self._tail.positions()

    def poll(self, timeout_s: float = POLL_S) -> list[Result]:
        """Return new results of expected commands, waiting at most `timeout_s` for one.

        Raises `PositionLostError` when results were deleted before they were read.
        """
        read = self._tail.read(timeout_s, self._keys.__contains__)
        return [result for result in read if self._note(result)]

    def wait(self, wallet_id: str, command_id: str, *, timeout_s: float = 30.0) -> Result:
        """Return the FINAL result of one command, expected before or not.

        Raises `ResultTimeoutError`, which holds the PENDING result when there was one.
        """
        identity = (wallet_id, command_id)
        if identity not in self._final:
            self.expect(wallet_id, command_id)
        deadline = monotonic() + timeout_s
        while identity not in self._final:
            left = deadline - monotonic()
            if left <= 0:
                raise ResultTimeoutError(command_id, timeout_s, self._waiting.get(identity))
            self.poll(min(left, POLL_S))
        return self._final.pop(identity)

    @override
    def close(self) -> None:
        """Stop reading."""
        self._tail.close()

    def _note(self, result: Result) -> bool:
        """Keep a result that was expected; tell whether it is new."""
        identity = (result.wallet_id, result.command_id)
        if identity not in self._waiting or self._waiting[identity] == result:
            return False
        self._waiting[identity] = result
        if result.stage is Stage.FINAL:
            del self._waiting[identity]
            key = result.wallet_id.encode()
            self._keys[key] -= 1
            if not self._keys[key]:
                del self._keys[key]
            self._final[identity] = result
        return True
