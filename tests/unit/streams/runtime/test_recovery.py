"""Recovery on a fake broker: whatever a worker died in, every input is decided and told once."""

import random
from dataclasses import replace

import pytest

from streams.runtime.crashpoints import AFTER_COMMIT, AFTER_PRODUCE, MID_RECOVERY, MID_STEP
from streams.runtime.errors import OutcomeUnknownError
from streams.runtime.fakes import Entry, Fault
from streams.runtime.fakes_local import CrashAt, CrashedError, FakeWorker
from streams.runtime.limits import LIMITS
from tests.unit.streams.runtime.counter import counter_job

LOG = ("counter.changelog.v1", 0)
TOLD = ("told.v1", 0)
ID = "test-counter-0"


def told(cluster):
    return cluster.values(*TOLD)


def crash(worker, point, occurrence=1):
    """Work until killed at a point; what stays is the cluster and the disk."""
    worker.passing = CrashAt(point, occurrence)
    with pytest.raises(CrashedError):
        worker.work(worker.started())
    worker.passing = lambda point: None


@pytest.mark.parametrize("point", [MID_STEP, AFTER_PRODUCE, AFTER_COMMIT])
@pytest.mark.parametrize("occurrence", [1, 2])
def test_a_killed_worker_loses_and_repeats_nothing(cluster, tmp_path, point, occurrence):
    worker = FakeWorker(cluster, counter_job(), tmp_path, replace(LIMITS, group_records=3))
    words = [b"a", b"b", b"a", b"c", b"a", b"b", b"d"]
    for word in words:
        cluster.produce("words.v1", 0, word, b"", worker.clock.wall_us())
    crash(worker, point, occurrence)
    worker.work(worker.started())
    assert told(cluster) == [b"a=1", b"b=1", b"a=2", b"c=1", b"a=3", b"b=2", b"d=1"]
    assert worker.disk.rows[b"ca"] == (3).to_bytes(8, "big")


def test_a_kill_in_the_middle_of_a_recovery_changes_nothing(cluster, worker, say):
    say(b"a", b"b")
    crash(worker, AFTER_COMMIT)
    crash(worker, MID_RECOVERY)
    worker.work(worker.started())
    assert told(cluster) == [b"a=1", b"b=1"]


def test_a_cold_start_folds_the_whole_log(cluster, worker, say, run):
    say(*[b"k%d" % (each % 7) for each in range(100)])
    run()
    rows = dict(worker.disk.rows)
    worker.disk.rows.clear()
    runner = run()
    assert worker.disk.rows == rows
    assert len(told(cluster)) == 100
    assert runner.status()["positions"]["words.v1"] == 100


def test_a_commit_that_ended_half_way_is_completed_once(cluster, worker, say, run):
    """A late EndTxn of the transaction before can commit the log without its outputs."""
    say(b"a", b"b")
    half = Fault(OutcomeUnknownError("lost"), also=lambda: cluster.end(ID, "committed"))
    cluster.fail("send", half)
    run()
    assert told(cluster) == [b"a=1", b"b=1"]
    worker.work(worker.started())
    assert told(cluster) == [b"a=1", b"b=1"]


def test_outputs_sent_again_are_sent_again_when_that_failed_too(cluster, worker, say, run):
    say(b"a")
    half = Fault(OutcomeUnknownError("lost"), also=lambda: cluster.end(ID, "committed"))
    cluster.fail("send", half)
    cluster.fail("commit", Fault(OutcomeUnknownError("lost again")))
    run()
    assert told(cluster) == [b"a=1"]


@pytest.mark.parametrize("replay_rows", [1, 1000])
def test_a_kill_between_resend_and_store_does_not_lose_the_outputs(cluster, tmp_path, replay_rows):
    limits = replace(LIMITS, replay_rows=replay_rows)
    worker = FakeWorker(cluster, counter_job(), tmp_path, limits)
    worker.work(worker.started())
    cluster.produce("words.v1", 0, b"a", b"", worker.clock.wall_us())
    half = Fault(CrashedError("killed"), also=lambda: cluster.end(ID, "committed"))
    cluster.fail("send", half)
    with pytest.raises(CrashedError):
        worker.work(worker.started())
    cluster.fail("commit", Fault(CrashedError("killed while sending again")))
    with pytest.raises(CrashedError):
        worker.started()
    worker.work(worker.started())
    assert told(cluster) == [b"a=1"]


def test_a_group_without_its_seal_is_void_and_decided_again(cluster, worker, say, run, monkeypatch):
    monkeypatch.setattr("streams.runtime.changelog_rows.RECORD_BYTES", 60)
    say(b"a", b"b", b"c")

    def half_of_the_log():
        place, entry = cluster.ongoing[ID].pop()
        cluster.logs[place].remove(entry)
        cluster.end(ID, "committed")

    cluster.fail("send", Fault(OutcomeUnknownError("lost"), also=half_of_the_log))
    runner = run()
    assert told(cluster) == [b"a=1", b"b=1", b"c=1"]
    worker.disk.rows.clear()
    runner = worker.started()
    assert runner._running[0].job.void == 1
    worker.work(runner)
    assert told(cluster) == [b"a=1", b"b=1", b"c=1"]


def test_what_a_predecessor_left_open_is_aborted_before_the_bound_is_read(
    cluster, worker, say, run
):
    say(b"a")
    run()
    cluster.epochs[ID] += 1
    for place in (LOG, TOLD):
        entry = Entry("open", b"0", b"half done")
        cluster.append(place, entry)
        cluster.ongoing[ID].append((place, entry))
    say(b"b")
    run()
    assert told(cluster) == [b"a=1", b"b=1"]


def test_a_commit_of_the_predecessor_just_before_fencing_is_not_missed(cluster, worker, say):
    """The bound is the end of the log after fencing, uncommitted records included."""
    say(b"a")
    runner = worker.started()
    flushed = runner._ports.transactions._settle
    cluster.fail("commit", Fault(CrashedError("killed"), also=flushed))
    with pytest.raises(CrashedError):
        worker.work(runner)
    cluster.fail("fence", Fault(also=lambda: cluster.end(ID, "committed")))
    runner = worker.started()
    worker.work(runner)
    assert told(cluster) == [b"a=1"]
    assert runner.status()["replayed"] == 2


def test_what_a_zombie_commits_just_before_it_is_fenced_is_not_missed(
    cluster, worker, say, tmp_path
):
    """So the bound is read after fencing, never before."""
    say(b"a")
    zombie = worker.started()
    successor = FakeWorker(cluster, counter_job(), tmp_path / "successor")
    cluster.fail("fence", Fault(also=lambda: worker.work(zombie)))
    successor.work(successor.started())
    assert told(cluster) == [b"a=1"]


def test_markers_at_the_end_of_the_log_do_not_stall(cluster, worker, say, run):
    say(b"a")
    run()
    for _ in range(3):
        cluster.append(LOG, Entry("marker"))
    worker.disk.rows.clear()
    assert worker.started().status()["state"] == "running"


def test_a_stalled_replay_is_an_alarm_and_never_goes_on(cluster, worker, say, run):
    say(b"a")
    run()
    stuck = Entry("open", b"0", b"of a foreign producer")
    cluster.append(LOG, stuck)
    runner = worker.started()
    assert runner.status()["alarms"] == 1
    assert runner.status()["state"] == "confirming"
    assert "short of" in runner.status()["trouble"]
    stuck.state = "aborted"
    worker.work(runner)
    assert runner.status()["state"] == "running"


# Log and store that do not belong together.


def halted(worker):
    status = worker.started().status()
    assert status["state"] == "halted", status
    return status["trouble"]


def test_a_store_ahead_of_the_log_halts(cluster, worker, say, run):
    say(b"a")
    run()
    cluster.logs[LOG].clear()
    assert "the store is ahead of it" in halted(worker)


def test_a_recreated_log_halts(cluster, worker, say, run):
    say(b"a")
    run()
    cluster.topic_ids[LOG[0]] = "another"
    assert "deleted and created again" in halted(worker)


def test_a_log_whose_needed_part_is_gone_halts(cluster, worker, say, run):
    say(b"a")
    run()
    cluster.first[LOG] = 99
    cluster.logs[LOG].extend([Entry("marker")] * 200)
    assert "reaches from 99" in halted(worker)


def test_an_empty_store_on_a_log_without_its_beginning_halts(cluster, worker, say, run):
    say(b"a")
    run()
    worker.disk.rows.clear()
    cluster.first[LOG] = 1
    assert "no state to go on from" in halted(worker)


def test_inputs_taken_by_retention_halt(cluster, worker, say, run):
    say(b"a")
    run()
    cluster.first["words.v1", 0] = 5
    cluster.logs["words.v1", 0].extend([Entry("marker")] * 9)
    assert "retention or a recreated topic took it" in halted(worker)


def test_inputs_never_read_start_at_their_first_record(cluster, worker):
    cluster.logs["words.v1", 0].extend([Entry("marker")] * 9)
    cluster.first["words.v1", 0] = 7
    assert worker.started().status()["positions"]["words.v1"] == 7


def test_a_log_record_nobody_can_fold_halts(cluster, worker, say, run):
    say(b"a")
    run()
    worker.disk.rows.clear()
    value = cluster.logs[LOG][0].value
    cluster.logs[LOG].append(Entry("plain", b"0", value, ((("part"), b"0"),)))
    assert "group 1 in the log, expected 2" in halted(worker)


# Everything at once.


@pytest.mark.parametrize("seed", range(40))
def test_seeded_storm(cluster, tmp_path, seed):  # noqa: PLR0915 - one storm, start to end
    """Random crashes, lost answers and groupings; every word is told once, in order."""
    chance = random.Random(seed)
    limits = replace(
        LIMITS, group_records=chance.choice([1, 2, 5, 50]), replay_rows=chance.choice([1, 10])
    )
    worker = FakeWorker(cluster, counter_job(), tmp_path, limits)
    expected, seen = [], {}
    for _ in range(30):
        for _ in range(chance.randrange(6)):
            word = b"%d" % chance.randrange(8)
            seen[word] = seen.get(word, 0) + 1
            expected.append(b"%s=%d" % (word, seen[word]))
            cluster.produce("words.v1", 0, word, b"", worker.clock.wall_us())
        cluster.faults.clear()
        for _ in range(chance.randrange(3)):
            call = chance.choice(["begin", "send_log", "send", "settle", "commit"])
            cluster.fail(call, Fault(OutcomeUnknownError("storm"), applied=chance.random() < 0.5))
        point = chance.choice([MID_STEP, AFTER_PRODUCE, AFTER_COMMIT, MID_RECOVERY, ""])
        worker.passing = CrashAt(point, chance.randrange(1, 4))
        try:
            worker.work(worker.started())
        except CrashedError:
            if chance.random() < 0.2:
                worker.disk.rows.clear()
    cluster.faults.clear()
    worker.passing = lambda point: None
    worker.work(worker.started())
    assert told(cluster) == expected
    rows = dict(worker.disk.rows)
    worker.disk.rows.clear()
    worker.work(worker.started())
    assert worker.disk.rows == rows
