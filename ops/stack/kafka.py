"""Kafka: one broker that is its own controller.

Owns: how Kafka is prepared, started and asked.
Never: creates topics.
"""

import base64
import secrets
import signal
from pathlib import Path

from ops.stack import jars, java, probe, render, versions
from ops.stack.config import Service
from ops.stack.process import Launch
from ops.stack.server import Site

CLUSTER_ID_BYTES = 16


class Kafka:
    """The broker of a stack."""

    name: Service = "kafka"
    stop_signal = signal.SIGTERM
    # A clean stop takes about a second; without it the next start scans every log.
    stop_grace_s = 30.0

    def __init__(self, site: Site) -> None:
        """Use a site."""
        self._site = site
        self._folder = site.layout.service("kafka")
        self._port = site.ports["kafka"]

    def prepare(self) -> Launch:
        """Write the settings, format the storage once, return the command."""
        site, folder = self._site, self._folder
        data, settings = folder / "data", folder / "server.properties"
        folder.mkdir(parents=True, exist_ok=True)
        controller = site.ports["kafka-controller"]
        overrides = site.config.kafka_overrides
        settings.write_text(render.kafka_properties(self._port, controller, data, overrides))
        (folder / "log4j2.properties").write_text(render.kafka_log4j())
        runtime = str(java.find(site.env).path)
        lib = jars.ensure("kafka", versions.KAFKA, site.cache, site.say)
        if not (data / "meta.properties").exists():
            site.run(site.launch("kafka-format", _format(runtime, lib, settings)))
        options = render.kafka_java(folder / "log4j2.properties", quick=site.config.quick)
        return site.launch(
            "kafka", (runtime, *options, "-cp", f"{lib}/*", "kafka.Kafka", str(settings))
        )

    def ready(self) -> bool:
        """Tell whether the broker answers."""
        return probe.kafka_ready(self._port)

    def settle(self) -> None:
        """Nothing is left to do."""

    def wipe(self) -> tuple[Path, ...]:
        """Return the folders that hold data."""
        return (self._folder,)


def _format(runtime: str, lib: Path, settings: Path) -> tuple[str, ...]:
    program = ("-cp", f"{lib}/*", "kafka.tools.StorageTool", "format", "--ignore-formatted")
    return (runtime, *render.QUICK_JAVA, *program, "-t", _cluster_id(), "-c", str(settings))


def _cluster_id() -> str:
    # A leading dash would be read as an option.
    raw = b"\x01" + secrets.token_bytes(CLUSTER_ID_BYTES - 1)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
