"""Answers of the log: which commands it decided, and how often, read after the fact.

Owns: first Decisions by command, and what of those that were accepted is lost or doubled.
Never: asks who sent them; what a client believes is held against this.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple, final

from confluent_kafka import Consumer

from ingress.sdk.client import reader_config
from ops.audit.follow import LogFollower
from ops.audit.totals import Totals
from ops.bench.drain import ends_of
from ops.rig import wait_for
from schemas.access.kafka import Servers
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.vocabulary import InputTopic, Outcome
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Identity = tuple[str, str]  # wallet id, command id
DECIDED_S: Final = 600.0


class Compared(NamedTuple):
    """What of the accepted commands is not there once."""

    lost: list[Identity]
    doubled: list[Identity]


def compared(accepted: Collection[Identity], first: Mapping[Identity, int]) -> Compared:
    """Hold what clients were told against how often each command was decided first."""
    lost = sorted(each for each in accepted if not first.get(each))
    doubled = sorted(each for each, times in first.items() if times > 1)
    return Compared(lost, doubled)


@final
class Answers:
    """The Decisions on commands, counted."""

    def __init__(self, kafka: Servers) -> None:
        self.first: Final[Counter[Identity]] = Counter()
        self.repeats = 0
        self._kafka: Final = kafka
        self._follower: Final = LogFollower(kafka)
        self._totals: Final = Totals()

    def read_all(self) -> None:
        """Read until every command that is in the log has its Decision."""
        with closing(Consumer(reader_config(self._kafka))) as consumer:
            ends = ends_of(consumer, COMMANDS.name)

        def decided() -> bool:
            for group in self._follower.poll():
                for decision in group.decisions:
                    self._totals.add(decision)
                    self._count(decision)
            covered = self._totals.covered
            return all(covered.get((n, InputTopic.COMMANDS), 0) >= end for n, end in ends.items())

        wait_for("every command to be decided", decided, DECIDED_S)

    def close(self) -> None:
        """Let go of the broker."""
        self._follower.close()

    def _count(self, decision: Decision) -> None:
        source = decision.source
        if not isinstance(source, InputSource) or source.topic is not InputTopic.COMMANDS:
            return
        if decision.outcome is Outcome.DUPLICATE:
            self.repeats += 1
        else:
            self.first[decision.wallet_id, decision.command_id] += 1
