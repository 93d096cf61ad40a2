"""The engine of a partition on a fake broker: what follows which trouble, and how it ends."""

import json

import pytest

from streams.runtime.errors import (
    AbortRequiredError,
    BrokerAwayError,
    FencedError,
    GenerationLostError,
    OutcomeUnknownError,
    StoreFailedError,
)
from streams.runtime.fakes import Entry, Fault
from streams.runtime.ports import HandOver


def told(cluster):
    return cluster.values("told.v1", 0)


# Trouble in a transaction.


@pytest.mark.parametrize("call", ["begin", "send_log", "send", "settle", "commit"])
@pytest.mark.parametrize("error", [AbortRequiredError, OutcomeUnknownError])
@pytest.mark.parametrize("applied", [False, True])
def test_any_error_recovers_in_place_and_decides_once(
    cluster, worker, call, error, applied, say, run
):
    say(b"a", b"b", b"a")
    cluster.fail(call, Fault(error("planted"), applied=applied))
    runner = run()
    assert told(cluster) == [b"a=1", b"b=1", b"a=2"]
    assert runner.status()["recoveries"] == 2
    assert worker.host.readies == 2


def test_without_a_confirmed_generation_the_process_ends(cluster, worker, say, run):
    say(b"a")
    cluster.fail("commit", Fault(OutcomeUnknownError("planted"), applied=True))
    worker.host.confirms = False
    fences = cluster.calls.count("fence")
    with pytest.raises(GenerationLostError, match="planted"):
        run()
    assert cluster.calls.count("fence") == fences + 1, "a woken zombie must not fence the owner"


def test_a_disk_that_fails_ends_the_process_and_halts_nothing(cluster, worker, say, run):
    runner = worker.started()
    worker.work(runner)
    worker.disk.failing = True
    say(b"a")
    with pytest.raises(StoreFailedError):
        worker.work(runner)
    worker.disk.failing = False
    runner.close()
    assert run().status()["state"] == "running"
    assert told(cluster) == [b"a=1"]


@pytest.mark.parametrize("call", ["begin", "send_log", "send", "commit"])
def test_a_fenced_producer_ends_the_process(cluster, worker, call, say, run):
    say(b"a")

    def successor():
        cluster.end("test-counter-0", "aborted")
        cluster.epochs["test-counter-0"] += 1

    cluster.fail(call, Fault(also=successor))
    with pytest.raises(FencedError):
        run()
    assert told(cluster) == []
    assert b"ca" not in worker.disk.rows


def test_a_broker_that_is_away_is_waited_for(cluster, worker, say):
    say(b"a")
    for _ in range(4):
        cluster.fail("fence", Fault(BrokerAwayError("no route")))
    runner = worker.started()
    assert "no route" in runner.status()["trouble"]
    worker.work(runner)
    assert told(cluster) == [b"a=1"]
    assert runner.status()["trouble"] == ""


def test_hand_overs_from_before_a_recovery_in_place_are_dropped(cluster, worker, say):
    runner = worker.started()
    say(b"a")
    worker.host.fetch(runner)
    stale = HandOver(
        topic="words.v1",
        partition=0,
        ticket=worker.host.ticket,
        before=1,
        records=[],
        after=2,
    )
    cluster.fail("commit", Fault(OutcomeUnknownError("planted"), applied=True))
    worker.work(runner)
    runner.offer(stale)
    runner.turn()
    assert told(cluster) == [b"a=1"]


# Halts.


def test_a_woken_zombie_ends_instead_of_halting_the_partition_on_rows_of_the_past(
    cluster, worker, tmp_path, say, run
):
    cluster.produce("words.v1", 0, b"b", b"bug", worker.clock.wall_us())
    worker.host.confirms = False
    with pytest.raises(GenerationLostError, match="a planted bug"):
        run()
    assert not (tmp_path / "halted.json").exists()


def test_a_zombie_that_kafka_confirms_decides_again_on_rows_of_the_log(
    cluster, worker, tmp_path, say
):
    """Its rows are of the past, so the record looks impossible; after a recovery it does not."""
    runner = worker.started()
    worker.work(runner)
    cluster.produce("words.v1", 0, b"b", b"bug", worker.clock.wall_us())
    while runner.status()["recoveries"] < 2 and runner.status()["state"] != "halted":
        worker.host.fetch(runner)
        runner.turn()
        cluster.logs["words.v1", 0][0] = Entry("plain", b"b", b"", (), worker.clock.wall_us())
    worker.work(runner)
    assert told(cluster) == [b"b=1"]
    assert not (tmp_path / "halted.json").exists()


def test_a_bug_halts_the_partition_before_commit_and_a_release_tries_again(
    cluster, worker, tmp_path, say, run
):
    say(b"a")
    cluster.produce("words.v1", 0, b"b", b"bug", worker.clock.wall_us())
    runner = run()
    assert told(cluster) == []
    assert runner.status()["state"] == "halted"
    halted = json.loads((tmp_path / "halted.json").read_text())
    assert halted["record"] == {"topic": "words.v1", "partition": 0, "offset": 1}
    assert halted["error"] == "ZeroDivisionError"
    assert "a planted bug" in halted["message"]
    assert not runner.has_room("words.v1")
    cluster.logs["words.v1", 0][1] = Entry("plain", b"b", b"", (), worker.clock.wall_us())
    (tmp_path / "halted.json").unlink()
    worker.clock.sleep(1)
    worker.work(runner)
    assert told(cluster) == [b"a=1", b"b=1"]


def test_a_halt_survives_the_process(cluster, worker, run):
    cluster.produce("words.v1", 0, b"b", b"bug", worker.clock.wall_us())
    run()
    runner = worker.started()
    assert runner.status()["state"] == "halted"
    assert cluster.calls.count("fence") == 2, "it decided again, and not once more after the halt"


def test_a_record_from_the_future_halts(cluster, worker, run):
    cluster.produce("words.v1", 0, b"a", b"", worker.clock.wall_us() + 3_601_000_000)
    runner = run()
    assert "ahead of this worker's clock" in runner.status()["trouble"]


def test_a_record_without_log_append_time_halts_naming_the_topic(cluster, worker, say):
    runner = worker.started()
    say(b"a", b"b")
    fetched = worker.host.next_hand_over("words.v1", 0, 10)
    runner.offer(
        HandOver(
            topic=fetched.topic,
            partition=0,
            ticket=fetched.ticket,
            before=fetched.before,
            records=fetched.records,
            after=fetched.after,
            untimed=1,
        )
    )
    runner.turn()
    assert runner.status()["state"] == "halted"
    assert "on the topic words.v1" in runner.status()["trouble"]
    assert told(cluster) == []


def test_three_deaths_inside_the_same_group_halt_it(cluster, worker, tmp_path, say):
    say(b"a")

    class Killed(BaseException):
        pass

    def die(point):
        raise Killed

    for _ in range(3):
        runner = worker.started()
        worker.host.fetch(runner)
        mark = (tmp_path / "attempt").read_bytes()
        runner._ports.attempts.closed = lambda: None  # a killed process clears nothing
        runner._running[1]._passing = die
        with pytest.raises(Killed):
            runner.turn()
        assert (tmp_path / "attempt").read_bytes() != mark
    runner = worker.started()
    worker.work(runner)
    assert runner.status()["state"] == "halted"
    assert "died 3 times" in runner.status()["trouble"]
    (tmp_path / "halted.json").unlink()
    worker.clock.sleep(1)
    worker.work(runner)
    assert told(cluster) == [b"a=1"]


# The end.


def test_a_revoked_partition_drops_the_open_group_and_closes_its_store(cluster, worker, say):
    runner = worker.started()
    say(b"a")
    worker.host.fetch(runner)
    runner.turn()
    runner.request_revoke()
    runner.close()
    assert told(cluster) == []
    assert not worker.disk.locked
    assert runner.revoke(0.0)


def test_a_partition_that_is_no_longer_ours_does_not_fence(cluster, worker):
    runner = worker.runner()
    runner.start(1, 1)
    worker.host.epoch = 2
    runner.turn()
    assert "fence" not in cluster.calls
