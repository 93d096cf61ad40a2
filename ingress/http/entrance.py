"""Entrance: commands of requests into the log, and what the SDK refuses as problems.

Owns: which problem each error of the SDK is.
Never: repeats a command by itself: whoever got no answer sends it again with its key.
"""

from __future__ import annotations

from typing import Final

from ingress.http.problems import RETRY_S, Problem
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

    def __init__(self, producer: Sends, waiters: Waiters) -> None:
        self._ledger: Final = AsyncLedger(producer, waiters)

    async def send(self, command: WalletCommand, wait_s: float) -> Sent:
        """Send a command and wait up to `wait_s` for its FINAL result. Raises `Problem`."""
        try:
            return await self._ledger.send(command, wait_s)
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
