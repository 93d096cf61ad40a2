"""Logs of a worker: standard error, one line per event, and no flood while a broker is away.

Owns: the format, the levels of the libraries, and the thinning of repeated lines.
Never: touches standard output; Faust is told not to, either.
"""

from __future__ import annotations

import faulthandler
import logging
import time
from collections.abc import Callable
from typing import Final

from typing_extensions import override

from eyes import logs
from eyes.logs import LogFormat

WITH_THREAD: Final = "%(asctime)s %(levelname)s %(threadName)s %(name)s %(message)s"
REPEAT_AFTER_S: Final = 10.0
STDERR: Final = 2  # by its number: somebody may have replaced the object
LIBRARIES: Final = ("faust", "mode", "aiokafka")


class Thinned(logging.Filter):
    """Lets the same warning of a library through once in a while.

    While a broker is away, aiokafka reports about twenty failures a second and connection.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic: Final = monotonic
        self._last: Final[dict[tuple[str, str], float]] = {}  # templates: as many as library lines

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to log."""
        if not record.name.startswith(LIBRARIES):
            return True
        key, now = (record.name, str(record.msg)), self._monotonic()
        if now - self._last.get(key, -REPEAT_AFTER_S) < REPEAT_AFTER_S:
            return False
        self._last[key] = now
        return True


def log_to_stderr(form: LogFormat = "text") -> None:
    """Set the root logger up; called once, by the composition root.

    A crash inside a compiled library has no traceback: it leaves the stacks of all threads.
    """
    faulthandler.enable(STDERR)
    logs.log_to_stderr(form, WITH_THREAD).addFilter(Thinned())
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)
