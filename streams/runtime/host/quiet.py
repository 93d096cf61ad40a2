"""The parts of Faust this system does without, replaced by parts that do nothing.

Owns: the empty monitor, the pass-through schema, the manager of no tables, the boot without a
producer.
Never: looks at a record.
"""

from __future__ import annotations

from typing import Any

import faust
from faust.app.base import BootStrategy
from faust.sensors.base import Sensor
from faust.tables.manager import TableManager
from typing_extensions import override


class NoMonitor(Sensor):
    """In place of Faust's Monitor and its statistics; every callback of `Sensor` is empty."""

    mundane_level = "debug"


class WholeBatch(faust.Schema[Any, Any]):
    """Leaves a message as it is: its value is a hand-over; decoding belongs to the partition."""

    @override
    def compile(self, app: Any, **_callbacks: Any) -> Any:
        """Return the decoder Faust calls once per message."""

        async def decode(message: Any, **_options: Any) -> Any:
            return app.create_event(None, message.value, None, message)

        return decode


class NoTables(TableManager):
    """Ends a rebalance as ever, but does not wait a second for tables that never come."""

    mundane_level = "debug"

    @override
    async def on_start(self) -> None:
        """Start the part that completes rebalances."""
        await self._update_channels()
        await self.recovery.start()


class ConsumerOnly(BootStrategy):
    """Starts no producer and no web server: the partitions have their own producers."""

    enable_kafka_producer = False
    enable_web = False
