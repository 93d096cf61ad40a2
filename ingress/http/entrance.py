"""Entrance: commands of requests into the log, and what the SDK refuses as problems.

Owns: which problem each error of the SDK is.
Never: repeats a command by itself: whoever got no answer sends it again with its key.
"""

from __future__ import annotations

from typing import Final

from ingress.http.problems import RETRY_S, Problem
from ingress.http.traced import Tracer
from ingress.sdk.aio import AsyncLedger, Sends, Sent
from ingress.sdk.errors import (
    CommandRefusedError,
    DeliveryFailedError,
    InFlightError,
    QueueFullError,
)
from ingress.sdk.waiting import Waiters
from schemas.messages.commands import WalletCommand


class Entrance:
    """Commands of all requests, through one producer."""

    def __init__(self, producer: Sends, waiters: Waiters, tracer: Tracer | None = None) -> None:
        self._ledger: Final = AsyncLedger(producer, waiters)
        self._tracer: Final = tracer

    async def send(self, command: WalletCommand, wait_s: float, traceparent: str = "") -> Sent:
        """Send a command and wait up to `wait_s` for its FINAL result. Raises `Problem`."""
        received = self._tracer and self._tracer.received(command, traceparent)
        if received is None:
            return await self._send(command, wait_s, traceparent)
        try:
            sent = await self._send(command, wait_s, received.traceparent)
            received.heard(sent)
        finally:
            received.ended()
        return sent

    async def _send(self, command: WalletCommand, wait_s: float, traceparent: str) -> Sent:
        try:
            return await self._ledger.send(command, wait_s, traceparent)
        except CommandRefusedError as error:
            raise refused(error) from error
        except InFlightError as error:
            again = {"Retry-After": str(RETRY_S)}
            raise Problem("IN_FLIGHT", str(error), headers=again) from error
        except QueueFullError as error:
            raise Problem("BUSY", str(error)) from error
        except DeliveryFailedError as error:
            raise Problem("NOT_DELIVERED", str(error)) from error


def refused(error: CommandRefusedError) -> Problem:
    """Return the problem of a field that is not what it must be."""
    return Problem("FIELD_REFUSED", str(error), field=error.field)
