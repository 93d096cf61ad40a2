"""Eyes of an auditor: what it counts, as metrics and as an answer to "ready?".

Owns: what dead and unready mean for an auditor.
Never: holds it up: it reads plain numbers that the auditor's thread writes.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final, final

from eyes import names
from eyes.progress import Progress, Seen
from eyes.samples import Page
from sinks.audit.auditor import Auditor

# A turn ends after one bucket at most, and is tried again while the store is away.
SILENT_AFTER_S: Final = 60.0
JOB: Final = "audit"


@final
class AuditEyes:
    """What the auditor of one store says of itself; satisfies `eyes.server.Told`."""

    def __init__(self, store: str, monotonic: Callable[[], float]) -> None:
        self._store: Final = store
        self._monotonic: Final = monotonic
        self._auditor: Auditor | None = None
        self._turns: Final = Progress(SILENT_AFTER_S)
        self._guard: Final = Lock()  # scrapes and probes come in threads of their own

    def watch(self, auditor: Auditor) -> None:
        """Watch this auditor from now on."""
        self._auditor = auditor

    def dead(self) -> str:
        """Say that it no longer turns."""
        if self._auditor is None:
            return ""
        seen = {self._store: Seen(self._auditor.turns, waiting=True)}
        with self._guard:
            silent = self._turns.look(self._monotonic(), seen)
        return f"no longer auditing: {self._store}" if silent else ""

    def unready(self) -> str:
        """Say what keeps it from reading the store."""
        if self._auditor is None:
            return f"not started: {self._store} or the broker was not reached yet"
        if trouble := self.dead():
            return trouble
        return f"store or broker away: {self._store}" if self._auditor.attempt else ""

    def page(self) -> Page:
        """Return the samples."""
        page = Page()
        page.add(names.READY, [JOB], not self.unready())
        if self._auditor is not None:
            for metric in names.AUDITS:
                page.add(metric, [self._store], getattr(self._auditor, metric.field))
            age = self._auditor.round_age(self._monotonic())
            page.add(names.AUDIT_AGE, [self._store], age)
        return page
