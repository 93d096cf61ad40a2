"""Teller: the thread of a door that moves lines of acts into the log.

Owns: that a request never waits for it, that what could not be sent is tried again, and that what
the log has not taken when the door ends is written down.
Never: ends because the log is away; lets one tray wait for another that cannot be read.
"""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from ingress.sdk.errors import SdkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingress.acts.sending import ActSender
    from ingress.acts.spool import Tray

LOG = logging.getLogger(__name__)
AGAIN_S: Final = 5.0


class ActTeller:
    """Sends at its start what an earlier door left, then whatever is added."""

    def __init__(self, trays: Sequence[Tray], sender: ActSender) -> None:
        self._trays: Final = trays
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
        """Try once more, write down what the log has not taken, and end."""
        self._ended = True
        self._added.set()
        self._thread.join()
        for tray in self._trays:
            for left in tray.left():
                LOG.error("%s", left)

    def _run(self) -> None:
        again = last = False
        while not last:
            self._added.wait(AGAIN_S if again else None)
            self._added.clear()
            # Looked at before the sending: who stops while it runs is owed another try, because
            # lines may have come that this one does not see.
            last = self._ended
            sent = [self._sent(tray) for tray in self._trays]
            again = False in sent

    def _sent(self, tray: Tray) -> bool:
        try:
            self._sender.send_all(tray)
        except (SdkError, OSError) as error:
            LOG.warning("acts of operators are not in the log yet: %s", error)
            return False
        return True
