"""The servers of a stack that is up: started, stopped and killed one by one or all together.

Theory: servers start side by side; each is prepared, forked, and asked in its own protocol
until it answers. If one dies the others are not waited for.

Owns: which child is which server, and how long each took.
Never: decides what a stack consists of.
"""

import signal
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from ops.stack import parallel, ports, probe
from ops.stack.cassandra import Cassandra
from ops.stack.config import EXTRA_PORTS, Service
from ops.stack.errors import NotRunningError
from ops.stack.kafka import Kafka
from ops.stack.postgres import Postgres
from ops.stack.process import Child
from ops.stack.redis import Valkey
from ops.stack.runfile import Row
from ops.stack.server import Server, Site

KINDS: Final[Mapping[Service, Callable[[Site], Server]]] = {
    "kafka": Kafka,
    "postgres": Postgres,
    "cassandra": Cassandra,
    "redis": Valkey,
}


class Fleet:
    """The servers of one stack."""

    def __init__(self, site: Site, on_change: Callable[[], None]) -> None:
        """Make the servers known; none is started."""
        self._site = site
        self._on_change = on_change
        self._servers = {name: KINDS[name](site) for name in site.config.services}
        self._children: dict[Service, Child] = {}
        self._ready_s: dict[Service, float] = {}
        self._guard = threading.Lock()
        self._closing = False

    def start_all(self) -> None:
        """Start every server; return when all are ready, raise when one is not going to be."""
        names = tuple(self._servers)
        parallel.run((partial(self.start, name) for name in names), len(names))

    def stop_all(self) -> None:
        """Stop every server, side by side; none can be started afterwards."""
        with self._guard:
            self._closing = True
        # Asked first and waited for then: no threads, which a Python that exits cannot start.
        for name, child in self._children.items():
            child.ask(self._servers[name].stop_signal)
        for name, child in self._children.items():
            child.finish(self._servers[name].stop_grace_s)
            self._on_change()

    def start(self, name: Service) -> None:
        """Start one server on its data and wait until it is ready."""
        server, site = self._server(name), self._site
        if self._living(name) is not None:
            return
        began = time.monotonic()
        self._ready_s.pop(name, None)
        ports.check_free({port: site.ports[port] for port in _ports_of(name)})
        child = self._fork(name, server)
        self._on_change()
        probe.wait_ready(child, server.ready, site.config.start_deadline_s)
        server.settle()
        took_s = self._ready_s[name] = time.monotonic() - began
        site.say(f"{name} is ready after {took_s:.1f} s on port {site.ports[name]}")
        self._on_change()

    def stop(self, name: Service, number: signal.Signals | None = None) -> int | None:
        """Stop one server cleanly; its exit code, None when it was never started."""
        server, child = self._server(name), self._children.get(name)
        if child is None:
            return None
        code = child.stop(number or server.stop_signal, server.stop_grace_s)
        self._on_change()
        return code

    def kill(self, name: Service, number: signal.Signals) -> None:
        """Signal one server as a crash would; SIGSTOP and SIGCONT freeze and thaw it."""
        child = self.child(name)
        child.send(number)
        if number == signal.SIGKILL:
            child.until_end()
            child.kill_session()
        self._on_change()

    def child(self, name: Service) -> Child:
        """Return the running process of a server."""
        child = self._living(name)
        if child is None:
            raise NotRunningError(f"{name} is not up")
        return child

    def row(self, name: Service) -> Row:
        """Return how a server is doing."""
        port, child = self._site.ports[name], self._children.get(name)
        code = child.exit_code() if child else None
        if child is None or code is not None:
            return Row(name=name, kind="server", state="stopped", port=port, exit_code=code)
        ready_s = self._ready_s.get(name)
        state = "starting" if ready_s is None else "running"
        return Row(name=name, kind="server", state=state, pid=child.pid, port=port, ready_s=ready_s)

    def _fork(self, name: Service, server: Server) -> Child:
        launch = server.prepare()
        with self._guard:
            # While this one was prepared another may have failed, and the stack gone down.
            if self._closing:
                raise NotRunningError(f"{name} was not started: the stack is going down")
            child = self._children[name] = self._site.spawner.start(launch)
        return child

    def _server(self, name: Service) -> Server:
        if name not in self._servers:
            raise NotRunningError(f"{name} is not part of the stack in {self._site.layout.root}")
        return self._servers[name]

    def _living(self, name: Service) -> Child | None:
        child = self._children.get(name)
        return child if child is not None and child.exit_code() is None else None


def _ports_of(name: Service) -> tuple[str, ...]:
    return (name, EXTRA_PORTS[name]) if name in EXTRA_PORTS else (name,)
