"""Check 6: every transfer between partitions ended, each step at most once, nothing left reserved.

Owns: the life of each transfer as both partitions logged it, and the legs that carried it.
Never: keeps a transfer that ended; of those only sums remain, one a pair of partitions.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import Final, final

from ops.checker.report import Result
from ops.checker.steps import Step
from schemas.codec import encode
from schemas.messages.decisions import Event
from schemas.messages.events import (
    HoldCaptured,
    HoldPlaced,
    HoldReleased,
    LegReceived,
    LegSent,
    ReviewOpened,
    ReviewResolved,
    TransferCompensated,
    TransferDebited,
    TransferSettled,
)
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import HoldStatus, InboxState

Pair = tuple[int, int]  # source, destination
OPEN: Final = frozenset({HoldStatus.ACTIVE, HoldStatus.PARTIALLY_CAPTURED})
SUM: Final = 2**128


@final
class Sagas:
    """Every partition's transfers; take partitions one after the other."""

    def __init__(self, result: Result) -> None:
        self._result: Final = result
        self._open: Final[dict[tuple[int, int, int], str]] = {}  # source, destination, CREDIT
        self._held: Final[dict[tuple[str, str, str], str]] = {}
        self._last_received: Final[dict[Pair, int]] = {}
        self._last_debited: Final[dict[Pair, int]] = {}
        self._seen_legs: Final[dict[tuple[int, int, int], bytes]] = {}
        # Pair -> sum over its legs or credits: what one side says must be what the other says.
        self._sent: Final[defaultdict[Pair, int]] = defaultdict(int)
        self._lying: Final[defaultdict[Pair, int]] = defaultdict(int)
        self._taken: Final[defaultdict[Pair, int]] = defaultdict(int)
        self._credited: Final[defaultdict[Pair, int]] = defaultdict(int)
        self._settled: Final[defaultdict[Pair, int]] = defaultdict(int)

    def take(self, step: Step) -> None:
        """Follow a Decision's events."""
        here = step.decision.partition
        for event in step.decision.events:
            if isinstance(event, TransferDebited):
                self._debited(step, (here, event.to_partition), event)
            elif isinstance(event, (TransferSettled, TransferCompensated)):
                self._ended(step, (here, event.to_partition), event)
            elif isinstance(event, LegSent):
                pair = (here, event.leg.dst_partition)
                digest = digest_of(encode(event.leg))
                self._sent[pair] += number_of(event.leg.pair_seq, digest)
            elif isinstance(event, LegReceived):
                self._received(step, (event.src_partition, here), event)
            else:
                self._reserve(step, event)

    def see(self, partition: int, value: bytes, leg: Leg) -> None:
        """Take the next record of the legs topic; a recovery may send one again, to the byte."""
        key, digest = (leg.src_partition, partition, leg.pair_seq), digest_of(value)
        self._result.looked_at += 1
        known = self._seen_legs.get(key)
        if known is None:
            self._seen_legs[key] = digest
            self._lying[leg.src_partition, partition] += number_of(leg.pair_seq, digest)
        elif known != digest:
            where = f"legs[{partition}]"
            self._result.add(where, f"leg {leg.pair_seq} of {leg.src_partition} has two contents")

    def end_partition(self) -> None:
        """Forget the legs of a partition that was read to its end."""
        self._seen_legs.clear()

    def end(self, *, holds_may_stay: bool, whole: bool) -> None:
        """Compare both sides; `whole`: retention has removed no leg."""
        for (source, destination, number), what in self._open.items():
            self._result.add(f"partition {source}", f"{what} to {destination} ({number}) is open")
        for (wallet_id, kind, thing), what in self._held.items():
            if holds_may_stay:
                self._result.note(f"{kind} {thing} of {wallet_id} stays open: {what}")
            else:
                self._result.add(f"wallet {wallet_id}", f"{kind} {thing} stays open: {what}")
        sides = [
            ("legs sent and legs taken differ", self._sent, self._taken),
            ("credits taken and transfers settled differ", self._credited, self._settled),
        ]
        if whole:
            sides.append(("legs sent and legs on the topic differ", self._sent, self._lying))
        for what, one, other in sides:
            for pair in sorted(one.keys() | other.keys()):
                if (one.get(pair, 0) - other.get(pair, 0)) % SUM:
                    self._result.add(f"pair {pair[0]} to {pair[1]}", what)

    def _debited(self, step: Step, pair: Pair, event: TransferDebited) -> None:
        self._result.looked_at += 1
        if event.credit_seq <= self._last_debited.get(pair, 0):
            self._result.add(step.where, f"CREDIT {event.credit_seq} to {pair[1]} begins again")
        self._last_debited[pair] = event.credit_seq
        what = f"transfer {event.transfer_id} of {event.from_wallet_id}"
        self._open[(*pair, event.credit_seq)] = what

    def _ended(self, step: Step, pair: Pair, event: TransferSettled | TransferCompensated) -> None:
        if self._open.pop((*pair, event.credit_seq), None) is None:
            what = f"transfer {event.transfer_id} ends, but is not open (CREDIT {event.credit_seq})"
            self._result.add(step.where, what)
        if isinstance(event, TransferSettled):
            self._settled[pair] += number_of(event.credit_seq, b"")

    def _received(self, step: Step, pair: Pair, event: LegReceived) -> None:
        if event.pair_seq <= self._last_received.get(pair, 0):
            if event.state is not InboxState.PARKED:
                self._result.add(step.where, f"leg {event.pair_seq} of {pair[0]} is taken again")
            return
        self._last_received[pair] = event.pair_seq
        self._taken[pair] += number_of(event.pair_seq, event.digest)
        if event.state is InboxState.CREDITED:
            self._credited[pair] += number_of(event.pair_seq, b"")

    def _reserve(self, step: Step, event: Event) -> None:
        if isinstance(event, HoldPlaced):
            what = f"{event.amount} {event.currency} placed"
            self._held[event.wallet_id, "hold", event.hold_id] = what
        elif isinstance(event, (HoldCaptured, HoldReleased)):
            if event.status not in OPEN:
                self._close(step, (event.wallet_id, "hold", event.hold_id))
        elif isinstance(event, ReviewOpened):
            what = f"{event.amount} {event.currency}"
            self._held[event.wallet_id, "review", event.review_id] = what
        elif isinstance(event, ReviewResolved):
            self._close(step, (event.wallet_id, "review", event.review_id))

    def _close(self, step: Step, key: tuple[str, str, str]) -> None:
        if self._held.pop(key, None) is None:
            self._result.add(step.where, f"{key[1]} {key[2]} ends, but is not open")


def digest_of(value: bytes) -> bytes:
    """Return the digest that the inbox keeps of a leg."""
    return sha256(value).digest()[:16]


def number_of(pair_seq: int, digest: bytes) -> int:
    """Return a number whose sum stands for a multiset of numbered things."""
    return int.from_bytes(sha256(pair_seq.to_bytes(8, "big") + digest).digest()[:16], "big")
