"""A process that is started again when it ends: a worker, a sink.

Theory: one thread per process starts it and waits for its end. If nobody asked for the end,
it waits a little, longer each time, and starts it again; a process that stayed up for a while
begins again with the shortest wait.

Owns: the life of one supervised process.
Never: decides what runs.
"""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ops.stack.errors import StackError
from ops.stack.process import Child, Launch, Spawner

State = Literal["starting", "running", "waiting", "stopped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """When and how often to start a process again."""

    limit: int | None = None  # None: for ever
    first_wait_s: float = 0.5
    longest_wait_s: float = 15.0
    # Up for this long counts as healthy: the next end begins with the first wait again.
    healthy_after_s: float = 20.0

    def wait_s(self, ends_in_a_row: int) -> float:
        """Return how long to wait after the n-th quick end, counted from 1."""
        # The exponent is bounded because a float is not.
        return min(self.longest_wait_s, self.first_wait_s * 2.0 ** min(ends_in_a_row - 1, 32))


NEVER = RestartPolicy(limit=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known about a managed process now."""

    state: State
    pid: int | None
    restarts: int
    exits: tuple[int, ...]  # exit codes of all its ends, in order; a signal's are negative

    @property
    def exit_code(self) -> int | None:
        """The exit code of its last end."""
        return self.exits[-1] if self.exits else None


@dataclass(slots=True)
class ManagedProcess:
    """One supervised process."""

    spawner: Spawner
    launch: Launch
    policy: RestartPolicy = field(default_factory=RestartPolicy)
    stop_signal: signal.Signals = signal.SIGTERM
    stop_grace_s: float = 20.0
    on_change: Callable[[], None] = lambda: None
    _child: Child | None = None
    _thread: threading.Thread | None = None
    _state: State = "stopped"
    _restarts: int = 0
    _exits: tuple[int, ...] = ()
    _stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        """The name of the process."""
        return self.launch.name

    def report(self) -> Report:
        """Return its state, pid, restarts and how it ended so far."""
        child = self._child
        pid = child.pid if child is not None and self._state == "running" else None
        return Report(state=self._state, pid=pid, restarts=self._restarts, exits=self._exits)

    def start(self) -> None:
        """Start it and keep it up; does nothing when it is already kept up."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stopping.clear()
        self._begin()
        self._thread = threading.Thread(target=self._keep_up, name=f"keep-{self.name}", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Ask it to end for good, without waiting for it."""
        if self._stopping.is_set():
            return  # once: to many programs a second signal means "at once"
        self._stopping.set()
        child = self._child
        if child is not None and child.exit_code() is None:
            child.ask(self.stop_signal)

    def stop(self) -> None:
        """End it for good; its own stop signal first, then without mercy."""
        self.ask()
        thread, child = self._thread, self._child
        if child is not None:
            child.finish(self.stop_grace_s)
        if thread is not None:
            thread.join()
        self._to("stopped")

    def kill(self, number: signal.Signals = signal.SIGKILL) -> int | None:
        """Signal the process as a crash would; the policy decides what follows."""
        child = self._child
        if child is None or child.exit_code() is not None:
            return None
        child.send(number)
        return child.pid

    def _begin(self) -> None:
        self._child = self.spawner.start(self.launch)
        self._to("running")

    def _keep_up(self) -> None:
        quick_ends = 0
        while True:
            child = self._child
            assert child is not None
            started = time.monotonic()
            self._exits += (child.until_end(),)
            child.kill_session()
            healthy = time.monotonic() - started >= self.policy.healthy_after_s
            quick_ends = 1 if healthy else quick_ends + 1
            if not self._again(quick_ends):
                return

    def _again(self, quick_ends: int) -> bool:
        if self._stopping.is_set():
            return False
        if self.policy.limit is not None and self._restarts >= self.policy.limit:
            self._to("failed")
            return False
        self._to("waiting")
        if self._stopping.wait(self.policy.wait_s(quick_ends)):
            return False
        self._restarts += 1
        try:
            self._begin()
        except (OSError, StackError):
            self._to("failed")
            return False
        # Asked to stop while we forked: whoever asked did not see the new child.
        child = self._child
        if self._stopping.is_set() and child is not None:
            child.stop(self.stop_signal, self.stop_grace_s)
        return True

    def _to(self, state: State) -> None:
        self._state = state
        self.on_change()
