"""A hundred thousand damaged records: one Decision each, nothing halts, nothing grows."""

import itertools
import tracemalloc
from collections import Counter
from random import Random

import pytest

from schemas.codec import decode
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Outcome
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord
from streams.runtime.overlay import OverlayState
from streams.wallet.job import WalletJob
from tests.support.builders import NOON, SECOND
from tests.support.fuzzing import PARTITIONS, a_day, fuzzed, noise
from topics.catalog import COMMANDS

INPUTS = 100_000
ROUNDS = 10
GROUP = 200
PAUSE = SECOND // 50
NOISE = 5_000
GROWTH = 200_000  # bytes for NOISE records; to keep a single one of them would be ten times that


class Lean:
    """A writer that keeps its rows and nothing else."""

    def __init__(self):
        job = WalletJob("fuzz", PARTITIONS)
        self.disk = FakeDisk()
        self.overlay = OverlayState(job.tables, self.disk.open())
        self.job = job.open(self.overlay, 0)
        self.offset = 0

    def eat(self, records):
        """Decide the records in groups; what lies on the log, group by group."""
        records = iter(records)
        while group := list(itertools.islice(records, GROUP)):
            answers = []
            for key, value in group:
                at = NOON + self.offset * PAUSE
                while (fired := self.job.fire(at)) is not None:
                    answers.append(fired)
                answers.append(
                    self.job.step(InputRecord(COMMANDS.name, 0, self.offset, at, key, value))
                )
                self.offset += 1
            yield self.job.seal(answers, {COMMANDS.name: self.offset})
            self.overlay.fold()
            self.overlay.flush(b"applied")


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_every_damaged_record_has_exactly_one_decision(request, turn):
    seed = request.config.getoption("randomly_seed", default=0) * ROUNDS + turn
    rng = Random(seed)
    inputs = INPUTS // ROUNDS
    records = itertools.islice(fuzzed(rng, a_day(rng, inputs * 2)), inputs)
    writer, outcomes, covered, sequence = Lean(), Counter(), 0, 0
    for group in writer.eat(records):
        for record in group.log:
            decision = decode(Decision, record.value)
            sequence += 1
            assert decision.sequence == sequence, f"seed {seed}"
            if hasattr(decision.source, "offset"):
                assert decision.source.offset == covered, f"seed {seed}"
                covered += 1
                outcomes[decision.outcome] += 1
    assert covered == inputs, f"seed {seed}"
    # The damage is neither so mild that all is taken, nor so wild that no command lives.
    assert outcomes[Outcome.ACCEPTED] > inputs // 10, f"seed {seed}: {outcomes}"
    assert outcomes[Outcome.REJECTED] > inputs // 10, f"seed {seed}: {outcomes}"


def test_noise_leaves_nothing_behind(request):
    rng = Random(request.config.getoption("randomly_seed", default=0))
    writer = Lean()
    swallow(writer.eat(a_day(rng, 200)))
    swallow(writer.eat(noise(rng, NOISE)))  # whatever is cached once is cached now
    rows = len(writer.disk.rows)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    swallow(writer.eat(noise(rng, NOISE)))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(writer.disk.rows) == rows
    assert after - before < GROWTH


def swallow(groups):
    for _ in groups:
        pass
