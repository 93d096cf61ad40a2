"""Following the log while a run goes on: what is decided, what still travels, how far it got.

Owns: a thread that folds the growing log into totals.
Never: asks a worker or a sink; judges: `ops.checker` does, when everything is at rest.
"""

from __future__ import annotations

import threading
from typing import Final, final

from ops.audit.follow import LogFollower
from ops.audit.totals import Totals
from schemas.access.kafka import Servers


@final
class Audit:
    """Folds the log in a thread of its own while it grows."""

    def __init__(self, bootstrap: Servers) -> None:
        self.totals: Final = Totals()
        self.sequences: Final[dict[int, int]] = {}
        self._follower: Final = LogFollower(bootstrap)
        self._stop: Final = threading.Event()
        self._failure: BaseException | None = None
        self._thread: Final = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise what stopped the audit, if anything did."""
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """Stop following. Raises what stopped the audit, if anything did."""
        self._stop.set()
        self._thread.join()
        self._follower.close()
        self.check()

    @property
    def voided(self) -> int:
        """Decisions of torn transactions, which no reader applies."""
        return sum(reader.voided for reader in self._follower.readers.values())

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                for group in self._follower.poll():
                    for decision in group.decisions:
                        self.totals.add(decision)
                    partition = group.decisions[0].partition
                    self.sequences[partition] = group.last_sequence
        except BaseException as failure:  # noqa: BLE001 - handed to whoever asks next
            self._failure = failure
