"""A job that follows the log is shown whole transactions, in order, each Decision once."""

from typing import ClassVar

import pytest

from ledger.sealing import LogError
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision, Seal
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord, Output
from streams.runtime.overlay import OverlayState
from streams.sealed import WAITING, SealedJob
from tests.unit.ops.proof.logs import changed, records_of
from topics.catalog import COMMANDS, EVENTS

LOG = records_of(commands=7)


class Seen:
    """A job that tells which sequences it was shown."""

    name, inputs, outputs, tables = "seen", (EVENTS, COMMANDS), (), ()
    told: ClassVar = None

    def open(self, overlay, partition):
        return self

    def step(self, record):
        what = "command" if record.topic != EVENTS.name else decode(Decision, record.value).sequence
        return (Output("told", record.partition, str(record.offset).encode(), str(what).encode()),)

    def fire(self, until):
        return (until,)


class Following:
    """The job over a disk that survives it."""

    def __init__(self, disk=None):
        self.disk = disk or FakeDisk()
        self.kind = SealedJob(Seen())
        self.overlay = OverlayState(self.kind.tables, self.disk.open())
        self.steps = self.kind.open(self.overlay, 0)

    def take(self, *records):
        """What the job told of them, each in a group of its own."""
        told = []
        for each in records:
            place = (EVENTS.name, 0, each.offset, 5, each.key, each.value)
            told += [int(out.value) for out in self.steps.step(InputRecord(*place))]
            self.overlay.fold()
            self.overlay.flush(b"applied")
        return told

    def again(self):
        """Another process on the same disk."""
        self.disk.locked = False
        return Following(self.disk)

    def waiting(self):
        return sum(key.startswith(WAITING.prefix) for key in self.disk.rows)


def seals():
    return [number for number, each in enumerate(LOG) if decode(Decision, each.value).seal]


def test_decisions_come_with_the_seal_of_their_transaction():
    following = Following()
    assert seals()[0] > 0
    for number, record in enumerate(LOG):
        before = max((each + 1 for each in seals() if each < number), default=0)
        told = list(range(before + 1, number + 2)) if number in seals() else []
        assert following.take(record) == told
    assert following.waiting() == 0


def test_what_waits_survives_the_process():
    following, told = Following(), []
    for record in LOG:
        told += following.take(record)
        following = following.again()
    assert told == [decode(Decision, each.value).sequence for each in LOG]


def test_void_decisions_are_never_shown():
    first = seals()[0]
    following = Following()
    assert following.take(*LOG[:first]) == []
    assert following.waiting() == first
    assert following.take(*LOG) == [decode(Decision, each.value).sequence for each in LOG]
    assert following.waiting() == 0


@pytest.mark.parametrize("missing", range(1, len(LOG) - 1))
def test_a_gap_halts(missing):
    with pytest.raises(LogError, match=r"log partition 0, offset \d+: .* must follow|a seal of"):
        Following().take(*LOG[:missing], *LOG[missing + 1 :])


def test_a_sealed_decision_that_comes_again_halts():
    following = Following()
    following.take(*LOG)
    with pytest.raises(LogError, match="must follow"):
        following.take(LOG[-1])


def test_a_seal_of_another_transaction_halts():
    number = seals()[0]
    decision = decode(Decision, LOG[number].value)
    seal = decision.seal
    wrong = Seal(seal.first_sequence, seal.count + 1, seal.legs_count, seal.legs_digest, ())
    fields = {each: getattr(decision, each) for each in Decision.__match_args__}
    forged = encode(Decision(**{**fields, "seal": wrong}))
    with pytest.raises(LogError, match=f"a seal of {number + 2} from 1"):
        Following().take(*LOG[:number], changed(LOG[number], value=forged))


def test_other_inputs_and_timers_pass():
    steps = Following().steps
    (told,) = steps.step(InputRecord(COMMANDS.name, 0, 3, 5, b"k", b"v"))
    assert (told.key, told.value) == (b"3", b"command")
    assert steps.fire(7) == (7,)
