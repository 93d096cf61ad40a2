"""A halted or slow partition stays where it is, and its neighbours do not wait for it."""

from tests.integration.host.herd import PARTITIONS, Load
from tests.support.stack import wait_until


def count(herd, partition):
    return sum(len(line.get("offsets", ())) for line in herd.lines(partition))


def test_neighbours_of_a_halted_partition_go_on(herd):
    halt = herd.folder / "halt-2"
    with Load(herd) as load:
        herd.start("one")
        herd.until_ready({"one": PARTITIONS})
        halt.touch()
        wait_until(lambda: herd.status("one")["partitions"]["2"]["state"] == "halted")
        before = {number: count(herd, number) for number in range(PARTITIONS)}
        wait_until(lambda: all(count(herd, n) > before[n] + 500 for n in (0, 1, 3)))
        assert count(herd, 2) == before[2]
        status = herd.status("one")
        assert not status["ready"]
        assert len(status["partitions"]) == PARTITIONS
        halt.unlink()
        sent = load.end()
    herd.until_all_taken(sent)
    herd.until_ready({"one": PARTITIONS})


def test_a_slow_partition_does_not_slow_its_neighbours(herd):
    (herd.folder / "slow-0").touch()
    with Load(herd) as load:
        herd.start("one")
        wait_until(lambda: all(count(herd, n) > 1000 for n in (1, 2, 3)))
        (herd.folder / "slow-0").unlink()
        sent = load.end()
    herd.until_all_taken(sent)
    assert max(herd.longest_pause_s(n)[0] for n in (1, 2, 3)) < 1.0


def test_a_halted_partition_does_not_hold_up_a_stop(herd):
    with Load(herd):
        (herd.folder / "halt-1").touch()
        herd.start("one")
        wait_until(
            lambda: herd.status("one").get("partitions", {}).get("1", {}).get("state") == "halted"
        )
        assert herd.end("one") == 0


def test_a_recovery_in_place_seeks_back_without_gap_or_repeat(herd):
    with Load(herd) as load:
        herd.start("one")
        herd.until_ready({"one": PARTITIONS})
        for recovery in (2, 3, 4):
            (herd.folder / "again-3").touch()
            wait_until(lambda: herd.status("one")["partitions"]["3"]["recovery"] == recovery)  # noqa: B023
        sent = load.end()
    herd.until_all_taken(sent)
    assert herd.owners(3) == ["one"]
