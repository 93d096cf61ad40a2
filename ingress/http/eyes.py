"""Eyes of the entrance: what was refused, and whether requests are counted with the other doors.

Owns: how these become samples.
Never: who was refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final, final

from eyes import names
from eyes.samples import Page

JOB: Final = "http"


@final
class DoorEyes:
    """What one entrance says of itself; satisfies `eyes.server.Told`. Told on the event loop."""

    def __init__(self) -> None:
        self._unready: Callable[[], str] = str
        self._refused: Final[Counter[str]] = Counter()
        self._failures = 0
        self.alone = False

    def watch(self, unready: Callable[[], str]) -> None:
        """Say from now on what this says."""
        self._unready = unready

    def refused(self, code: str) -> None:
        """Count a problem that was answered."""
        self._refused[code] += 1

    def shared_failed(self) -> None:
        """Count a question that the store of all doors did not answer."""
        self._failures += 1

    def dead(self) -> str:
        """Say nothing: an entrance that answers is not dead."""
        return ""

    def unready(self) -> str:
        """Say what is missing."""
        return self._unready()

    def page(self) -> Page:
        """Return the samples."""
        page = Page()
        page.add(names.READY, [JOB], not self.unready())
        page.add(names.HTTP_ALONE, [], self.alone)
        page.add(names.HTTP_SHARED_FAILURES, [], self._failures)
        for code, count in sorted(self._refused.items()):
            page.add(names.HTTP_REFUSED, [code], count)
        return page
