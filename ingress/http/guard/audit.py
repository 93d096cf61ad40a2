"""Audit: one record of every dangerous request, as ledgerctl keeps one of every mutation.

Owns: where a record is kept until it is in the ledger's own chain; the log of this door has each
record as well.
Never: a secret, a body or an amount: the command is in the ledger's log under its id. Makes no
request wait for the chain.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ingress.acts.line import Act, line_of
from ingress.acts.spool import Memory, Spool, Tray
from ingress.http.clock import Clock, wall_s

LOG = logging.getLogger(__name__)
MICROS: Final = 1_000_000


class Audit:
    """The file, or memory where there is none or it cannot be written."""

    def __init__(self, path: Path | None = None, clock: Clock = wall_s) -> None:
        """Open nothing yet, but see that it could be. Raises `OSError`."""
        self._memory: Final = Memory()
        self._kept: Final[Tray] = self._memory if path is None else Spool(path)
        self._path: Final = path
        self._clock: Final = clock
        self.on_record: Callable[[], None] = _nobody
        if path is not None:
            with path.open("a", encoding="utf-8"):
                pass

    @property
    def trays(self) -> list[Tray]:
        """Return where records wait for the chain."""
        return [self._memory] if self._path is None else [self._kept, self._memory]

    def record(self, act: Act) -> None:
        """Keep a record. What cannot be written is in the log, as an error, and in the chain."""
        line = line_of(act, int(self._clock() * MICROS))
        LOG.info("%s", line)
        try:
            self._kept.add(line)
        except OSError as error:
            LOG.error("%s is not written (%s): %s", self._path, error, line)  # noqa: TRY400 - the line is what counts
            self._memory.add(line)
        self.on_record()


def _nobody() -> None:
    """Tell nobody: a door that has no broker, in tests."""
