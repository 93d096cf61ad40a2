"""Eyes of the process that fills the lake.

Owns: its samples; what dead and unready mean for it.
Never: asks a catalog.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final, final

from eyes import names
from eyes.progress import Progress, Seen
from eyes.samples import Page
from sinks.lake.feed import Feed

JOB: Final = "lake"
SILENT_AFTER_S: Final = 300.0  # a commit of many days to a store far away is slow, and no reason


@final
class LakeEyes:
    """What the process says of itself; satisfies `eyes.server.Told`."""

    def __init__(self, feeds: Sequence[Feed], monotonic: Callable[[], float]) -> None:
        self._feeds: Final = feeds
        self._monotonic: Final = monotonic
        self._turns: Final = Progress(SILENT_AFTER_S)
        self._guard: Final = threading.Lock()  # scrapes and probes come in threads of their own

    def dead(self) -> str:
        """Say which thread no longer turns. A server that is away is waited for, and no reason."""
        seen = {each.name: Seen(each.turns + each.retries, waiting=True) for each in self._feeds}
        with self._guard:
            silent = self._turns.look(self._monotonic(), seen)
        return f"no longer turning: {', '.join(sorted(silent))}" if silent else ""

    def unready(self) -> str:
        """Say what is not read yet."""
        if trouble := self.dead():
            return trouble
        waiting = [each.name for each in self._feeds if not each.turns]
        return f"not read yet: {', '.join(waiting)}" if waiting else ""

    def page(self) -> Page:
        """Return the samples."""
        page = Page()
        page.add(names.READY, [JOB], not self.unready())
        for each in self._feeds:
            for metric in names.LAKE:
                page.add(metric, [each.name], getattr(each, metric.field))
        return page
