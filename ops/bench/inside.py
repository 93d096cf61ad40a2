"""A day inside this process: the writers of every partition side by side, without Kafka.

Theory: what a worker does to a record is measured alone here. Commands are given to their
partition's writer in groups; the legs a group sends are given to their receivers before the next
commands, until nobody has any left. Append times come from the number of the command, so a day
with the same seed is the same day, byte for byte but for its date.

Owns: `Desk`, one partition, and who is given what when.
Never: measures; the caller does, in the turns that it gives to the desks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from streams.runtime.job import InputRecord
from topics.catalog import COMMANDS, LEGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ops.bench.load import Load
    from streams.runtime.job import Output

    # Decides records of one partition as one group, and returns what it sends.
    Turn = Callable[[Sequence[InputRecord], Mapping[str, int]], Iterable[Output]]

LEDGER_ID: Final = "bench"
GROUP: Final = 500  # records of one partition; about what a worker commits at once under load
GAP_US: Final = 500  # between the append times of two commands


@final
class Desk:
    """What waits for one partition's writer, and up to where it was taken."""

    def __init__(self, partition: int, turn: Turn) -> None:
        self.partition: Final = partition
        self._turn: Final = turn
        self.positions: Final = {COMMANDS.name: 0, LEGS.name: 0}
        self._waiting: list[InputRecord] = []

    def put(self, topic: str, key: bytes | None, value: bytes | None, at_us: int) -> None:
        """Append a record to an input topic of the partition."""
        offset = self.positions[topic]
        self.positions[topic] = offset + 1
        self._waiting.append(InputRecord(topic, self.partition, offset, at_us, key, value))

    def turn(self) -> Iterable[Output] | None:
        """Let the writer decide everything that waits; None when nothing does."""
        records, self._waiting = self._waiting, []
        return self._turn(records, self.positions) if records else None


def work_off(desks: Sequence[Desk], loads: Sequence[Load], start_us: int) -> None:
    """Give every command to its desk, and every leg to whom it is for, until nothing waits."""
    size = GROUP * len(desks)
    for first in range(0, len(loads), size):
        for number, load in enumerate(loads[first : first + size], first):
            at_us = start_us + number * GAP_US
            desks[load.partition].put(COMMANDS.name, load.key, load.value, at_us)
        while _round(desks, start_us + (first + size) * GAP_US):
            pass


def _round(desks: Sequence[Desk], at_us: int) -> bool:
    """Let every desk with work take a turn; say whether there was one."""
    sent: list[Output] = []
    worked = False
    for desk in desks:
        outputs = desk.turn()
        if outputs is not None:
            sent.extend(outputs)
            worked = True
    for output in sent:
        if output.topic == LEGS.name:
            desks[output.partition].put(output.topic, output.key, output.value, at_us)
    return worked
