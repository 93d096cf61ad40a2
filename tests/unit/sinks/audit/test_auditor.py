"""The auditor over a store in memory: what is read when, and what becomes of an order."""

import threading

import pytest

from ledger.sealing import LogError
from ledger.tally import bucket_of
from schemas.messages.recon import (
    JournalHeld,
    JournalSum,
    RepairBegun,
    RepairEnded,
    RepairOrdered,
)
from schemas.messages.vocabulary import Store
from sinks.audit.auditor import Auditor
from sinks.audit.rounds import ROWS_MIN, Rounds
from sinks.audit.store import Held
from sinks.errors import BrokerAway, StoreAway

EMPTY = JournalSum(0, 0, 0, 0, 0, (), ())
ORDER = RepairOrdered("RI09-0-0-1", 1, Store.POSTGRES, "0", 50, 7, b"expected", ())
AGAIN = RepairOrdered("RI09-0-0-1", 2, Store.POSTGRES, "0", 50, 7, b"expected", ())


class FakeStore:
    """Stands somewhere; says what it was asked."""

    store = Store.POSTGRES

    def __init__(self, sequences):
        self.sequences = sequences
        self.away = 0
        self.damaged = True
        self.refused = False

    def sequence(self, partition):
        if self.away:
            self.away -= 1
            raise StoreAway("it does not answer")
        return self.sequences[partition]

    def buckets(self, sequence):
        return bucket_of(sequence) + 1

    def tail(self, sequence):
        return bucket_of(sequence)

    def wants(self, order, decision):
        return decision >= 0

    def bucket(self, order):
        return int(order.bucket)

    def read(self, partition, bucket):
        return Held(JournalHeld(bucket, self.sequences[partition], EMPTY), 5_000)

    def range(self, order):
        return 1, order.watermark

    def before(self, partition, order):
        return RepairBegun(order.break_id, order.attempt, b"before")

    def repair(self, partition, order, decisions):
        assert decisions == [(partition, order.offset, order.watermark)]
        if self.refused:
            raise LogError("another log")
        changed, self.damaged = int(self.damaged), False
        return RepairEnded(order.break_id, order.attempt, b"before", b"after", changed, "", 0)

    def close(self):
        pass


class FakeWays:
    """Channel and log: what was attested, and orders to come."""

    def __init__(self):
        self.said = []
        self.ordered = []
        self.away = 0
        self.left = None  # attestations until the broker is away

    def attest(self, partition, store, key, body):
        if self.left is not None:
            self.left -= 1
            self.away += self.left < 0
        if self.away:
            self.away -= 1
            raise BrokerAway("it does not answer")
        self.said.append((partition, key, type(body)))

    def orders(self, store):
        assert store is Store.POSTGRES
        found, self.ordered = self.ordered, []
        return found

    def decisions(self, partition, offset, last, wanted):
        assert (wanted(1), wanted(-1)) == (True, False)
        return [(partition, offset, last)]


class Day:
    """An auditor whose time is given."""

    def __init__(self, *sequences):
        self.now = 0.0
        self.store, self.ways = FakeStore(list(sequences)), FakeWays()
        self.rounds = Rounds(range(len(sequences)), tail_every_s=1.0, rows_per_s=10_000)
        self.stop = threading.Event()
        ways = (self.ways, self.ways)
        self.auditor = Auditor(self.store, ways, self.rounds, lambda: self.now, self.stop)

    def turn(self, seconds=0.0):
        """What is attested in one turn, so much later."""
        self.now += seconds
        self.ways.said = []
        self.auditor.turn()
        return [(partition, int(key)) for partition, key, _ in self.ways.said]


def test_a_tail_is_read_when_it_moved_and_not_before():
    day = Day(25_000)
    assert day.turn() == [(0, 2), (0, 2)]  # the tail, and the sweep that begins there
    assert day.turn(0.3) == []
    day.store.sequences[0] = 25_001
    assert day.turn(0.1) == []
    assert (0, 2) in day.turn(0.7)
    assert day.turn(0.01) == []


def test_a_sweep_goes_down_through_all_buckets_and_round_again():
    day = Day(25_000)
    day.turn()
    swept = [day.turn(0.5) for _ in range(5)]
    assert swept == [[(0, 1)], [(0, 0)], [(0, 2)], [(0, 1)], [(0, 0)]]
    day.store.sequences[0] = 31_000
    assert day.turn(0.5) == [(0, 3), (0, 3)]


def test_what_could_not_be_attested_is_read_again(monkeypatch):
    day = Day(25_000)
    said = day.ways.attest

    def away(*_):
        raise BrokerAway("not now")

    monkeypatch.setattr(day.ways, "attest", away)
    with pytest.raises(BrokerAway):
        day.turn()
    monkeypatch.setattr(day.ways, "attest", said)
    assert day.turn(1.0) == [(0, 2), (0, 2)]  # the tail, and the bucket of the sweep
    monkeypatch.setattr(day.ways, "attest", away)
    with pytest.raises(BrokerAway):
        day.turn(0.5)
    monkeypatch.setattr(day.ways, "attest", said)
    assert day.turn(0.5) == [(0, 1)]


def test_rows_read_are_what_the_next_bucket_waits_for():
    rounds = Rounds((0,), rows_per_s=100)
    rounds.swept(10.0, 1_500)
    assert (rounds.sweep(24.9), rounds.sweep(25.0)) == (None, 0)
    rounds.swept(20.0, 0)
    assert (rounds.sweep(20.0), rounds.sweep(20.0 + ROWS_MIN / 100)) == (None, 0)


def test_every_partition_has_its_turn_and_an_empty_one_costs_nothing():
    day = Day(5, 0, 7)
    found = [day.turn(0.5) for _ in range(6)]
    assert {each for some in found for each in some} == {(0, 0), (2, 0)}
    assert Rounds(()).sweep(1.0) is None


def test_an_order_is_begun_done_and_read_again():
    day = Day(50)
    day.turn()
    day.ways.ordered = [(0, ORDER)]
    day.turn(0.01)
    kinds = [kind for _, _, kind in day.ways.said]
    assert kinds == [RepairBegun, RepairEnded, JournalHeld]
    assert not day.store.damaged


@pytest.mark.parametrize("step", ["attest", "decisions"])
def test_an_order_is_owed_until_it_is_done(step, monkeypatch):
    day = Day(50)
    day.turn()
    day.ways.ordered = [(0, ORDER)]
    done = getattr(day.ways, step)

    def away(*_):
        raise BrokerAway("not now")

    monkeypatch.setattr(day.ways, step, away)
    with pytest.raises(BrokerAway):
        day.turn(0.01)
    assert day.store.damaged
    monkeypatch.setattr(day.ways, step, done)
    day.turn(0.01)
    assert [kind for _, _, kind in day.ways.said] == [RepairBegun, RepairEnded, JournalHeld]
    assert not day.store.damaged
    assert day.turn(0.01) == []


def test_a_healed_bucket_is_owed_its_attestation():
    day = Day(50)
    day.turn()
    day.ways.ordered, day.ways.left = [(0, ORDER)], 2  # what a repair says; then the broker is away
    with pytest.raises(BrokerAway):
        day.turn(0.01)
    day.ways.left = None
    assert not day.store.damaged
    assert day.turn(0.01) == [(0, 0)]


def test_of_two_orders_of_one_bucket_the_newer_is_done():
    day = Day(50)
    day.turn()
    day.ways.ordered = [(0, ORDER), (0, AGAIN)]
    day.turn(0.01)
    assert day.auditor.repaired == 1


def test_another_log_repairs_nothing(caplog):
    day = Day(50)
    day.turn()
    day.store.refused = True
    day.ways.ordered = [(0, ORDER)]
    day.turn(0.01)
    assert [kind for _, _, kind in day.ways.said] == [RepairBegun, JournalHeld]
    assert day.store.damaged
    assert "is not repaired: another log" in caplog.text


@pytest.mark.parametrize("side", ["store", "ways"])
def test_it_goes_on_when_store_or_broker_is_back(side, caplog):
    day = Day(50)
    getattr(day, side).away = 2

    def wait(_seconds):
        day.now += 1
        if day.auditor.attested > 2:
            day.stop.set()
        return day.stop.is_set()

    day.stop.wait = wait
    day.auditor.run()
    assert "attempt 2" in caplog.text
    assert len(day.ways.said) > 2
