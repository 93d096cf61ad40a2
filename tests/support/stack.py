"""The local stack for tests: one for the whole run, or one of its own for a test.

Owns: where the stacks of tests live, and that none outlives its run.
Never: creates topics or tables; a test makes its own, under names of its own.
"""

import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops.chaos.bypass import Bypass
from ops.stack import PASSABLE, SERVICES, Service, Stack, StackConfig

POLL_S = 0.02
PATIENCE_S = 90.0  # a machine that others use too


@contextmanager
def stack_folder() -> Iterator[Path]:
    """Give a folder for a stack and remove it afterwards."""
    root = Path(tempfile.mkdtemp(prefix="ledger-stack-"))
    root.chmod(PASSABLE)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def running_stack(*services: Service) -> Iterator[Stack]:
    """Give a fresh stack with these services, up and ready; stop and remove it afterwards."""
    with stack_folder() as root:
        config = StackConfig(root=root, services=services or SERVICES)
        with Stack(config, say=_say) as stack:
            yield stack


@pytest.fixture(scope="session")
def ledger_stack() -> Iterator[Stack]:
    """All four servers, started by the first test that asks, stopped at the end of the run.

    Its broker has a second door, for clients that a test sends through the proxy of `ops/chaos`.
    Shared: use topics, databases, keyspaces and keys of your own. A test that stops or kills a
    server takes `running_stack` instead.
    """
    with stack_folder() as root, Stack(Bypass.choose(root).config(root), say=_say) as stack:
        yield stack


def wait_until(condition: Callable[[], object], deadline_s: float = PATIENCE_S) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    pause = threading.Event()
    deadline = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < deadline, f"still waiting after {deadline_s} s"
        pause.wait(POLL_S)


def _say(message: str) -> None:
    sys.stderr.write(f"[stack] {message}\n")
