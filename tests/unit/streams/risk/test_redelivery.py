"""However inputs are cut into groups, and wherever the worker dies: the same flags."""

import random
from dataclasses import replace

import pytest

from schemas.codec import decode, encode
from schemas.messages.control import Control
from schemas.messages.risk import Sighting
from schemas.messages.vocabulary import FlagKind
from streams.risk.job import risk_job
from streams.runtime.crashpoints import AFTER_COMMIT, AFTER_PRODUCE, MID_STEP
from streams.runtime.fakes import Entry, FakeCluster
from streams.runtime.fakes_local import CrashAt, CrashedError, FakeWorker
from streams.runtime.job import InputRecord
from streams.runtime.limits import LIMITS
from streams.runtime.overlay import APPLIED_KEY
from tests.support.builders import NOON
from tests.unit.streams.risk.town import DAY_US, Town
from topics.catalog import CONTROL, SIGHTINGS

SECOND = 1_000_000
OWN = (b"\x01", b"\x02", b"\x03")  # the changelog's table, and those of `streams.sealed`
CUTS = (1, 2, 3, 7, 1_000)
TURNS = 5_000


def fed(records, folder, group):
    """A worker of the job whose inputs lie there from the start."""
    cluster = FakeCluster()
    worker = FakeWorker(cluster, risk_job(1), folder, replace(LIMITS, group_records=group))
    for each in records:
        offset = len(cluster.logs[each.topic, 0])
        cluster.logs[each.topic, 0] += [Entry("marker") for _ in range(each.offset - offset)]
        cluster.produce(each.topic, 0, each.key, each.value, each.append_time)
        last = each.append_time
    worker.clock.sleep((last - worker.clock.wall_us()) / SECOND)
    return cluster, worker


def said(cluster):
    return sorted(cluster.values(CONTROL.name, 0))


def rows(worker):
    return {
        key: row
        for key, row in worker.disk.rows.items()
        if key != APPLIED_KEY and not key.startswith(OWN)
    }


@pytest.fixture(scope="module")
def day():
    """A day on which devices and cards go from hand to hand, as one step at a time counted it."""
    town = Town()
    for number in range(12):
        town.opens(f"w{number}", f"d{number % 2}", funds=50, card=f"c{number % 3}")
        town.wait(SECOND)
        town.pays(f"w{number}", "w0", 1, "pay", device_id="d0")
    assert len(town.flags) > 20
    return town


@pytest.mark.parametrize("group", CUTS)
def test_a_day_of_decisions_in_any_batching(day, tmp_path, group):
    cluster, worker = fed(day.events, tmp_path, group)
    worker.work(worker.started(), TURNS)
    assert said(cluster) == sorted(each.value for each in day.flags)


@pytest.fixture(scope="module")
def sightings():
    """Sightings of three months as their topic may have them: late, repeated, on one second."""
    dice = random.Random(7)
    records, at = [], NOON
    for number in range(400):
        pause = 28 * DAY_US if number in {150, 300} else 0
        at += pause + dice.choice((0, 0, SECOND, DAY_US // 3, DAY_US))
        late = dice.choice((0, 0, 0, SECOND, 2 * DAY_US))
        kind = dice.choice((FlagKind.DEVICE_PARTIES, FlagKind.INSTRUMENT_PARTIES))
        subject, wallet_id = f"{dice.randrange(3):032x}", f"w{dice.randrange(9)}"
        value = encode(Sighting(kind, subject, wallet_id, at - late))
        records.append(InputRecord(SIGHTINGS.name, 0, number, at, subject.encode(), value))
    return records


@pytest.fixture(scope="module")
def wanted(sightings, tmp_path_factory):
    cluster, worker = fed(sightings, tmp_path_factory.mktemp("prompt"), 1)
    worker.work(worker.started(), TURNS)
    flags = [decode(Control, each).body for each in said(cluster)]
    assert len(flags) > 100
    assert {each.flag.value for each in flags} > {2, 3, 6}
    return said(cluster), rows(worker)


@pytest.mark.parametrize("group", CUTS[1:])
def test_months_of_sightings_in_any_batching(sightings, wanted, tmp_path, group):
    cluster, worker = fed(sightings, tmp_path, group)
    worker.work(worker.started(), TURNS)
    assert (said(cluster), rows(worker)) == wanted


@pytest.mark.parametrize("group", CUTS[:4])
@pytest.mark.parametrize("point", [MID_STEP, AFTER_PRODUCE, AFTER_COMMIT])
@pytest.mark.parametrize("occurrence", [1, 4])
def test_a_killed_worker_tells_the_same(sightings, wanted, tmp_path, group, point, occurrence):
    cluster, worker = fed(sightings, tmp_path, group)
    worker.passing = CrashAt(point, occurrence)
    with pytest.raises(CrashedError):
        worker.work(worker.started(), TURNS)
    worker.passing = lambda point: None
    worker.work(worker.started(), TURNS)
    flags, kept = wanted
    assert sorted(set(said(cluster))) == flags
    assert rows(worker) == kept


def test_a_cold_owner_folds_the_same_rows(sightings, wanted, tmp_path):
    _, worker = fed(sightings, tmp_path, 3)
    worker.work(worker.started(), TURNS)
    worker.disk.rows.clear()
    worker.work(worker.started(), TURNS)
    assert rows(worker) == wanted[1]
