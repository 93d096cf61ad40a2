"""Inputs that came apart are noticed after the rebalance, before anything is handed over."""

from confluent_kafka.admin import AdminClient, NewPartitions

from streams.runtime.host.exits import ExitCode
from tests.integration.host.herd import PARTITIONS, STOP_DEADLINE_S


def test_unequal_partition_counts_end_the_worker(herd):
    admin = AdminClient({"bootstrap.servers": herd.kafka})
    for made in admin.create_partitions([NewPartitions(herd.inputs[0], PARTITIONS + 2)]).values():
        made.result()
    herd.start("one")
    assert herd.workers["one"].wait(STOP_DEADLINE_S) == ExitCode.ASSIGNMENT
    assert "partition 4: assigned" in herd.log("one")
    assert herd.owners(0) == []
