"""Audit: one record of every dangerous request, as ledgerctl keeps one of every mutation.

Owns: its fields and its file; the log of this door has each record as well.
Never: a secret, a body or an amount: the command is in the ledger's log under its id.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ingress.http.clock import Clock, wall_s

LOG = logging.getLogger(__name__)
MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody asked for, and what became of it: a state of a command, or a code."""

    who: str
    what: str
    by: str  # key, token or session
    address: str
    wallet_id: str
    command_id: str
    outcome: str


class Audit:
    """The file; without one only the log has the records."""

    def __init__(self, path: Path | None = None, clock: Clock = wall_s) -> None:
        """Open nothing yet, but see that it could be. Raises `OSError`."""
        self._path: Final = path
        self._clock: Final = clock
        if path is not None:
            with path.open("a", encoding="utf-8"):
                pass

    def record(self, action: Action) -> None:
        """Append a record. What cannot be written is in the log, as an error."""
        line = json.dumps({"at_us": int(self._clock() * MICROS), **asdict(action)})
        LOG.info("%s", line)
        if self._path is None:
            return
        try:
            # One write of one line: several doors may share the file.
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            LOG.error("%s is not written (%s): %s", self._path, error, line)  # noqa: TRY400 - the line is what counts
