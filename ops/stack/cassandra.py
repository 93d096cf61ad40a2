"""Cassandra: a single node.

Owns: how Cassandra is prepared, started and asked.
Never: creates keyspaces; the sink does.
"""

import signal
from pathlib import Path

from ops.stack import jars, java, probe, render, versions
from ops.stack.config import Service
from ops.stack.process import Launch
from ops.stack.server import Site

MAIN = "org.apache.cassandra.service.CassandraDaemon"


class Cassandra:
    """The Cassandra node of a stack."""

    name: Service = "cassandra"
    stop_signal = signal.SIGTERM
    stop_grace_s = 30.0

    def __init__(self, site: Site) -> None:
        """Use a site."""
        self._site = site
        self._folder = site.layout.service("cassandra")
        self._port = site.ports["cassandra"]

    def prepare(self) -> Launch:
        """Write the settings and return the command."""
        site, folder = self._site, self._folder
        (folder / "data").mkdir(parents=True, exist_ok=True)
        storage_port = site.ports["cassandra-storage"]
        (folder / "cassandra.yaml").write_text(render.cassandra_yaml(self._port, storage_port))
        (folder / "logback.xml").write_text(render.cassandra_logback())
        runtime = java.find(site.env, exactly=versions.JAVA_FOR_CASSANDRA)
        lib = jars.ensure("cassandra", versions.CASSANDRA, site.cache, site.say)
        options = render.cassandra_java(folder, quick=site.config.quick)
        return site.launch("cassandra", (str(runtime.path), *options, "-cp", f"{lib}/*", MAIN))

    def ready(self) -> bool:
        """Tell whether the node takes CQL connections."""
        return probe.cassandra_ready(self._port)

    def settle(self) -> None:
        """Nothing is left to do."""

    def wipe(self) -> tuple[Path, ...]:
        """Return the folders that hold data."""
        return (self._folder,)
