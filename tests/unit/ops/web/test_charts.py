"""Charts: throughput is what lies between two samples; the ring and its lines are bounded."""

from ops.web.followed import Followed
from ops.web.ring import PLOTTED_MAX, Ring, Sample
from sinks.batch import Position
from tests.unit.ops.ledger_day import day
from tests.unit.ops.web.conftest import placed_of


def line(ring, label):
    (found,) = [each for each in ring.document()["lines"] if each["label"] == label]
    return found


def test_throughput_is_decisions_by_seconds_between_two_samples():
    ring = Ring()
    ring.take(Sample(10.0, {0: 100, 1: 5}, {0: 3}))
    ring.take(Sample(12.0, {0: 150, 1: 5}, {0: 0, 1: 4}))
    assert ring.document()["times"] == [12.0]
    assert line(ring, "0") == {"label": "0", "throughput": [25.0], "lag": [0]}
    assert line(ring, "1") == {"label": "1", "throughput": [0.0], "lag": [4]}
    assert ring.rates() == {0: 25.0, 1: 0.0}


def test_one_sample_is_no_rate_yet():
    ring = Ring()
    ring.take(Sample(10.0, {0: 100}, {}))
    assert (ring.rates(), ring.document()["times"]) == ({}, [])


def test_while_the_log_is_away_there_is_a_gap_and_no_zero():
    ring = Ring()
    for at, sequences in ((2.0, {0: 10}), (4.0, {}), (6.0, {0: 30}), (8.0, {0: 32})):
        ring.take(Sample(at, sequences, {}))
    assert line(ring, "0")["throughput"] == [None, None, 1.0]


def test_a_log_that_was_replaced_is_no_throughput_below_zero():
    ring = Ring()
    ring.take(Sample(2.0, {0: 1_000}, {}))
    ring.take(Sample(4.0, {0: 3}, {}))
    assert line(ring, "0")["throughput"] == [None]
    assert ring.rates() == {}


def test_the_oldest_samples_go():
    ring = Ring(size=3)
    for number in range(10):
        ring.take(Sample(float(number), {0: number}, {}))
    assert ring.document()["times"] == [8.0, 9.0]


def test_more_partitions_than_can_be_told_apart_are_one_line_together():
    ring = Ring()
    count = PLOTTED_MAX + 4
    ring.take(Sample(0.0, dict.fromkeys(range(count), 0), {}))
    ring.take(
        Sample(1.0, {number: number for number in range(count)}, dict.fromkeys(range(count), 1))
    )
    lines = ring.document()["lines"]
    assert len(lines) == PLOTTED_MAX
    assert lines[-1] == {"label": "5 others", "throughput": [0.0 + 1 + 2 + 3 + 4], "lag": [5]}


def test_a_sample_has_the_head_of_each_partition_and_its_slowest_store(busy):
    here, there = day(settled=False)
    heads = [here.decisions[-1].sequence, there.decisions[-1].sequence]
    busy.source.at["postgres"] = {0: Position(1, heads[0], b"", "id")}
    busy.source.at["redis"] = {0: Position(1, heads[0] - 2, b"", "id")}
    busy.sample()
    busy.sample()
    document = busy.ask("/samples.json").json()
    assert document["times"] == [1_004.0]
    assert [each["lag"] for each in document["lines"]] == [[2], [heads[1]]]
    assert [each["throughput"] for each in document["lines"]] == [[0.0], [0.0]]


def test_a_sample_of_a_log_that_is_away_is_empty(console):
    console.source.away.add("log")
    console.sample()
    console.sample()
    assert console.ask("/samples.json").json() == {"times": [1_004.0], "lines": []}


def test_decisions_that_are_known_change_nothing_and_a_jump_is_counted():
    here, _ = day(settled=False)
    placed = list(placed_of(here))
    followed = Followed()
    for each in (*placed[:3], *placed[:3]):
        followed.take(each)
    assert len(followed.seen(2).latest) == 3
    followed.take(placed[-1])
    seen = followed.seen(2)
    assert seen.missed == placed[-1].decision.sequence - placed[2].decision.sequence - 1
    assert seen.heads[0] is placed[-1].decision
    assert seen.heads[1] is None
