"""The witness: a fold of the log and nothing else, against which everything else is held.

Owns: totals, tables and answers that the sealed Decisions demand, while a test runs.
Never: asks a worker, a sink or a store.
"""

import time
from hashlib import sha256

from ledger.fold import close_group, fold
from ledger.sealing import SealedGroup
from ledger.view import PartitionView, memory_view
from ops.audit.follow import LogFollower
from ops.audit.totals import Totals
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.events import LegReceived, LegSent
from schemas.messages.vocabulary import InputTopic


class Witness:
    def __init__(self, bootstrap):
        self._follower = LogFollower(bootstrap)
        self.partitions = len(self._follower.readers)
        numbers = range(self.partitions)
        self.totals = Totals()
        self.sequences = dict.fromkeys(numbers, 0)
        self.decisions: dict[int, list[Decision]] = {number: [] for number in numbers}
        # (input topic, partition) -> offset -> SHA-256 of the value that was answered
        self.answered: dict[tuple[InputTopic, int], dict[int, bytes]] = {
            (kind, number): {} for kind in InputTopic for number in numbers
        }
        # (source, destination) -> highest pair number sent, received
        self.sent: dict[tuple[int, int], int] = {}
        self.received: dict[tuple[int, int], int] = {}
        self._views: dict[int, PartitionView] = {number: memory_view() for number in numbers}

    @property
    def reached(self):
        return self._follower.reached

    def take(self):
        """Fold the sealed groups that have come."""
        for group in self._follower.poll():
            self._fold(group)

    def catch_up(self, ends, deadline_s=30.0):
        """Fold everything up to these end offsets."""
        until = time.monotonic() + deadline_s
        while behind := [number for number, end in ends.items() if self.reached[number] < end]:
            assert time.monotonic() < until, f"the log of partitions {behind} cannot be read"
            self.take()

    def view(self, partition):
        return self._views[partition]

    def in_transit(self):
        """Pairs of partitions whose last leg was not answered yet."""
        return [pair for pair, number in self.sent.items() if self.received.get(pair, 0) < number]

    def close(self):
        self._follower.close()

    def _fold(self, group: SealedGroup):
        partition = group.decisions[0].partition
        view = self._views[partition]
        for decision in group.decisions:
            fold(view, decision)
            self.totals.add(decision)
            self._note(decision)
        close_group(view, group.chain)
        self.decisions[partition] += group.decisions
        self.sequences[partition] = group.last_sequence

    def _note(self, decision):
        partition, source = decision.partition, decision.source
        if isinstance(source, InputSource):
            digest = decision.input_hash or sha256(decision.input).digest()
            self.answered[source.topic, partition][source.offset] = digest
        for event in decision.events:
            if isinstance(event, LegSent):
                leg = event.leg
                self._highest(self.sent, (partition, leg.dst_partition), leg.pair_seq)
            elif isinstance(event, LegReceived):
                self._highest(self.received, (event.src_partition, partition), event.pair_seq)

    @staticmethod
    def _highest(of, pair, number):
        of[pair] = max(of.get(pair, 0), number)
