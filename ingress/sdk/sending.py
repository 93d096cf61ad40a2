"""Sending: what every producer of commands does before a command is on its way.

Owns: the stamp of a command, and the futures of its delivery.
Never: knows where commands go; `post` does.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from ingress.sdk.closing import Closing
from ingress.sdk.directory import AliasDirectory
from ingress.sdk.errors import DeliveryFailedError
from ingress.sdk.stamp import new_command_id, now_us
from schemas.messages.commands import Command, Condition, Origin, WalletCommand
from schemas.values import Money


@dataclass(frozen=True, slots=True)
class Delivered:
    """A command is on the topic of commands.

    append_time_us: The broker's time, microseconds since 1970-01-01 UTC; None if it kept ours.
    """

    command_id: str
    topic: str
    partition: int
    offset: int
    append_time_us: int | None


OnDelivery = Callable[[Delivered | DeliveryFailedError], None]


class Sending(Closing):
    """Sends commands, each with a future of its delivery."""

    def send(  # noqa: PLR0913 - one argument per field of the envelope
        self,
        wallet_id: str,
        body: Command,
        *,
        command_id: str | None = None,
        issued_at_us: int | None = None,
        conditions: tuple[Condition, ...] = (),
        dry_run: bool = False,
        origin: Origin | None = None,
        traceparent: str = "",
    ) -> Future[Delivered]:
        """Send a command to the wallet that decides; amounts in `body` are minor units.

        A condition that does not hold when the command is decided rejects it CONDITION_FAILED.
        A dry run has no effect; its result says what would have been. Fraud rules look at the
        origin. The `traceparent` of a W3C trace goes on with the command; one that cannot be read
        is as none.

        The id is a new UUID and the time the caller's clock unless given. The future holds a
        `Delivered`, or raises `DeliveryFailedError`. Delivered means: it will be decided; the
        decision itself comes as a result (`ResultReader`).

        Raises `CommandRefusedError` naming the field, `QueueFullError`, `ClosedError`.
        """
        stamped = stamp(
            wallet_id,
            body,
            command_id=command_id,
            issued_at_us=self.now_us() if issued_at_us is None else issued_at_us,
            conditions=conditions,
            dry_run=dry_run,
            origin=origin,
        )
        return self.send_command(stamped, traceparent)

    def send_to_alias(
        self,
        directory: AliasDirectory,
        wallet_id: str,
        alias: str,
        amount: Money,
        *,
        command_id: str | None = None,
    ) -> Future[Delivered]:
        """Pay whoever is behind an alias; nobody yet: the money waits as a claim.

        The wallet is looked up now and written into the command. To repeat a command that may not
        have arrived, make it once (`stamp(wallet_id, directory.body(alias, amount))`) and send it
        with `send_command` as often as needed. Raises as `send` does, and what the directory does.
        """
        return self.send(wallet_id, directory.body(alias, amount), command_id=command_id)

    def send_command(self, command: WalletCommand, traceparent: str = "") -> Future[Delivered]:
        """Send a complete command; see `send`."""
        promise: Future[Delivered] = Future()
        # From here on nobody cancels it: the command is on its way, and its report must not fail.
        promise.set_running_or_notify_cancel()

        def keep(outcome: Delivered | DeliveryFailedError) -> None:
            if isinstance(outcome, Delivered):
                promise.set_result(outcome)
            else:
                promise.set_exception(outcome)

        self.post(command, keep, traceparent)
        return promise

    @abstractmethod
    def post(self, command: WalletCommand, on_delivery: OnDelivery, traceparent: str = "") -> None:
        """Send a complete command and be called back: cheaper than `send`."""

    def now_us(self) -> int:
        """Return the time commands are stamped with, microseconds since 1970-01-01 UTC."""
        return now_us()


def stamp(  # noqa: PLR0913 - one argument per field of the envelope
    wallet_id: str,
    body: Command,
    *,
    command_id: str | None = None,
    issued_at_us: int | None = None,
    conditions: tuple[Condition, ...] = (),
    dry_run: bool = False,
    origin: Origin | None = None,
) -> WalletCommand:
    """Return the complete command: with a new id and the caller's time unless they are given."""
    return WalletCommand(
        new_command_id() if command_id is None else command_id,
        wallet_id,
        now_us() if issued_at_us is None else issued_at_us,
        body,
        conditions,
        dry_run,
        origin,
    )
