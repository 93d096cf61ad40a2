"""One worker, two, one again, under load with aborted transactions: no gap, no loss, no repeat."""

from tests.integration.host.herd import PARTITIONS, Load
from tests.support.stack import wait_until

LONGEST_PLANNED_PAUSE_S = 5.0  # 0.2-0.8 s alone on two cores; a busy box gets time


def test_a_second_worker_comes_and_goes(herd):
    with Load(herd) as load:
        herd.start("one")
        herd.until_ready({"one": PARTITIONS})
        herd.start("two")
        herd.until_ready({"one": 2, "two": 2})
        assert herd.end("two") == 0
        herd.until_ready({"one": PARTITIONS})
        sent = load.end()
    herd.until_all_taken(sent)
    moved = [n for n in range(PARTITIONS) if "two" in herd.owners(n)]
    assert len(moved) == 2
    assert all(herd.owners(n) == ["one", "two", "one"] for n in moved)
    pauses = [herd.longest_pause_s(n) for n in range(PARTITIONS)]
    assert max(pauses)[0] < LONGEST_PLANNED_PAUSE_S, pauses


def test_more_workers_than_partitions_leave_some_idle_and_ready(herd):
    names = [f"w{number}" for number in range(PARTITIONS + 1)]
    for name in names:
        herd.start(name)
    wait_until(lambda: sorted(shares(herd, names)) == [0, 1, 1, 1, 1])
    assert all(herd.end(name) == 0 for name in names)


def shares(herd, names):
    statuses = [herd.status(name) for name in names]
    return [len(status["partitions"]) for status in statuses if status.get("ready")]
