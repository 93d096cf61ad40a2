"""What the stack asks of a server, and what a server may use.

Owns: the protocol every server file fulfils, and running a short preparing command.
Never: knows a particular server.
"""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from ops.stack.config import Layout, Service, StackConfig
from ops.stack.errors import ServerDiedError, StartTimeoutError
from ops.stack.process import Launch, Spawner, User

PREPARE_DEADLINE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Site:
    """What a server finds on the machine: folders, ports, the way to start a process."""

    config: StackConfig
    layout: Layout
    ports: Mapping[str, int]
    cache: Path
    env: Mapping[str, str]
    spawner: Spawner
    lock_fd: int
    say: Callable[[str], None]

    def launch(
        self,
        name: str,
        argv: tuple[str, ...],
        *,
        death_signal: signal.Signals = signal.SIGKILL,
        user: User | None = None,
    ) -> Launch:
        """Describe a child that works in the stack's folder and shares its lock."""
        return Launch(
            name=name,
            argv=argv,
            cwd=Path("/"),
            log=self.layout.log(name),
            env=self.env,
            death_signal=death_signal,
            user=user,
            keep_fds=(self.lock_fd,),
        )

    def run(self, launch: Launch) -> None:
        """Run a preparing command to its end; raise with its log unless it succeeds."""
        child = self.spawner.start(launch)
        code = child.wait(PREPARE_DEADLINE_S)
        if code is None:
            child.stop(signal.SIGKILL, 0)
            raise StartTimeoutError(launch.name, PREPARE_DEADLINE_S, launch.log, child.tail())
        if code:
            raise ServerDiedError(launch.name, code, launch.log, child.tail())


class Server(Protocol):
    """A server of the stack."""

    name: Service
    stop_signal: signal.Signals
    stop_grace_s: float

    def prepare(self) -> Launch:
        """Make ready what the server needs on disk and return how to start it."""
        ...

    def ready(self) -> bool:
        """Tell whether the server answers its own protocol."""
        ...

    def settle(self) -> None:
        """Do what can only be done once the server answers."""
        ...

    def wipe(self) -> tuple[Path, ...]:
        """Return the folders that hold this server's data."""
        ...
