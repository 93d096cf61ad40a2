"""A worker that is drained on the real broker: its partitions run elsewhere, and it comes back."""

from tests.support.customers import PARTITIONS


def test_a_drained_worker_leaves_and_its_partitions_are_told(ledger, ctl):
    ledger.wait_running("worker-1", "worker-2")
    before = ledger.running("worker-1")
    assert 0 < len(before) < PARTITIONS
    plan = ctl("partitions", "drain", "worker-1")
    assert plan.count("goes to: worker-2") == len(before)
    done = ctl("partitions", "drain", "worker-1", "--execute", "--reason", "a test")
    assert done.count(" s │") == len(before)
    assert "nobody" not in done
    ledger.wait_running("worker-1", "worker-2")
    assert ledger.exits()["worker-1"][-1] == 0, "it left cleanly"
