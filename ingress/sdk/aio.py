"""Asyncio: commands sent and their Decisions awaited, many at once on one event loop.

    from ingress.sdk import Transfer
    from ingress.sdk.aio import connect

    async with connect("127.0.0.1:9092") as ledger:
        result = await ledger.ask("w-1", Transfer("w-2", "EUR", 12_50))

Owns: the order: a waiter first, then the record, then its delivery, then the result.
Never: repeats a command by itself: whoever got no answer sends it again with its id. One producer
and one reader of results, in threads of their own, serve every coroutine.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final, Protocol

from ingress.sdk.errors import DeliveryFailedError, ResultTimeoutError
from ingress.sdk.feed import ResultFeed
from ingress.sdk.producer import DEFAULTS, Delivered, LedgerProducer, ProducerSettings, stamp
from ingress.sdk.waiting import Waiters
from schemas.access.kafka import Servers
from schemas.messages.commands import Command, Condition, Origin, WalletCommand
from schemas.messages.results import Result
from schemas.messages.vocabulary import Stage


class Sends(Protocol):
    """What commands are sent with: `LedgerProducer`, or a fake."""

    def post(
        self,
        command: WalletCommand,
        on_delivery: Callable[[Delivered | DeliveryFailedError], None],
        traceparent: str = "",
    ) -> None:
        """Send; called back on another thread."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A command in the log; `result` is what the ledger said of it in time, if anything."""

    command: WalletCommand
    delivered: Delivered
    result: Result | None


class AsyncLedger:
    """The ledger as coroutines see it; made by `connect`."""

    def __init__(self, producer: Sends, waiters: Waiters) -> None:
        self._producer: Final = producer
        self._waiters: Final = waiters

    async def ask(  # noqa: PLR0913 - one argument per field of the envelope
        self,
        wallet_id: str,
        body: Command,
        *,
        command_id: str | None = None,
        conditions: tuple[Condition, ...] = (),
        dry_run: bool = False,
        origin: Origin | None = None,
        traceparent: str = "",
        timeout_s: float = 30.0,
    ) -> Result:
        """Send a command and return its FINAL result; amounts in `body` are minor units.

        Raises `ResultTimeoutError`, which holds the PENDING result when there was one, and what
        `send` raises.
        """
        command = stamp(
            wallet_id,
            body,
            command_id=command_id,
            conditions=conditions,
            dry_run=dry_run,
            origin=origin,
        )
        result = (await self.send(command, timeout_s, traceparent)).result
        if result is None or result.stage is Stage.PENDING:
            raise ResultTimeoutError(command.command_id, timeout_s, result)
        return result

    async def send(
        self, command: WalletCommand, wait_s: float = 0.0, traceparent: str = ""
    ) -> Sent:
        """Send a complete command; wait up to `wait_s` for its FINAL result.

        Raises `CommandRefusedError` naming the field, `QueueFullError`, `DeliveryFailedError`,
        `InFlightError`, `ClosedError`.
        """
        with self._waiters.waiter(command.wallet_id, command.command_id) as waiter:
            delivered = await self._deliver(command, traceparent)
            result = await waiter.result(wait_s) if wait_s > 0 else None
            return Sent(command, delivered, result)

    async def _deliver(self, command: WalletCommand, traceparent: str) -> Delivered:
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Delivered | DeliveryFailedError] = loop.create_future()

        def report(outcome: Delivered | DeliveryFailedError) -> None:
            loop.call_soon_threadsafe(_settle, told, outcome)

        self._producer.post(command, report, traceparent)
        outcome = await told
        if isinstance(outcome, DeliveryFailedError):
            raise outcome
        return outcome


@asynccontextmanager
async def connect(
    address: Servers, settings: ProducerSettings = DEFAULTS
) -> AsyncIterator[AsyncLedger]:
    """Connect to the broker at `address`; everything sent is delivered before this ends.

    Raises `BrokerUnreachableError` or `TopicMissingError`.
    """
    waiters = Waiters()
    # An event loop must not wait for room: a full queue is the caller's to hear of.
    at_once = replace(settings, queue_wait_s=0.0)
    feed = await asyncio.to_thread(ResultFeed, address, waiters)
    try:
        producer = await asyncio.to_thread(LedgerProducer, address, at_once)
        try:
            yield AsyncLedger(producer, waiters)
        finally:
            await asyncio.to_thread(producer.close)
    finally:
        await asyncio.to_thread(feed.close)


def _settle(
    told: asyncio.Future[Delivered | DeliveryFailedError], outcome: Delivered | DeliveryFailedError
) -> None:
    if not told.done():  # who waited may have been cancelled
        told.set_result(outcome)
