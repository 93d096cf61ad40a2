"""However inputs are cut into groups, and wherever the worker dies: the same rows, told once."""

from dataclasses import replace

import pytest

from schemas.codec import decode
from schemas.messages.automation import AutomationNotice, Bound, NoticeKind
from schemas.messages.commands import TopUp
from streams.automation.job import automation_job
from streams.runtime.crashpoints import AFTER_COMMIT, AFTER_PRODUCE, MID_STEP
from streams.runtime.fakes import Entry, FakeCluster
from streams.runtime.fakes_local import CrashAt, CrashedError, FakeWorker
from streams.runtime.limits import LIMITS
from streams.runtime.overlay import APPLIED_KEY
from tests.unit.streams.automation.watched import SECOND, Watched, rule, sweep
from topics.catalog import AUTOMATION_NOTICES, JOB_COMMANDS

# The changelog's table counts groups, and that of `streams.sealed` says what was shown.
OWN = (b"\x01", b"\x02")
CUTS = (1, 2, 3, 7, 1_000)


@pytest.fixture(scope="module")
def day():
    """Crossings, cool-downs, a sweep and a change of rules, as one step at a time made them."""
    low = rule(cooldown_s=20)
    town = Watched(low, sweep())
    for number in range(6):
        town.pay(45_00)
        town.pay(45_00, "bob", "ann")
        town.command("ann", TopUp("EUR", 60_00 + number, "card", f"top-{number}"))
        if number == 3:
            town.activate(rule("other", when=(Bound("amount", 1, None),)), low, sweep(level=60_00))
        town.wait(7 * SECOND)
    assert len(town.commanded()) > 3
    assert len(town.told()) > 5
    return town


def fed(records, folder, group):
    cluster = FakeCluster()
    worker = FakeWorker(cluster, automation_job(1), folder, replace(LIMITS, group_records=group))
    for each in records:
        offset = len(cluster.logs[each.topic, 0])
        cluster.logs[each.topic, 0] += [Entry("marker") for _ in range(each.offset - offset)]
        cluster.produce(each.topic, 0, each.key, each.value, each.append_time)
        last = each.append_time
    worker.clock.sleep((last - worker.clock.wall_us()) / SECOND)
    return cluster, worker


def rows(worker):
    return {
        key: row
        for key, row in worker.disk.rows.items()
        if key != APPLIED_KEY and not key.startswith(OWN)
    }


def said(cluster):
    values = cluster.values(AUTOMATION_NOTICES.name, 0)
    notices = [decode(AutomationNotice, value) for value in values]
    return in_order(notices), cluster.values(JOB_COMMANDS.name, 0)


def in_order(notices):
    """Rules are read first, so what is said of them may come earlier; all else keeps its place."""
    return sorted(notices, key=lambda each: each.kind is not NoticeKind.RULES_TAKEN)


@pytest.mark.parametrize("group", CUTS)
def test_any_batching_gives_the_same_rows_and_outputs(day, tmp_path, group):
    cluster, worker = fed(day.records, tmp_path, group)
    worker.work(worker.started())
    assert said(cluster) == (in_order(day.notices), [value for value, _ in day.orders])
    assert rows(worker) == day_rows(day)


@pytest.mark.parametrize("group", CUTS[:4])
@pytest.mark.parametrize("point", [MID_STEP, AFTER_PRODUCE, AFTER_COMMIT])
@pytest.mark.parametrize("occurrence", [1, 4])
def test_a_killed_worker_raises_every_crossing_once(day, tmp_path, group, point, occurrence):
    cluster, worker = fed(day.records, tmp_path, group)
    worker.passing = CrashAt(point, occurrence)
    with pytest.raises(CrashedError):
        worker.work(worker.started())
    worker.passing = lambda point: None
    worker.work(worker.started())
    assert said(cluster) == (in_order(day.notices), [value for value, _ in day.orders])
    assert rows(worker) == day_rows(day)


def test_a_cold_owner_folds_the_same_rows(day, tmp_path):
    _, worker = fed(day.records, tmp_path, 3)
    worker.work(worker.started())
    worker.disk.rows.clear()
    worker.work(worker.started())
    assert rows(worker) == day_rows(day)


def day_rows(day):
    return {key: row for key, row in day.disk.rows.items() if key != APPLIED_KEY}
