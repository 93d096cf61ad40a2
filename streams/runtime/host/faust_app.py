"""The Faust app: one agent over all inputs, one isolated actor per topic and partition.

Owns: every Faust setting, each with its reason; the typed surface of the app for the host.
Never: an autodiscovered or global app; the worker builds one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import faust

from schemas.access.kafka import Servers, entering_asyncio
from streams.runtime.host import transport
from streams.runtime.host.exits import ExitCode, Leave
from streams.runtime.host.hosting import Hosting
from streams.runtime.host.quiet import ConsumerOnly, NoMonitor, NoTables, WholeBatch
from streams.runtime.host.seam import MakeRunner

HEARTBEAT_S: Final = 0.5  # a rebalance is noticed with the next heartbeat
REBALANCE_TIMEOUT_S: Final = 20.0  # longest wait for a member's barrier; above BARRIER_S
POLL_INTERVAL_S: Final = 60.0  # a fetch loop silent for so long has the group left
MAX_PARTITION_FETCH: Final = 1024 * 1024  # one broker batch; a larger one is still delivered, alone
STREAM_BUFFER: Final = 4  # hand-overs, not records


@dataclass(frozen=True, slots=True)
class Membership:
    """Who this worker is to Kafka, and which topics it hosts."""

    kafka: Servers
    group: str
    worker: str
    session_timeout_s: float
    inputs: Sequence[str]
    folder: Path  # Faust makes its own, empty, folders inside
    traced: bool = False  # whether records are asked for their trace


class HostApp(faust.App):
    """Faust's app with the one thing our overrides share."""

    BootStrategy = ConsumerOnly
    mundane_level = "debug"
    hosting: Hosting
    entering: Mapping[str, object]  # what its consumer is told of the brokers


def build_app(member: Membership, make_runner: MakeRunner, leave: Leave) -> HostApp:
    """Build the app with its agent; nothing is connected yet."""
    transport.register()
    app = HostApp(member.group, **_settings(member))
    hosting = Hosting(
        member.inputs, make_runner, leave, lambda: transport.flows(app), traced=member.traced
    )
    app.hosting, app.entering = hosting, entering_asyncio(member.kafka)

    async def receive(stream: Any) -> None:
        """Pass every hand-over to the one thread of its partition number."""
        async for hand_over in stream:
            try:
                hosting.lanes.deliver(hand_over)
            except Exception as error:  # noqa: BLE001 - Faust would acknowledge it and go on
                leave(ExitCode.HOST_CRASHED, f"hand-over not taken: {error!r}")

    # All topics up front: a later change of the subscription would re-subscribe 45 s later.
    inputs = app.topic(*member.inputs, schema=WholeBatch(), acks=False)
    app.agent(inputs, name="partitions", isolated_partitions=True)(receive)

    async def complete(*_sender: Any, **_kwargs: Any) -> None:
        """Start the partitions and return: blocking here would cost the membership."""
        try:
            hosting.lanes.start()
        except Exception as error:  # noqa: BLE001 - no partition may be silently missing
            leave(ExitCode.HOST_CRASHED, f"partitions could not be started: {error!r}")

    app.on_rebalance_complete.connect(complete, weak=False)
    return app


def _settings(member: Membership) -> dict[str, Any]:
    brokers = ";".join(f"{transport.SCHEME}://{b.strip()}" for b in str(member.kafka).split(","))
    return {
        "broker": brokers,
        "datadir": str(member.folder / "faust"),
        "broker_client_id": f"{member.group}-{member.worker}",
        "processing_guarantee": "at_least_once",  # exactly-once is the partitions' own work
        "broker_session_timeout": member.session_timeout_s,
        "broker_heartbeat_interval": HEARTBEAT_S,
        "broker_rebalance_timeout": REBALANCE_TIMEOUT_S,
        "broker_max_poll_interval": POLL_INTERVAL_S,
        "consumer_max_fetch_size": MAX_PARTITION_FETCH,
        "consumer_group_instance_id": None,  # a duplicate static id is not fenced
        "stream_buffer_maxsize": STREAM_BUFFER,
        "stream_wait_empty": False,  # our barrier waits, not Faust's acknowledgements
        "agent_supervisor": "mode.CrashingSupervisor",  # the default would skip the event
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "web_enabled": False,
        "worker_redirect_stdouts": False,
        "autodiscover": False,
        "Monitor": NoMonitor,
        "TableManager": NoTables,
    }
