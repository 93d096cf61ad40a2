"""Run: commands sent at a rate, acknowledged, and their results gathered.

Owns: the pace, and who still waits for what.
Never: reads a file, prints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Final

from ingress.sdk import (
    Delivered,
    DeliveryFailedError,
    LedgerProducer,
    Result,
    ResultReader,
    Stage,
    WalletCommand,
)
from ledger.facts import DRY_RUN
from schemas.access.kafka import Servers

PROGRESS_EVERY: Final = 200


@dataclass(slots=True)
class Fed:
    """What became of a file. `outcomes` counts results by outcome and reason."""

    sent: int = 0
    acknowledged: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to send (commands/s, 0 = as fast as it goes) and how long to wait (seconds)."""

    rate: float = 0.0
    wait: bool = False
    timeout_s: float = 60.0


def feed_commands(
    address: Servers,
    commands: Sequence[WalletCommand],
    pace: Pace,
    step: Callable[[int], None],
    heard: Callable[[Result], None] | None = None,
) -> Fed:
    """Send the commands in order; call `step` with how many were sent since the last call.

    `heard` is called with every FINAL result that is waited for.
    """
    fed = Fed()
    with ResultReader(address) if pace.wait else nullcontext() as results:
        began = monotonic()
        _send(address, commands, pace, fed, step)
        fed.seconds = monotonic() - began
        if results is not None:
            _gather(results, commands, pace, fed, heard or _unheard)
    return fed


def _send(
    address: Servers,
    commands: Sequence[WalletCommand],
    pace: Pace,
    fed: Fed,
    step: Callable[[int], None],
) -> None:
    def delivered(outcome: Delivered | DeliveryFailedError) -> None:
        if isinstance(outcome, Delivered):
            fed.acknowledged += 1
        else:
            fed.failed.append(str(outcome))

    with LedgerProducer(address) as producer:
        began = monotonic()
        for number, command in enumerate(commands, 1):
            if pace.rate:
                sleep(max(0.0, began + number / pace.rate - monotonic()))
            producer.post(command, delivered)
            fed.sent = number
            if not number % PROGRESS_EVERY:
                step(PROGRESS_EVERY)
        step(len(commands) % PROGRESS_EVERY)


def _unheard(_result: Result) -> None:
    """Nobody asked for single results."""


def _gather(
    results: ResultReader,
    commands: Sequence[WalletCommand],
    pace: Pace,
    fed: Fed,
    heard: Callable[[Result], None],
) -> None:
    """Count the FINAL result of every command; an id that was sent repeatedly counts once."""
    for command in commands:
        results.expect(command.wallet_id, command.command_id)
    deadline = monotonic() + pace.timeout_s
    while results.outstanding and monotonic() < deadline:
        for result in results.poll():
            if result.stage is Stage.FINAL:
                fed.outcomes[_outcome(result)] += 1
                heard(result)
    fed.unanswered = results.outstanding


def _outcome(result: Result) -> tuple[str, str]:
    said = result.outcome.name if result.dry_run is None else DRY_RUN
    return said, result.reason.name if result.reason else ""
