"""Feed: one thread that reads results for everybody who waits.

Owns: the thread, and reading again after the broker lost it.
Never: decodes a record that nobody waits for.
"""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import Final

from ingress.sdk.errors import BrokerUnreachableError, PositionLostError, TopicMissingError
from ingress.sdk.result_tail import ResultTail
from ingress.sdk.waiting import Waiters
from schemas.access.kafka import Servers

LOG = logging.getLogger(__name__)
READ_S: Final = 0.1
AGAIN_S: Final = 1.0
STOP_S: Final = 10.0


class ResultFeed:
    """Reads until it is closed. Raises `BrokerUnreachableError` when it is made."""

    def __init__(self, kafka: Servers, waiters: Waiters) -> None:
        self._kafka: Final = kafka
        self._waiters: Final = waiters
        self._closed: Final = Event()
        self._tail = ResultTail(kafka)
        self._thread: Final = Thread(target=self._run, name="ledger-results", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether results are being read."""
        return self._thread.is_alive() and not self._closed.is_set()

    def close(self) -> None:
        """Stop reading."""
        self._closed.set()
        self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                for result in self._tail.read(READ_S, self._waiters.wanted):
                    self._waiters.told(result)
            except PositionLostError as error:
                # Who waits is told nothing and asks later: the log has its Decision.
                LOG.warning("results lost: %s; reading on from the end", error)
                self._renew()
        self._tail.close()

    def _renew(self) -> None:
        self._tail.close()
        while not self._closed.wait(AGAIN_S):
            try:
                self._tail = ResultTail(self._kafka)
            except (BrokerUnreachableError, TopicMissingError) as error:
                LOG.warning("results cannot be read: %s", error)
            else:
                return
