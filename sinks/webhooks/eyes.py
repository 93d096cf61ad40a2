"""Eyes of the process that tells webhooks and notices.

Owns: its samples; what dead and unready mean for it.
Never: asks the store on a scrape: a thread of its own does, now and then.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, final

from eyes import names
from eyes.progress import Progress, Seen
from eyes.samples import Page
from sinks.errors import StoreAway
from sinks.webhooks.intake import Intake
from sinks.webhooks.queue import Queue, Standings
from sinks.webhooks.sender import Sender

JOB: Final = "webhooks"
EVERY_S: Final = 2.0
SILENT_AFTER_S: Final = 60.0  # a letter takes 15 s at most, a channel somewhat longer


@final
class WebhookEyes:
    """What the process says of itself; satisfies `eyes.server.Told`."""

    def __init__(
        self,
        intakes: Sequence[Intake],
        senders: Sequence[Sender],
        monotonic: Callable[[], float],
    ) -> None:
        self._intakes: Final = intakes
        self._senders: Final = senders
        self._monotonic: Final = monotonic
        self._turns: Final = Progress(SILENT_AFTER_S)
        self._guard: Final = threading.Lock()  # scrapes and probes come in threads of their own
        self._standings: Standings | None = None

    def look(self, queue: Queue, stop: threading.Event) -> None:
        """Ask the store how much waits, now and then, until told to stop."""
        while not stop.wait(EVERY_S):
            try:
                self._standings = queue.standings()
            except StoreAway:
                self._standings = None

    def dead(self) -> str:
        """Say which thread no longer turns. A server that is away is waited for, and no reason."""
        seen = {
            **{each.topic: Seen(each.turns + each.retries, waiting=True) for each in self._intakes},
            **{
                f"sender {number}": Seen(each.turns + each.retries, waiting=True)
                for number, each in enumerate(self._senders)
            },
        }
        with self._guard:
            silent = self._turns.look(self._monotonic(), seen)
        return f"no longer turning: {', '.join(sorted(silent))}" if silent else ""

    def unready(self) -> str:
        """Say what keeps events from being told."""
        if trouble := self.dead():
            return trouble
        waiting = [each.topic for each in self._intakes if not each.turns]
        return f"not read yet: {', '.join(waiting)}" if waiting else ""

    def page(self) -> Page:
        """Return the samples."""
        page = Page()
        page.add(names.READY, [JOB], not self.unready())
        for each in self._intakes:
            page.add(names.WEBHOOK_LAG, [each.topic], each.lag)
            page.add(names.WEBHOOK_KEPT, [each.topic], each.kept)
        sent: Counter[str] = Counter()
        for sender in self._senders:
            sent += sender.sent
        for state, count in sent.items():
            page.add(names.WEBHOOK_ATTEMPTS, [state], count)
        if (standings := self._standings) is not None:
            page.add(names.WEBHOOK_DELIVERIES, ["DUE"], standings.due)
            page.add(names.WEBHOOK_DELIVERIES, ["DEAD"], standings.dead)
            page.add(names.WEBHOOK_OLDEST, [], standings.oldest_s)
            page.add(names.WEBHOOK_BREAKERS, [], standings.breakers)
        return page
