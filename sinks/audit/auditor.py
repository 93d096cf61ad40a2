"""Auditor: repairs that were ordered, then tails that moved, then one older bucket; and again.

Owns: the order of these, and what is owed while store or broker is away.
Never: keeps what it owes beyond its own life: a bucket that still differs is ordered again when it
is read again. Two auditors of one partition only do the same work twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final, Protocol, final

from ledger.sealing import LogError
from schemas.messages.decisions import Decision
from schemas.messages.recon import AttestationBody, RepairOrdered
from schemas.messages.vocabulary import Store
from sinks.audit.rounds import Rounds
from sinks.audit.store import Audited
from sinks.backoff import wait_s
from sinks.errors import BrokerAway, StoreAway
from sinks.lane import Stopping

IDLE_S: Final = 0.02
log = logging.getLogger(__name__)


class Channel(Protocol):
    """The auditor's way to the job and back."""

    def attest(self, partition: int, store: Store, key: str, body: AttestationBody) -> None:
        """Publish; return when it is acknowledged."""
        ...

    def orders(self, store: Store) -> Sequence[tuple[int, RepairOrdered]]:
        """Return the repairs that were ordered since last asked, by partition."""
        ...


class Log(Protocol):
    """The log, for one bucket of it."""

    def decisions(
        self, partition: int, offset: int, last: int, wanted: Callable[[Decision], bool]
    ) -> list[Decision]:
        """Return sealed Decisions that are wanted, to a sequence. Raises `LogError`."""
        ...


@final
class Auditor:
    """Audits some partitions of one store."""

    def __init__(
        self,
        audited: Audited,
        ways: tuple[Channel, Log],
        rounds: Rounds,
        clock: Callable[[], float],
        stop: Stopping,
    ) -> None:
        self._audited: Final = audited
        self._channel, self._log = ways
        self._rounds: Final = rounds
        self._clock: Final = clock
        self._stop: Final = stop
        # By partition and bucket of the order: a newer order of one bucket takes the older's place.
        self._owed: Final[dict[tuple[int, str], RepairOrdered]] = {}
        self._healed: Final[dict[tuple[int, int], None]] = {}  # to be read again, each once
        self.turns = 0
        self.attempt = 0  # how often store or broker was asked in vain, since they last answered
        self.away = 0
        self.attested = 0
        self.rows = 0
        self.repaired = 0
        self.unrepaired = 0

    def run(self) -> None:
        """Work until told to stop."""
        while not self._stop.is_set():
            self.turns += 1
            try:
                self.turn()
                self.attempt = 0
                self._stop.wait(IDLE_S)
            except (StoreAway, BrokerAway) as away:
                self.attempt += 1
                self.away += 1
                log.warning("%s: attempt %d: %s", self._audited.store, self.attempt, away)
                self._stop.wait(wait_s(self.attempt, "audit"))

    def round_age(self, now: float) -> float:
        """Return for how long what was changed in an old bucket may not have been seen, seconds."""
        return self._rounds.age(now)

    def turn(self) -> None:
        """Do what is due now."""
        for partition, order in self._channel.orders(self._audited.store):
            self._owed[partition, order.bucket] = order
        for place, order in tuple(self._owed.items()):
            self._repair(place[0], order)
            del self._owed[place]
            self._healed[place[0], self._audited.bucket(order)] = None
        for partition, bucket in tuple(self._healed):
            self._attest(partition, bucket)
            del self._healed[partition, bucket]
        for partition in self._rounds.tails(self._clock()):
            sequence = self._audited.sequence(partition)
            tail = self._audited.tail(sequence)
            if tail is not None and sequence and self._rounds.moved(partition, sequence):
                self._attest(partition, tail)
                self._rounds.read(partition, sequence)
        partition_swept = self._rounds.sweep(self._clock())
        if partition_swept is not None:
            self._rounds.swept(self._clock(), self._sweep(partition_swept))

    def _sweep(self, partition: int) -> int:
        sequence = self._audited.sequence(partition)
        if not sequence:
            return 0
        bucket = self._rounds.bucket(partition, self._audited.buckets(sequence) - 1)
        return self._attest(partition, bucket)

    def _attest(self, partition: int, bucket: int) -> int:
        """Read a bucket back and say what is there; return how many rows that took."""
        held = self._audited.read(partition, bucket)
        if held is None:
            return 0
        self._channel.attest(partition, self._audited.store, str(bucket), held.body)
        self.attested += 1
        self.rows += held.rows
        return held.rows

    def _repair(self, partition: int, order: RepairOrdered) -> None:
        """Make one bucket anew; what cannot be is left as it is, for a person."""
        store = self._audited.store
        log.warning("%s: repair of %s: attempt %d", store, order.break_id, order.attempt)
        self._channel.attest(partition, store, order.bucket, self._audited.before(partition, order))
        needed = self._audited.range(order)

        def wants(decision: Decision) -> bool:
            self.turns += 1  # a long repair is no standstill
            return self._audited.wants(order, decision)

        try:
            decisions = (
                self._log.decisions(partition, order.offset, needed[1], wants) if needed else []
            )
            ended = self._audited.repair(partition, order, decisions)
        except LogError as error:
            self.unrepaired += 1
            log.critical("%s: %s is not repaired: %s", store, order.break_id, error)
            return
        self._channel.attest(partition, store, order.bucket, ended)
        self.repaired += 1
        log.warning("%s: %s: %d rows: %s", store, order.break_id, ended.changed, ended.detail)
