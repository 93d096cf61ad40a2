"""Whatever a day brings, nothing differs at any cut, however logs and facts are read."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import encode
from schemas.messages.control import Control, TakeCut
from tests.support.recon import Reconciliation, log_of_rig, log_of_writer
from tests.support.strategies import World, day_of
from tests.support.traffic import PARTITIONS, Traffic
from topics.catalog import CONTROL

FIRST = 100  # above the cuts that random days take by themselves
END = 2**61
seeds = st.integers(0, 2**32)


class Cutter:
    """Cuts at random places, each partition in its own time; at the end all have taken all."""

    def __init__(self, partitions, take):
        self.taken = [0] * partitions
        self.take = take

    def cut(self, partition):
        self.taken[partition] += 1
        self.take(partition, FIRST + self.taken[partition])

    def level(self):
        for partition, taken in enumerate(list(self.taken)):
            for _ in range(max(self.taken) - taken):
                self.cut(partition)

    def numbers(self):
        return {FIRST + each for each in range(1, max(self.taken) + 1)}


def cut_world(seed, length):
    """A random day of rigs with cuts in it, the last one at rest."""
    random, world = Random(seed), World()
    cutter = Cutter(3, lambda p, k: world.rigs[p].control(TakeCut(k, ""), f"cut-{k}"))
    for operation in day_of(seed, length):
        if random.random() < 0.1:
            cutter.cut(random.randrange(3))
        world.do(operation)
    cutter.cut(0)
    cutter.level()
    world.settle()
    cutter.cut(0)
    cutter.level()
    for rig in world.rigs:
        rig.seal()
    return world, cutter


@settings(max_examples=40)
@given(seeds, st.integers(1, 120))
def test_nothing_differs_at_any_cut_of_any_day(seed, length):
    world, cutter = cut_world(seed, length)
    found = Reconciliation(3).follow([log_of_rig(rig) for rig in world.rigs], seed).idle(END)
    assert found.opened == []
    assert found.proofs.keys() >= cutter.numbers()
    assert all(proof.equal for proof in found.proofs.values())
    at_rest = found.proofs[max(cutter.numbers())]
    assert {each.in_flight for each in at_rest.money} == {0}
    assert (at_rest.open_count, at_rest.legs_behind, at_rest.legs_ahead) == (0, 0, 0)


class CutTraffic(Traffic):
    """Writers of the real job with cuts among their inputs, before and behind everything else."""

    def __init__(self):
        self.cutter = Cutter(PARTITIONS, self._take)
        super().__init__()

    def _take(self, partition, k):
        writer = self.writers[partition]
        control = Control(f"cut-{k}", writer.at, "ops", TakeCut(k, ""), "")
        writer.say(encode(control), str(partition).encode(), CONTROL.name)

    def _commit(self):
        if self.random.random() < 0.5:
            self.cutter.cut(self.random.randrange(PARTITIONS))
        super()._commit()


@settings(max_examples=20)
@given(seeds, st.integers(1, 150))
def test_nothing_differs_at_any_cut_of_the_real_writers(seed, length):
    world = CutTraffic().run(seed, length)
    world.cutter.level()
    for writer in world.writers:
        writer.commit()
    logs = [log_of_writer(writer) for writer in world.writers]
    found = Reconciliation(PARTITIONS).follow(logs, seed).idle(END)
    assert found.opened == []
    assert found.proofs.keys() >= world.cutter.numbers()
    assert all(proof.equal for proof in found.proofs.values())


@settings(max_examples=20)
@given(seeds, seeds)
def test_what_is_said_does_not_depend_on_how_the_log_is_read(seed, shaking):
    """In one piece, or in any batches with crashes and repeats: the same events, word for word."""
    world, _ = cut_world(seed, 80)
    logs = [log_of_rig(rig) for rig in world.rigs]
    smooth = Reconciliation(3, late_us=60_000_000).follow(logs).idle(END)
    shaken = Reconciliation(3, late_us=60_000_000).follow(logs, shaking).idle(END)
    assert _said(shaken) == _said(smooth)


def _said(reconciliation):
    """Every event by its id; a repeat is the same, and at which end a cut was completed is not."""
    found = {}
    for each in reconciliation.events:
        assert found.setdefault(each.event_id, each.body) == each.body
    return found


def test_the_days_bring_what_is_tried_here():
    flying, ahead, cuts = 0, 0, 0
    for seed in range(12):
        world, _ = cut_world(seed, 120)
        found = Reconciliation(3).follow([log_of_rig(rig) for rig in world.rigs])
        cuts += len(found.proofs)
        flying += sum(each.money[0].in_flight != 0 for each in found.proofs.values())
        ahead += sum(each.legs_ahead > 0 for each in found.proofs.values())
    assert cuts > 60
    assert flying > 30
    assert ahead > 5
