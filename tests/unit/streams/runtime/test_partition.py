"""The engine of a partition on a fake broker: what a group is, and which hand-overs it takes."""

from dataclasses import replace

import pytest

from streams.runtime.errors import GapError
from streams.runtime.fakes import Entry, Fault
from streams.runtime.fakes_local import FakeWorker
from streams.runtime.limits import LIMITS
from streams.runtime.ports import HandOver, Ticket
from tests.unit.streams.runtime.counter import counter_job


def told(cluster):
    return cluster.values("told.v1", 0)


def test_a_group_is_decided_told_and_stored(cluster, worker, say, run):
    say(b"a", b"b", b"a")
    runner = run()
    assert told(cluster) == [b"a=1", b"b=1", b"a=2"]
    assert runner.status()["positions"] == {"urgent.v1": 0, "words.v1": 3}
    assert worker.disk.rows[b"ca"] == (2).to_bytes(8, "big")


def test_log_is_acknowledged_before_outputs_are_sent_and_stored_after_commit(
    cluster, worker, say, run
):
    say(b"a")
    run()
    group = cluster.calls[cluster.calls.index("begin") :]
    assert group == ["begin", "send_log", "send", "settle", "send", "commit"]


def test_inputs_are_drained_in_the_order_of_the_job(cluster, worker, say, run):
    say(b"w1", b"w2")
    say(b"u1", b"u2", topic="urgent.v1")
    run()
    assert told(cluster) == [b"u1=1", b"u2=1", b"w1=1", b"w2=1"]


def test_a_group_closes_at_its_bound_of_records(cluster, tmp_path, say):
    worker = FakeWorker(cluster, counter_job(), tmp_path, replace(LIMITS, group_records=10))
    say(*[b"x"] * 25)
    runner = worker.started()
    worker.work(runner)
    assert runner.status()["groups"] == 3
    assert runner.status()["records"] == 25


def test_an_open_group_waits_for_company_and_no_longer(cluster, worker, say):
    runner = worker.started()
    say(b"a")
    worker.host.fetch(runner)
    assert runner.turn() == pytest.approx(LIMITS.group_wait_s)
    say(b"b")
    worker.host.fetch(runner)
    runner.turn()
    assert told(cluster) == []
    worker.clock.sleep(LIMITS.group_wait_s)
    runner.turn()
    assert told(cluster) == [b"a=1", b"b=1"]


@pytest.mark.parametrize(
    ("took_s", "wait_s"),
    [(0.001, LIMITS.group_wait_s), (0.030, 0.030), (0.500, LIMITS.group_busy_s)],
)
def test_a_group_waits_as_long_as_the_last_commit_took(cluster, worker, say, took_s, wait_s):
    runner = worker.started()
    say(b"a")
    cluster.fail("commit", Fault(also=lambda: worker.clock.sleep(took_s)))
    worker.work(runner)
    assert told(cluster) == [b"a=1"]
    say(b"b")
    worker.host.fetch(runner)
    assert runner.turn() == pytest.approx(wait_s)


def test_transactions_are_never_back_to_back(cluster, tmp_path, say):
    worker = FakeWorker(cluster, counter_job(), tmp_path, replace(LIMITS, group_records=1))
    runner = worker.started()
    say(b"a", b"b")
    worker.host.fetch(runner)
    assert runner.turn() == 0.0
    assert runner.turn() == pytest.approx(LIMITS.commit_gap_s)
    worker.clock.sleep(LIMITS.commit_gap_s)
    runner.turn()
    assert runner.status()["groups"] == 2


def test_a_timer_fires_before_the_first_record_that_reaches_it(cluster, worker, run):
    start = worker.clock.wall_us()
    cluster.produce("words.v1", 0, b"a", b"", start)
    cluster.produce("words.v1", 0, b"b", b"", start + 59_999_999)
    cluster.produce("words.v1", 0, b"a", b"", start + 60_000_000)
    run()
    assert told(cluster) == [b"a=1", b"b=1", b"a was 1", b"a=1"]


def test_an_idle_partition_fires_timers_two_seconds_late(cluster, worker, say, run):
    say(b"a")
    runner = run()
    worker.clock.sleep(61.9)
    worker.work(runner)
    assert told(cluster) == [b"a=1"]
    worker.clock.sleep(0.2)
    worker.work(runner)
    assert told(cluster) == [b"a=1", b"a was 1"]


def test_due_timers_are_bounded_and_hold_back_records(cluster, tmp_path, say):
    worker = FakeWorker(cluster, counter_job(), tmp_path, replace(LIMITS, group_timers=2))
    say(*[b"%d" % each for each in range(5)])
    runner = worker.started()
    worker.work(runner)
    before = runner.status()["groups"]
    worker.clock.sleep(60)
    cluster.produce("words.v1", 0, b"late", b"", worker.clock.wall_us())
    worker.work(runner)
    assert told(cluster)[-6:] == [
        b"0 was 1",
        b"1 was 1",
        b"2 was 1",
        b"3 was 1",
        b"4 was 1",
        b"late=1",
    ]
    assert runner.status()["groups"] == before + 3


def test_markers_and_aborted_records_only_move_the_position(cluster, worker, say, run):
    say(b"a")
    cluster.append(("words.v1", 0), Entry("marker"))
    runner = run()
    assert runner.status()["positions"]["words.v1"] == 2


# Hand-overs.


def hand_over(runner, before, after, ticket=None):
    return HandOver(
        topic="words.v1",
        partition=0,
        ticket=ticket or Ticket(1, 1),
        before=before,
        records=[],
        after=after,
    )


def test_a_hand_over_of_an_older_ticket_is_dropped(worker):
    runner = worker.started()
    runner.offer(hand_over(runner, 7, 9, Ticket(0, 4)))
    runner.turn()
    assert runner.status()["dropped_hand_overs"] == 1


@pytest.mark.parametrize(("before", "after"), [(1, 2), (5, 5)])
def test_a_gap_between_hand_overs_ends_the_process(worker, before, after):
    runner = worker.started()
    runner.offer(hand_over(runner, before, after))
    with pytest.raises(GapError, match="expected from 0"):
        runner.turn()


def test_a_repeated_hand_over_ends_the_process(cluster, worker, run):
    runner = run()
    runner.offer(hand_over(runner, 0, 3))
    runner.turn()
    runner.offer(hand_over(runner, 0, 3))
    with pytest.raises(GapError, match="expected from 3"):
        runner.turn()


def test_there_is_room_for_two_hand_overs_per_topic_and_none_before_recovery(worker):
    runner = worker.runner()
    runner.start(1, 1)
    assert not runner.has_room("words.v1")
    runner.turn()
    assert runner.has_room("words.v1")
    runner.offer(hand_over(runner, 0, 1))
    runner.offer(hand_over(runner, 1, 2))
    assert not runner.has_room("words.v1")
    assert runner.has_room("urgent.v1")
