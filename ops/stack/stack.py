"""The local stack: real servers as child processes on loopback, in one folder.

    with Stack(Path(".stack"), services=("kafka", "postgres")) as stack:
        stack.endpoints.kafka

Theory: whoever makes a `Stack` owns its children. They share the folder's lock and die with
their owner, even when it is killed outright. Servers start side by side and are waited for
one by one; a server that dies is reported at once with the end of its log.

Owns: the life of all servers and supervised processes of one folder.
Never: creates topics, tables or keyspaces; leaves a process behind.
"""

import atexit
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ops.stack import config, parallel, ports, probe, runfile
from ops.stack.cassandra import Cassandra
from ops.stack.config import Endpoints, Layout, Service, StackConfig
from ops.stack.errors import ConfigError, NotRunning
from ops.stack.kafka import Kafka
from ops.stack.lock import FolderLock
from ops.stack.managed import ManagedProcess, RestartPolicy
from ops.stack.postgres import Postgres
from ops.stack.process import Child, Identity, Launch, Spawner
from ops.stack.redis import Valkey
from ops.stack.runfile import Phase, Row, RunFile
from ops.stack.server import Server, Site

SERVERS: Final[Mapping[Service, Callable[[Site], Server]]] = {
    "kafka": Kafka,
    "postgres": Postgres,
    "cassandra": Cassandra,
    "redis": Valkey,
}
# How long a new owner waits for the last processes of a dead one to let go of the folder.
LOCK_PATIENCE_S: Final = 10.0
# More at once than any stack has servers and workers.
WIDTH: Final = 64


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
    ) -> None:
        """Describe a stack; nothing happens before `up`."""
        self.config = (
            root
            if isinstance(root, StackConfig)
            else StackConfig(root=root.absolute(), services=services)
        )
        self.layout = Layout(self.config.root.absolute())
        self._say = say
        self._guard = threading.RLock()
        self._lock: FolderLock | None = None
        self._site: Site | None = None
        self._servers: dict[Service, Server] = {}
        self._children: dict[Service, Child] = {}
        self._ready_s: dict[Service, float] = {}
        self._processes: dict[str, ManagedProcess] = {}
        self._phase: Phase = "stopped"

    def __enter__(self) -> Self:
        """Bring the stack up."""
        self.up()
        return self

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
            raise NotRunning(f"the stack in {self.layout.root} was never up: its ports are unknown")
        return config.endpoints_of(kept, self.config.services)

    def up(self) -> Self:
        """Start every server and wait until all are ready."""
        if self._lock is not None:
            return self
        self._open()
        try:
            self._to("starting")
            parallel.run((partial(self.start, name) for name in self.config.services), WIDTH)
            self._to("ready")
        except BaseException as error:
            self.down(error=str(error) or type(error).__name__)
            raise
        return self

    def down(self, *, error: str = "") -> None:
        """Stop everything: first what uses the servers, then the servers side by side."""
        if self._lock is None or self._site is None:
            return
        self._to("stopping")
        parallel.run((process.stop for process in list(self._processes.values())), WIDTH)
        parallel.run((partial(self.stop, name) for name in list(self._children)), WIDTH)
        self._phase = "failed" if error else "stopped"
        self._write(error)
        self._site.spawner.close()
        self._lock.release()
        self._lock = self._site = None
        atexit.unregister(self.down)

    def start(self, name: Service) -> None:
        """Start one server on its data and wait until it is ready."""
        site, server = self._running_site(), self._server(name)
        if name in self._children and self._children[name].exit_code() is None:
            return
        began = time.monotonic()
        ports.check_free({p: site.ports[p] for p in _ports_of(name)})
        launch = server.prepare()
        with self._guard:
            # While this one was prepared, another may have failed and the stack gone down.
            if self._phase == "stopping" or self._site is not site:
                raise NotRunning(f"{name} was not started: the stack is going down")
            child = self._children[name] = site.spawner.start(launch)
        self._write()
        probe.wait_ready(child, server.ready, self.config.start_deadline_s)
        server.settle()
        self._ready_s[name] = time.monotonic() - began
        self._say(f"{name} is ready after {self._ready_s[name]:.1f} s (port {site.ports[name]})")
        self._write()

    def stop(self, name: Service, *, number: signal.Signals | None = None) -> int | None:
        """Stop one server cleanly; its exit code, None when it was not up."""
        child, server = self._children.get(name), self._server(name)
        if child is None:
            return None
        code = child.exit_code()
        if code is None:
            code = child.stop(number or server.stop_signal, server.stop_grace_s)
        child.kill_session()
        self._write()
        return code

    def kill(self, name: Service, number: signal.Signals = signal.SIGKILL) -> None:
        """Signal one server as a crash would; SIGSTOP and SIGCONT freeze and thaw it."""
        child = self._children.get(name)
        if child is None or child.exit_code() is not None:
            raise NotRunning(f"{name} is not up")
        child.send(number)
        if number == signal.SIGKILL:
            child.wait(None)
            child.kill_session()
        self._write()

    def manage(
        self,
        name: str,
        argv: tuple[str, ...],
        env: Mapping[str, str],
        policy: RestartPolicy | None = None,
    ) -> ManagedProcess:
        """Run a process beside the servers and keep it up; it is stopped before them."""
        site = self._running_site()
        if name in self._processes or name in config.SERVICES:
            raise ConfigError(f"there is already a process named {name}")
        launch = Launch(
            name=name,
            argv=argv,
            cwd=Path.cwd(),
            log=self.layout.log(name),
            env={**site.env, **env},
            keep_fds=(site.lock_fd,),
        )
        process = ManagedProcess(
            site.spawner, launch, policy or RestartPolicy(), on_change=self._write
        )
        self._processes[name] = process
        process.start()
        return process

    def status(self) -> tuple[Row, ...]:
        """Return the state of every server and supervised process."""
        known = ports.read(self.layout.ports)
        servers = (self._row(name, known.get(name)) for name in self.config.services)
        processes = (_process_row(process) for process in list(self._processes.values()))
        return (*servers, *processes)

    def pid(self, name: Service) -> int:
        """Return the process id of a running server."""
        child = self._children.get(name)
        if child is None or child.exit_code() is not None:
            raise NotRunning(f"{name} is not up")
        return child.pid

    def _open(self) -> None:
        layout = self.layout
        layout.root.mkdir(parents=True, exist_ok=True)
        before = runfile.read(layout.run)
        owned = before is not None and before.owner.alive()
        owner = f"process {before.owner.pid}" if before else "another stack"
        self._lock = FolderLock.acquire(layout.lock, owner, 0.0 if owned else LOCK_PATIENCE_S)
        try:
            self._site = self._survey(self._lock)
        except BaseException:
            self._lock.release()
            self._lock = None
            raise
        self._servers = {name: SERVERS[name](self._site) for name in self.config.services}
        self._children, self._processes, self._ready_s = {}, {}, {}
        atexit.register(self.down)

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

    def _running_site(self) -> Site:
        if self._site is None:
            raise NotRunning(f"the stack in {self.layout.root} is not up")
        return self._site

    def _server(self, name: Service) -> Server:
        if name not in self._servers:
            raise NotRunning(f"{name} is not part of the stack in {self.layout.root}, or it is not up")
        return self._servers[name]

    def _row(self, name: Service, port: int | None) -> Row:
        child = self._children.get(name)
        code = child.exit_code() if child else None
        ready_s = self._ready_s.get(name)
        if child is None:
            return Row(name=name, kind="server", state="stopped", port=port)
        if code is not None:
            return Row(name=name, kind="server", state="stopped", port=port, exit_code=code)
        state = "starting" if ready_s is None else "running"
        return Row(
            name=name, kind="server", state=state, pid=child.pid, port=port, ready_s=ready_s
        )

    def _to(self, phase: Phase) -> None:
        with self._guard:
            self._phase = phase
        self._write()

    def _write(self, error: str = "") -> None:
        owner = Identity.of(os.getpid())
        assert owner is not None
        with self._guard:
            run = RunFile(
                owner=owner,
                phase=self._phase,
                endpoints=self.endpoints,
                rows=self.status(),
                error=error,
            )
            run.write(self.layout.run)


def _ports_of(name: Service) -> tuple[str, ...]:
    return (name, config.EXTRA_PORTS[name]) if name in config.EXTRA_PORTS else (name,)


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
