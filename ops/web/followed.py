"""Followed: the newest Decisions of the log, folded into what pages show of them.

Owns: the newest Decisions, the transfers on their way among what was read, the wallets that moved
last, the head of each partition. Everything is bounded.
Never: reads a topic. What lies before the first record that was read is not known, and said so.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Final, final

from ops.reading import Placed
from schemas.messages.decisions import Decision, Event
from schemas.messages.events import TransferCompensated, TransferDebited, TransferSettled

LATEST_MAX: Final = 200
WALLETS_MAX: Final = 200
TRAVELLING_MAX: Final = 10_000
DAMAGE_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Travelling:
    """A transfer between partitions that has left and is not answered."""

    transfer_id: str
    from_wallet_id: str
    to_wallet_id: str
    from_partition: int
    to_partition: int
    currency: str
    amount: int
    left_at: int
    ask_at: int  # when the payer's partition asks the other for its answer


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known at one time. `missed` Decisions were too many to be read."""

    partitions: int
    heads: dict[int, Decision | None]
    sequences: dict[int, int]
    latest: tuple[Placed, ...]
    wallets: tuple[Placed, ...]
    travelling: tuple[Travelling, ...]
    missed: int
    damage: tuple[str, ...]


@final
class Followed:
    """Takes sealed Decisions in the order of each partition; those known already change nothing."""

    def __init__(self) -> None:
        self._heads: Final[dict[int, Decision]] = {}
        self._sequences: Final[dict[int, int]] = {}
        self._latest: Final[deque[Placed]] = deque(maxlen=LATEST_MAX)
        self._wallets: Final[OrderedDict[str, Placed]] = OrderedDict()
        self._travelling: Final[OrderedDict[tuple[int, int, int], Travelling]] = OrderedDict()
        self._damage: Final[deque[str]] = deque(maxlen=DAMAGE_MAX)
        self._missed = 0

    def take(self, placed: Placed) -> None:
        """Fold a Decision."""
        decision = placed.decision
        before = self._sequences.get(decision.partition)
        if before is not None and decision.sequence <= before:
            return
        if before is not None and decision.sequence > before + 1:
            self._skip(decision.partition, decision.sequence - before - 1)
        self._sequences[decision.partition] = decision.sequence
        if decision.seal is not None:
            self._heads[decision.partition] = decision
        self._latest.append(placed)
        if decision.wallet_id:
            self._wallets[decision.wallet_id] = placed
            self._wallets.move_to_end(decision.wallet_id)
            if len(self._wallets) > WALLETS_MAX:
                self._wallets.popitem(last=False)
        for event in decision.events:
            self._event(decision, event)

    def damaged(self, error: Exception) -> None:
        """Take note of a record that cannot be read."""
        if str(error) not in self._damage:
            self._damage.append(str(error))

    def seen(self, partitions: int) -> Seen:
        """Return all of it, the newest first."""
        newest = sorted(self._latest, key=_order, reverse=True)
        return Seen(
            partitions,
            {number: self._heads.get(number) for number in range(partitions)},
            dict(self._sequences),
            tuple(newest),
            tuple(sorted(self._wallets.values(), key=_order, reverse=True)),
            tuple(self._travelling.values()),
            self._missed,
            tuple(self._damage),
        )

    def _skip(self, partition: int, count: int) -> None:
        """Forget what may have ended among Decisions that were not read."""
        self._missed += count
        for key in [key for key in self._travelling if key[0] == partition]:
            del self._travelling[key]

    def _event(self, decision: Decision, event: Event) -> None:
        here = decision.partition
        if isinstance(event, TransferDebited):
            self._travelling[here, event.to_partition, event.credit_seq] = Travelling(
                event.transfer_id,
                event.from_wallet_id,
                event.to_wallet_id,
                here,
                event.to_partition,
                event.currency,
                event.amount,
                decision.decided_at,
                event.cancel_due,
            )
            if len(self._travelling) > TRAVELLING_MAX:
                self._travelling.popitem(last=False)
        elif isinstance(event, TransferSettled | TransferCompensated):
            self._travelling.pop((here, event.to_partition, event.credit_seq), None)


def _order(placed: Placed) -> tuple[int, int, int]:
    decision = placed.decision
    return decision.decided_at, decision.partition, decision.sequence
