"""Fakes: a ledger in memory that says what a test wants to be said.

Owns: a producer whose commands are delivered and answered at once.
Never: decides like the ledger does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ingress.sdk.errors import DeliveryFailedError, SdkError
from ingress.sdk.fields import check_command
from ingress.sdk.producer import Delivered
from ingress.sdk.waiting import Waiters
from schemas.messages.commands import WalletCommand
from schemas.messages.results import Result
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage
from topics.catalog import COMMANDS

Says = Callable[[WalletCommand, int], list[Result]]


def accepts(command: WalletCommand, sequence: int) -> list[Result]:
    """Accept whatever comes."""
    return [result_of(command, sequence)]


def result_of(
    command: WalletCommand,
    sequence: int,
    reason: RejectionReason | None = None,
    stage: Stage = Stage.FINAL,
) -> Result:
    """Return a result of a command, accepted unless there is a reason."""
    outcome = Outcome.ACCEPTED if reason is None else Outcome.REJECTED
    return Result(
        command.wallet_id,
        command.command_id,
        outcome,
        reason,
        "",
        stage,
        0,
        sequence,
        None,
        command.issued_at,
    )


class FakeLedger:
    """Takes commands as a producer does, and tells waiters what `says` returns."""

    def __init__(self, waiters: Waiters, says: Says = accepts) -> None:
        self.waiters: Final = waiters
        self.says = says
        self.taken: Final[list[WalletCommand]] = []
        self.traces: Final[list[str]] = []  # of what was taken
        self.full: SdkError | None = None  # raised instead of taking a command
        self.lost = False  # whether deliveries fail

    def post(
        self,
        command: WalletCommand,
        on_delivery: Callable[[Delivered | DeliveryFailedError], None],
        traceparent: str = "",
    ) -> None:
        """Take a command; deliver it and answer it at once."""
        check_command(command)
        if self.full is not None:
            raise self.full
        if self.lost:
            on_delivery(DeliveryFailedError(command.command_id, COMMANDS.name, 0, "timed out"))
            return
        self.taken.append(command)
        self.traces.append(traceparent)
        offset = len(self.taken) - 1
        on_delivery(Delivered(command.command_id, COMMANDS.name, 0, offset, command.issued_at))
        for result in self.says(command, offset + 1):
            self.waiters.told(result)
