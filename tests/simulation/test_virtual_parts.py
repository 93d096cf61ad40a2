"""The virtual broker's traps and the virtual disk's losses, one by one."""

import pytest

from ops.simulate.blows import Blow, Harm, Moment
from ops.simulate.coordinator import Coordinator, NoTransactionError, StaleEpochError
from ops.simulate.disk import VirtualDisk
from ops.simulate.gate import Gate
from ops.simulate.log import VirtualLog
from ops.simulate.process import Process
from ops.simulate.strands import KilledError, Strand
from streams.runtime.fakes import Entry

LOG, LEGS = ("log", 0), ("legs", 0)


class Rig:
    """A coordinator, its logs and a clock."""

    def __init__(self):
        self.now = 0.0
        self.logs = {LOG: VirtualLog(), LEGS: VirtualLog()}
        self.coordinator = Coordinator(self.logs.get, lambda: self.now)
        self.epoch = self.coordinator.init("writer")

    def append(self, place, value, epoch=None):
        self.coordinator.append("writer", epoch or self.epoch, place, [Entry("open", b"", value)])

    def add(self, place, value):
        self.coordinator.add("writer", self.epoch, place)
        self.append(place, value)

    def end(self, ending="committed"):
        self.coordinator.end("writer", self.epoch, ending)

    def seen(self, place):
        log = self.logs[place]
        return [log.entries[offset].value for offset in log.visible(0, 100)]


@pytest.fixture
def rig():
    return Rig()


def test_an_end_that_comes_again_ends_the_next_transaction_half_way(rig):
    rig.add(LOG, b"one")
    rig.end()
    rig.add(LOG, b"two")
    rig.end()  # the first request, once more
    with pytest.raises(NoTransactionError):
        rig.append(LOG, b"three")
    rig.add(LEGS, b"leg")
    rig.end()
    assert (rig.seen(LOG), rig.seen(LEGS)) == ([b"one", b"two"], [b"leg"])


def test_after_a_new_init_a_late_end_is_refused(rig):
    rig.add(LOG, b"one")
    late = rig.epoch
    rig.epoch = rig.coordinator.init("writer")
    with pytest.raises(StaleEpochError):
        rig.coordinator.end("writer", late, "committed")
    assert rig.seen(LOG) == []


def test_an_old_transaction_is_aborted_and_its_producer_fenced(rig):
    rig.add(LOG, b"slow")
    rig.now = 1.0
    assert rig.coordinator.scan() == 0
    rig.now = 3.0
    assert rig.coordinator.scan() == 1
    with pytest.raises(StaleEpochError):
        rig.end()
    assert rig.seen(LOG) == []


def test_markers_may_reach_some_partitions_later(rig):
    rig.add(LOG, b"one")
    rig.add(LEGS, b"leg")
    rig.coordinator.markers_late = 1
    rig.end()
    assert (rig.seen(LOG), rig.seen(LEGS)) == ([b"one"], [])
    rig.coordinator.write_markers()
    assert rig.seen(LEGS) == [b"leg"]


def test_the_next_transaction_waits_for_late_markers(rig):
    rig.add(LEGS, b"leg")
    rig.coordinator.markers_late = 1
    rig.end()
    rig.add(LOG, b"next")
    assert rig.seen(LEGS) == [b"leg"]


def test_a_loss_of_power_takes_the_last_writes_and_a_kill_none():
    disk = VirtualDisk()
    for number in range(3):
        disk.apply([(b"key", b"%d" % number), (b"n%d" % number, b"")])
    disk.lose(2)
    assert disk.rows == {b"key": b"0", b"n0": b""}
    disk.apply([(b"key", None)])
    disk.lose(0)
    assert disk.rows == {b"n0": b""}


def test_what_was_synced_is_not_lost():
    disk = VirtualDisk()
    for number in range(20):
        disk.apply([(b"key", b"%d" % number)])
    disk.lose(disk.unsynced)
    assert int(disk.rows[b"key"]) > 10


# Strands and gates.


class Driver:
    """Strikes each operation with what it was given."""

    def __init__(self, *blows):
        self.now = 0.0
        self.blows = list(blows)
        self.late = []

    def step(self, gate, operation):
        return self.blows.pop(0) if self.blows else None

    def later(self, seconds, act):
        self.late.append(act)


def run(driver, work):
    """Run some work in a process; return the process and its strand, at rest or done."""
    process = Process(driver, "p", lambda process, power: None)
    strand = process.spawn("place", work)
    strand.resume()
    return process, strand


def test_a_strand_rests_in_the_middle_of_a_call_and_goes_on_there():
    said = []
    strand = Strand("s", lambda: (said.append(1), strand.rest(), said.append(2)))
    strand.resume()
    assert (said, strand.done) == ([1], False)
    strand.resume()
    assert (said, strand.done) == ([1, 2], True)


def test_a_killed_strand_runs_no_handler_of_exceptions():
    said = []

    def work():
        try:
            strand.rest()
        except Exception:  # noqa: BLE001 - that is what must not happen
            said.append("handled")

    strand = Strand("s", work)
    strand.resume()
    strand.kill()
    assert (said, strand.done, strand.error) == ([], True, None)


@pytest.mark.parametrize(("moment", "expected"), [("before", []), ("after", [1])])
def test_a_kill_before_or_after_an_operation(moment, expected):
    done = []
    driver = Driver(Blow(Moment(moment), Harm.KILL))
    process, strand = run(driver, lambda gate: gate.io("write", lambda: done.append(1)))
    assert (done, process.dead, strand.done) == (expected, True, True)


def test_a_request_on_its_way_lands_later_and_only_once():
    done, errors = [], []

    def work(gate):
        try:
            gate.io("commit", lambda: done.append(1), OSError)
        except OSError as error:
            errors.append(error)
        gate.io("next", lambda: done.append(2), OSError)

    driver = Driver(Blow(Moment.UNKNOWN, Harm.ERROR, late_requests=0))
    run(driver, work)
    assert (done, len(errors)) == ([1, 2], 1)
    driver.late[0]()
    assert done == [1, 2]


def test_a_dead_process_does_nothing_any_more():
    process = Process(Driver(), "p", lambda process, power: None)
    process.die()
    with pytest.raises(KilledError):
        Gate(Driver(), process, "place").io("write", lambda: None)
