"""One child process: started in its own session, stopped whole, never an orphan.

Every child asks the kernel for a signal when the thread that forked it ends
(`PR_SET_PDEATHSIG` follows the thread, not the process). Therefore all children of a stack
are forked by one `Spawner` thread that lives until the interpreter is torn down.

Owns: fork, pids and their identity, stopping, the tail of a log.
Never: knows what a server is.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from ops.stack.errors import NotRunningError

TAIL_LINES: Final = 25
TAIL_WIDTH: Final = 240
TAIL_BYTES: Final = 16 * 1024
# A log is set aside once, at the start that finds it this large: never more than twice this.
LOG_MAX_BYTES: Final = 16 * 1024 * 1024
_LAUNCHER: Final = Path(__file__).with_name("child.py")
_START_TICKS_FIELD: Final = 19  # of /proc/PID/stat, counted after the parenthesised name


@dataclass(frozen=True, slots=True)
class User:
    """An account to run a child as, given by root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Launch:
    """Everything needed to start one child."""

    name: str
    argv: tuple[str, ...]
    cwd: Path
    log: Path
    env: Mapping[str, str]
    death_signal: signal.Signals = signal.SIGKILL
    user: User | None = None
    keep_fds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """A pid together with its start time, so that a reused pid is told apart."""

    pid: int
    start_ticks: int

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """Read the identity of a living process; None when there is none."""
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else cls(pid, int(fields[_START_TICKS_FIELD]))

    def alive(self) -> bool:
        """Tell whether this very process still runs."""
        return Identity.of(self.pid) == self

    def send(self, number: signal.Signals) -> bool:
        """Signal this very process; False when it is gone."""
        if not self.alive():
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)
            return True
        return False


class Child:
    """A started process that this process owns."""

    def __init__(self, launch: Launch, popen: subprocess.Popen[bytes]) -> None:
        """Wrap a freshly started process."""
        self.launch = launch
        self._popen = popen
        self.identity = Identity.of(popen.pid)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    def exit_code(self) -> int | None:
        """Return the exit code, negative for a signal; None while it runs."""
        return self._popen.poll()

    def until_end(self) -> int:
        """Wait for the end, however long; return the exit code."""
        return self._popen.wait()

    def wait(self, timeout_s: float) -> int | None:
        """Wait for the end; None when it still runs after the timeout."""
        try:
            return self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def send(self, number: signal.Signals) -> None:
        """Signal the process itself; nothing happens when it is gone."""
        self._popen.send_signal(number)

    def stop(self, number: signal.Signals, grace_s: float) -> int:
        """Ask it to end; after the grace kill its whole session. Returns the exit code."""
        self.ask(number)
        return self.finish(grace_s)

    def ask(self, number: signal.Signals) -> None:
        """Ask it to end, without waiting for it."""
        self.send(number)
        # A stopped process (SIGSTOP) gets to see its signal only when it continues.
        self.send(signal.SIGCONT)

    def finish(self, grace_s: float) -> int:
        """Wait for the end of a process that was asked; after the grace kill its session."""
        code = self.wait(grace_s)
        self.kill_session()
        return self._popen.wait() if code is None else code

    def kill_session(self) -> None:
        """Kill whatever is left in the child's own process group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def tail(self) -> str:
        """Return the last lines of its log."""
        return tail(self.launch.log)


class Spawner:
    """The one thread that forks the children of a stack."""

    def __init__(self) -> None:
        """Start the thread; a daemon, so that exit handlers still find it alive."""
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._closed = False
        threading.Thread(target=self._run, name="stack-spawner", daemon=True).start()

    def start(self, launch: Launch) -> Child:
        """Start a child and return it, or raise what the operating system said."""
        order = _Order(launch)
        self._orders.put(order)
        while not order.done.wait(1):
            if self._closed:
                raise NotRunningError(f"{launch.name} was not started: the stack is down")
        if order.error is not None:
            raise order.error
        assert order.popen is not None
        return Child(launch, order.popen)

    def close(self) -> None:
        """End the thread, and with it any child that was left."""
        self._closed = True
        self._orders.put(None)

    def _run(self) -> None:
        while (order := self._orders.get()) is not None:
            try:
                order.popen = _fork(order.launch)
            except (OSError, TypeError, ValueError) as error:
                # A name or variable that is no text must not end this thread, and all children.
                order.error = error
            order.done.set()


@dataclass(slots=True)
class _Order:
    launch: Launch
    done: threading.Event = field(default_factory=threading.Event)
    popen: subprocess.Popen[bytes] | None = None
    error: Exception | None = None


def _fork(launch: Launch) -> subprocess.Popen[bytes]:
    user = f"{launch.user.uid}:{launch.user.gid}" if launch.user else "-"
    launcher = (sys.executable, "-I", "-S", str(_LAUNCHER))
    tie = (str(os.getpid()), str(int(launch.death_signal)), user)
    _set_aside(launch.log)
    with launch.log.open("ab") as log:
        return subprocess.Popen(
            (*launcher, *tie, *launch.argv),
            cwd=launch.cwd,
            env=dict(launch.env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=launch.keep_fds,
            start_new_session=True,
        )


def _set_aside(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_MAX_BYTES:
        log.replace(log.with_suffix(".log.1"))


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a file, or say that there are none."""
    if not log.exists():
        return "  (no log was written)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL_BYTES))
        text = file.read().decode(errors="replace")
    return (
        "\n".join(f"  {line[:TAIL_WIDTH]}" for line in text.splitlines()[-lines:])
        or "  (the log is empty)"
    )
