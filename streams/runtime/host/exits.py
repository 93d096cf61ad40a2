"""How a worker process ends when it cannot go on safely.

Owns: the exit codes, and the functions that end the process: `leave` at once, `end` after main.
Never: tidies up. When the runtime is unsure, the log decides what happened, and the next start
reads it.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from enum import IntEnum, unique
from typing import Final, NoReturn, Protocol

from streams.runtime import errors

LOG = logging.getLogger(__name__)

LOG_S: Final = 1.0  # longest time for the last words


@unique
class ExitCode(IntEnum):
    """Every way a worker ends, distinct, so that a supervisor's log tells which it was."""

    CLEAN = 0
    SETTINGS = 2  # a setting is missing, malformed or unknown
    CLUSTER = 4  # topics or broker settings are not what the job needs
    FENCED = 20  # another owner has this partition's transactional id
    UNKNOWN_OUTCOME = 21  # a commit or abort neither succeeded nor failed in time
    GAP = 22  # a hand-over did not start where the last one ended
    GENERATION_LOST = 23  # the group went on without this member
    BARRIER_MISSED = 24  # a partition did not finish its open group before a rebalance or stop
    HOST_CRASHED = 25  # an exception in Faust, aiokafka or the hosting code
    ASSIGNMENT = 26  # the inputs of one partition number are not all here
    STUCK = 27  # a call into the Kafka client did not return
    OUT_OF_RANGE = 28  # an input position no longer exists in its topic
    STATE_LOCKED = 29  # another process has the state folder open
    STORE_FAILED = 30  # the local database cannot be read or written: a full or broken disk

    @classmethod
    def of(cls, error: BaseException) -> ExitCode:
        """Return the code for what ended a partition's thread."""
        for kind, code in _CODES:
            if isinstance(error, kind):
                return code
        return cls.HOST_CRASHED


# After these the worker waits longer each time before it enters again.
UNSURE: Final = frozenset(
    {
        ExitCode.FENCED,
        ExitCode.UNKNOWN_OUTCOME,
        ExitCode.GAP,
        ExitCode.GENERATION_LOST,
        ExitCode.BARRIER_MISSED,
        ExitCode.HOST_CRASHED,
        ExitCode.STUCK,
        ExitCode.STORE_FAILED,
    }
)

_CODES: Final[tuple[tuple[type[BaseException], ExitCode], ...]] = (
    (errors.FencedError, ExitCode.FENCED),
    (errors.GapError, ExitCode.GAP),
    (errors.GenerationLostError, ExitCode.GENERATION_LOST),
    (errors.UnsureError, ExitCode.UNKNOWN_OUTCOME),
    (errors.ProducerLostError, ExitCode.UNKNOWN_OUTCOME),
    (errors.StoreLockedError, ExitCode.STATE_LOCKED),
    (errors.StoreFailedError, ExitCode.STORE_FAILED),
    (errors.WrongConfigError, ExitCode.CLUSTER),
)


class Leave(Protocol):
    """End the process. Tests hand in a recorder, so callers return after it."""

    def __call__(self, code: ExitCode, reason: str) -> object:
        """End it now, from any thread."""
        ...


def end(run: Callable[[], int]) -> NoReturn:
    """Run the worker, then end the process by its exit code, also after an exception.

    The interpreter is not taken apart: a thread that is inside RocksDB or the Kafka client then is
    unwound through frames that are not Python's: often a segmentation fault.
    """
    reason = "its main function is over"
    try:
        code = ExitCode(run())
    except SystemExit as wanted:  # argparse: wrong arguments, or --help
        code = ExitCode.SETTINGS if wanted.code else ExitCode.CLEAN
        reason = f"it asked to end with {wanted.code!r}"
    except BaseException:
        LOG.critical("the worker ended by an exception", exc_info=True)
        code = ExitCode.HOST_CRASHED
    leave(code, reason)


_LEAVING: Final = threading.Lock()  # taken once and never given back
_LAST: Final = threading.Lock()  # likewise, before the last call


def leave(code: ExitCode, reason: str) -> NoReturn:
    """End the process now, from any thread, without running another line of the runtime.

    The first reason is the one reported: partitions that lose their right together must not end
    the process through each other. A log nobody drains must not keep a worker alive that has lost
    its right to be.
    """
    _LEAVING.acquire()
    guard = threading.Timer(LOG_S, _exit, (code,))
    guard.daemon = True
    guard.start()
    level = logging.INFO if code is ExitCode.CLEAN else logging.CRITICAL
    LOG.log(level, "worker leaves with exit code %d (%s): %s", code, code.name, reason)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    _exit(code)


def _exit(code: ExitCode) -> NoReturn:
    """Make the last call, once: what hangs on it (a measurement writing its file) runs once."""
    _LAST.acquire()
    os._exit(code)
