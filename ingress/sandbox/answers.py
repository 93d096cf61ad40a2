"""Answers: the topic of results of a sandbox, and a tail of it as readers of the broker have one.

Owns: results in the order they came, and waiting for the next one.
Never: makes a result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Condition
from typing import Final, final

from ingress.sdk.errors import ClosedError
from schemas.messages.results import Result


@final
class Answers:
    """Every result, by partition."""

    def __init__(self, partitions: int) -> None:
        self.changed: Final = Condition()
        self.by_partition: Final[list[list[Result]]] = [[] for _ in range(partitions)]

    def add(self, partition: int, result: Result) -> None:
        """Tell a result to everybody who reads."""
        with self.changed:
            self.by_partition[partition].append(result)
            self.changed.notify_all()

    def ends(self) -> dict[int, int]:
        """Return the next offset of each partition."""
        return {number: len(told) for number, told in enumerate(self.by_partition)}


@final
class AnswerTail:
    """Reads results from a position on; satisfies `ingress.sdk.results.Tail`."""

    def __init__(self, answers: Answers, positions: Mapping[int, int] | None = None) -> None:
        self._answers: Final = answers
        self._next: Final = {**answers.ends(), **(positions or {})}
        self._open = True

    def positions(self) -> dict[int, int]:
        """Return the next offset per partition."""
        return dict(self._next)

    def read(self, timeout_s: float, wanted: Callable[[bytes], bool]) -> list[Result]:
        """Return new results whose key is wanted, waiting at most `timeout_s` for one."""
        if not self._open:
            raise ClosedError("the reader is closed")
        with self._answers.changed:
            self._answers.changed.wait_for(lambda: self._answers.ends() != self._next, timeout_s)
            found = [
                result
                for number, told in enumerate(self._answers.by_partition)
                for result in told[self._next[number] :]
                if wanted(result.wallet_id.encode())
            ]
            self._next.update(self._answers.ends())
        return found

    def close(self) -> None:
        """Read no more."""
        self._open = False
