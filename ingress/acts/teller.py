"""Teller: the thread of a door that moves lines of acts into the log.

Owns: that a request never waits for it, and that what could not be sent is tried again.
Never: ends because the log is away.
"""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from ingress.sdk.errors import SdkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingress.acts.sending import ActSender
    from ingress.acts.spool import Outbox

LOG = logging.getLogger(__name__)
AGAIN_S: Final = 5.0


class ActTeller:
    """Sends at its start what an earlier door left, then whatever is added."""

    def __init__(self, outboxes: Sequence[Outbox], sender: ActSender) -> None:
        self._outboxes: Final = outboxes
        self._sender: Final = sender
        self._added: Final = Event()
        self._ended = False
        self._thread: Final = Thread(target=self._run, name="acts", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._added.set()
        self._thread.start()

    def wake(self) -> None:
        """Say that a line was added."""
        self._added.set()

    def stop(self) -> None:
        """Try once more, and end."""
        self._ended = True
        self._added.set()
        self._thread.join()

    def _run(self) -> None:
        again = False
        while not self._ended:
            self._added.wait(AGAIN_S if again else None)
            self._added.clear()
            again = not self._sent()

    def _sent(self) -> bool:
        try:
            for outbox in self._outboxes:
                self._sender.send_all(outbox)
        except (SdkError, OSError) as error:
            LOG.warning("acts of operators are not in the log yet: %s", error)
            return False
        return True
