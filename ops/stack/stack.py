"""The local stack: real servers as child processes on loopback, in one folder.

    with Stack(Path(".stack"), services=("kafka", "postgres")) as stack:
        stack.endpoints.kafka

Theory: whoever makes a `Stack` owns its children. They share the folder's lock and die with
their owner, even when it is killed outright.

Owns: the life of all servers and supervised processes of one folder.
Never: creates topics, tables or keyspaces; leaves a process behind.
"""

import atexit
import os
import signal
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ops.stack import config, ports, runfile
from ops.stack import wipe as wiping
from ops.stack.config import Endpoints, Layout, Service, StackConfig
from ops.stack.errors import ConfigError, NotRunningError
from ops.stack.fleet import Fleet
from ops.stack.lock import FolderLock
from ops.stack.managed import ManagedProcess, RestartPolicy
from ops.stack.process import Identity, Launch, Spawner
from ops.stack.runfile import Phase, Row, RunFile
from ops.stack.server import Site
from ops.stack.workers import HOME

# How long a new owner waits for the last processes of a dead one to let go of the folder.
LOCK_PATIENCE_S: Final = 10.0
# An owner that was just killed can look alive for a moment.
LIVING_PATIENCE_S: Final = 0.5
# More than any stack has workers and sinks.
PROCESSES_MAX: Final = 128


def _silent(_message: str) -> None:
    pass


class Stack:
    """The servers of one folder, owned by this process while they are up."""

    def __init__(
        self,
        root: Path | StackConfig,
        services: tuple[Service, ...] = config.SERVICES,
        *,
        say: Callable[[str], None] = _silent,
        detached: bool = False,
    ) -> None:
        """Describe a stack; nothing happens before `up`."""
        if isinstance(root, Path):
            root = StackConfig(root=root.absolute(), services=services)
        self.config = root
        self.layout = Layout(root.root)
        self._say = say
        self._detached = detached
        self._guard = threading.RLock()
        self._lock: FolderLock | None = None
        self._site: Site | None = None
        self._fleet: Fleet | None = None
        self._processes: dict[str, ManagedProcess] = {}
        self._phase: Phase = "stopped"

    def __enter__(self) -> Self:
        """Bring the stack up."""
        return self.up()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the stack down."""
        self.down()

    @property
    def endpoints(self) -> Endpoints:
        """Where the servers answer; known once the stack has been up."""
        kept = ports.read(self.layout.ports)
        if any(name not in kept for name in self.config.services):
            raise NotRunningError(f"the stack in {self.layout.root} was never up: it has no ports")
        return config.endpoints_of(kept, self.config.services)

    def up(self) -> Self:
        """Start every server and wait until all are ready; on failure all are stopped."""
        if self._fleet is not None:
            return self
        fleet = self._open()
        try:
            self._to("starting")
            fleet.start_all()
            self._to("ready")
        except BaseException as error:
            self.down(error=str(error) or type(error).__name__)
            raise
        return self

    def down(self, *, error: str = "") -> None:
        """Stop everything: first what uses the servers, then the servers."""
        if self._fleet is None or self._site is None or self._lock is None:
            return
        self._to("stopping")
        processes = tuple(self._processes.values())
        # Asked all at once, then waited for one by one.
        for process in processes:
            process.ask()
        for process in processes:
            process.stop()
        self._fleet.stop_all()
        self._to("failed" if error else "stopped", error)
        self._site.spawner.close()
        self._lock.release()
        self._lock = self._site = self._fleet = None
        atexit.unregister(self.down)

    def wipe(self) -> None:
        """Delete all data, ports and logs of a stack that is down."""
        if self._fleet is not None:
            raise ConfigError("take the stack down before wiping it")
        wiping.execute(self.layout.root)

    def start(self, name: Service) -> None:
        """Start one server on its data and wait until it is ready."""
        self._running().start(name)

    def stop(self, name: Service, *, number: signal.Signals | None = None) -> int | None:
        """Stop one server cleanly; its exit code, None when it was never started."""
        return self._running().stop(name, number)

    def kill(self, name: Service, number: signal.Signals = signal.SIGKILL) -> None:
        """Signal one server as a crash would; SIGSTOP and SIGCONT freeze and thaw it."""
        self._running().kill(name, number)

    def pid(self, name: Service) -> int:
        """Return the process id of a running server."""
        return self._running().child(name).pid

    def manage(
        self,
        name: str,
        argv: tuple[str, ...],
        env: Mapping[str, str],
        policy: RestartPolicy | None = None,
    ) -> ManagedProcess:
        """Run a process beside the servers and keep it up; it is stopped before them."""
        self._running()
        site = self._site
        assert site is not None
        if name in self._processes or name in config.SERVICES:
            raise ConfigError(f"there is already a process named {name}")
        if len(self._processes) == PROCESSES_MAX:
            raise ConfigError(f"a stack keeps up at most {PROCESSES_MAX} processes")
        launch = Launch(
            name=name,
            argv=argv,
            cwd=HOME,
            log=self.layout.log(name),
            env={**site.env, **env},
            keep_fds=(site.lock_fd,),
        )
        process = ManagedProcess(
            site.spawner, launch, policy or RestartPolicy(), on_change=self.record
        )
        self._processes[name] = process
        process.start()
        return process

    def status(self) -> tuple[Row, ...]:
        """Return the state of every server and supervised process; empty when down."""
        fleet = self._fleet
        if fleet is None:
            return ()
        servers = (fleet.row(name) for name in self.config.services)
        return (*servers, *map(_process_row, tuple(self._processes.values())))

    def record(self, error: str = "") -> None:
        """Write down how things stand, for `ledgerctl stack status` and `down`."""
        owner = Identity.of(os.getpid())
        assert owner is not None
        with self._guard:
            run = RunFile(
                owner=owner,
                phase=self._phase,
                endpoints=self.endpoints,
                rows=self.status(),
                error=error,
                detached=self._detached,
            )
            run.write(self.layout.run)

    def _open(self) -> Fleet:
        layout = self.layout
        layout.root.mkdir(parents=True, exist_ok=True)
        before = runfile.read(layout.run)
        owned = before is not None and before.owner.alive()
        owner = f"process {before.owner.pid}" if before else "another stack"
        patience_s = LIVING_PATIENCE_S if owned else LOCK_PATIENCE_S
        self._lock = FolderLock.acquire(layout.lock, owner, patience_s)
        try:
            self._site = self._survey(self._lock)
        except BaseException:
            self._lock.release()
            self._lock = None
            raise
        self._processes = {}
        fleet = self._fleet = Fleet(self._site, self.record)
        atexit.register(self.down)
        return fleet

    def _survey(self, lock: FolderLock) -> Site:
        env = config.environment()
        names = self.config.port_names()
        settled = ports.settle(self.layout.ports, names, self.config.ports)
        ports.check_free(settled)
        return Site(
            config=self.config,
            layout=self.layout,
            ports=settled,
            cache=config.cache_folder(env),
            env={name: env[name] for name in env if name not in config.OWN_VARIABLES},
            spawner=Spawner(),
            lock_fd=lock.fd,
            say=self._say,
        )

    def _running(self) -> Fleet:
        if self._fleet is None:
            raise NotRunningError(f"the stack in {self.layout.root} is not up")
        return self._fleet

    def _to(self, phase: Phase, error: str = "") -> None:
        self._phase = phase
        self.record(error)


def _process_row(process: ManagedProcess) -> Row:
    report = process.report()
    return Row(
        name=process.name,
        kind="process",
        state=report.state,
        pid=report.pid,
        restarts=report.restarts,
        exit_code=report.exit_code,
    )
