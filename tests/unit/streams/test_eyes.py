"""A worker's status as metrics, and what ready means: every partition runs and gets on."""

from prometheus_client import CollectorRegistry

from streams.eyes import WorkerEyes
from streams.runtime.clock import SystemClock
from streams.runtime.job import Group, LogRecord
from streams.runtime.metrics import Meter

TOPIC = "wallet.commands.v1"


def status(position=5, end=5, state="running", ready=True, **more):
    partition = {"state": state, "positions": {TOPIC: position}, "ends": {TOPIC: end}, **more}
    return {"ready": ready, "partitions": {"3": partition}, "gc_pause_max_ms": 250.0}


def eyes():
    now = [0.0]
    return now, WorkerEyes("wallet", lambda: now[0])


def sample(eyes, name, **labels):
    registry = CollectorRegistry()
    registry.register(eyes.page())
    return registry.get_sample_value(name, {"job": "wallet", **labels})


def test_ready_needs_a_status_that_says_so():
    _, told = eyes()
    assert "no assignment" in told.unready()
    told.told(status(ready=False))
    assert "no assignment" in told.unready()
    told.told(status())
    assert told.unready() == ""
    assert sample(told, "ledger_process_ready") == 1


def test_a_partition_with_lag_has_to_advance():
    now, told = eyes()
    for now[0] in range(32):
        told.told(status(end=9))
    assert "do not advance: 3" in told.unready()
    assert told.dead() == ""
    assert sample(told, "ledger_partition_stalled", partition="3") == 1
    assert sample(told, "ledger_partition_lag", partition="3", topic=TOPIC) == 4
    told.told(status(position=6, end=9))
    assert told.unready() == ""


def test_without_lag_it_may_stand_still():
    now, told = eyes()
    for now[0] in range(100):
        told.told(status())
    assert told.unready() == ""


def test_a_silent_event_loop_is_dead():
    now, told = eyes()
    told.told(status())
    now[0] = 31.0
    assert told.dead() == told.unready() == "no status for 31 s"


def test_a_meter_s_report_is_on_the_page():
    _, told = eyes()
    meter = Meter(SystemClock(), lambda: {"state_rows": 12})
    meter.start()
    meter.turn()
    record = LogRecord(b"k", b"v")
    meter.committed(Group((record, record), (), {"ACCEPTED": 1, "REJECTED": 1}), 0.02)
    meter.aborted += 1
    told.told(status(**meter.report()))
    decided = "ledger_commands_decided_total"
    assert sample(told, decided, partition="3", outcome="accepted") == 1
    assert sample(told, decided, partition="3", outcome="rejected") == 1
    assert sample(told, "ledger_group_size_records_sum", partition="3") == 2
    commits = "ledger_group_commit_seconds_bucket"
    assert sample(told, commits, partition="3", le="0.01") == 0
    assert sample(told, commits, partition="3", le="0.03") == 1
    assert sample(told, "ledger_transactions_aborted_total", partition="3") == 1
    assert sample(told, "ledger_partition_state_rows", partition="3") == 12
    assert sample(told, "ledger_worker_gc_pause_max_seconds") == 0.25
