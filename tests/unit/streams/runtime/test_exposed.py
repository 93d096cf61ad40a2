"""Crash points around every call: each port method has its two, and an unarmed worker has none."""

import inspect

import pytest

from streams.runtime import exposed as room
from streams.runtime.assembly import Assembly, RuntimeSettings
from streams.runtime.crashpoints import BOUNDARIES, OPERATIONS, TAKE_SNAPSHOT, VARIABLE, unarmed
from streams.runtime.exposed import exposed
from streams.runtime.partition import PartitionRunner
from streams.runtime.ports import Broker, Snapshots, Store, Tail, Transactions
from tests.unit.streams.runtime.counter import counter_job

PORTS = {
    Transactions: room.TRANSACTIONS,
    Broker: room.BROKER,
    Tail: room.TAIL,
    Store: room.STORE,
    Snapshots: room.SNAPSHOTS,
}


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)
def test_every_call_of_a_port_has_its_points(port):
    methods = {name for name, _ in inspect.getmembers(port, inspect.isfunction) if name[0] != "_"}
    assert methods - room.INNER <= PORTS[port].keys()
    assert PORTS[port].keys() <= methods


def test_every_operation_belongs_to_a_call():
    named = {operation for names in PORTS.values() for operation in names.values()}
    assert named | {room.OPEN_STORE, TAKE_SNAPSHOT} == set(OPERATIONS)
    assert len(BOUNDARIES) == 2 * len(OPERATIONS)


def test_a_group_passes_its_points_in_the_order_of_its_calls(worker, say):
    passed = []
    ports = exposed(worker.runner()._ports, passed.append)
    runner = PartitionRunner(counter_job(), 0, ports)
    runner.start(worker.host.epoch, 1)
    runner.turn()
    assert passed.index("after-fence") < passed.index("before-bounds")
    passed.clear()
    say(b"a")
    worker.work(runner)
    order = ("begin", "send-log", "send", "commit", "write")
    wanted = [f"{side}-{operation}" for operation in order for side in ("before", "after")]
    assert [point for point in dict.fromkeys(passed) if point in wanted] == wanted
    runner.close()
    assert passed[-1] == "after-close-store"


def test_a_call_that_raises_has_no_after(worker):
    passed = []
    ports = exposed(worker.runner()._ports, passed.append)
    with pytest.raises(AssertionError):
        ports.transactions.begin()  # nothing was fenced
    assert passed == ["before-begin"]


@pytest.mark.parametrize(("armed", "there"), [({}, False), ({VARIABLE: "after-commit:9"}, True)])
def test_the_points_are_there_for_an_armed_worker_only(tmp_path, worker, armed, there):
    settings = RuntimeSettings("127.0.0.1:1", "test", "worker-1", tmp_path)
    assembly = Assembly(settings, lambda _: None, armed)
    ports = assembly.runner(counter_job(), 0, worker.host)._ports
    assert isinstance(ports.transactions, room._Exposed) is there
    assert (ports.passing is unarmed) is not there
