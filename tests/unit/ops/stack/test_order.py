"""The order that travels to the supervisor, and the processes it asks for."""

from pathlib import Path

import pytest

from ops.stack import config, order
from ops.stack.config import StackConfig
from ops.stack.errors import ConfigError
from ops.stack.order import Order

PORTS = {"kafka": 1, "postgres": 2, "cassandra": 3, "redis": 4}
ROOT = Path("/stack")
JOBS = ("settlement", "automation", "scheduler", "reconciliation", "publish", "risk")


def processes(services, **asked):
    asked_for = Order(config=StackConfig(root=ROOT, services=services), **asked)
    return asked_for.processes(config.endpoints_of(PORTS, services))


def test_an_order_survives_the_journey():
    given = Order(
        config=StackConfig(
            root=ROOT,
            services=("kafka", "postgres", "redis"),
            ports={"kafka": 9092},
            tuning="sustained",
            kafka_overrides={"log.flush.interval.messages": "1"},
        ),
        workers=2,
        sinks=True,
        settlement=True,
        scheduler=True,
        automation=True,
        reconciliation=True,
        http=8080,
        publish=True,
        webhooks=True,
        lake=True,
        risk=True,
        ledger_env="bench",
    )
    assert order.load(order.dump(given)) == given


def test_there_is_a_worker_per_number_and_a_sink_per_store():
    names = [spec.name for spec in processes(("kafka", "postgres", "redis"), workers=2, sinks=True)]
    assert names == ["worker-1", "worker-2", "sink-postgres", "sink-redis"]


def test_a_worker_gets_its_name_state_and_log():
    (worker,) = processes(("kafka", "redis"), workers=1)
    assert worker.argv[1:] == ("-m", "streams", "--job", "wallet")
    assert worker.env == {
        "LEDGER_KAFKA": "127.0.0.1:1",
        "LEDGER_STATE_DIR": "/stack/state",
        "LEDGER_WORKER": "worker-1",
        "LEDGER_ENV": "local",
        "LEDGER_SNAPSHOTS": "/stack/snapshots",
    }


def test_a_sink_gets_the_log_and_its_own_store():
    (sink,) = processes(("kafka", "redis"), sinks=True)
    assert sink.argv[1:] == ("-m", "sinks", "redis")
    assert sink.env == {"LEDGER_KAFKA": "127.0.0.1:1", "LEDGER_REDIS": "redis://127.0.0.1:4/0"}


@pytest.mark.parametrize("job", ["settlement", "automation", "scheduler", "publish", "risk"])
def test_a_worker_of_another_job_is_called_by_it(job):
    (worker,) = processes(("kafka",), **{job: True})
    assert (worker.name, worker.argv[1:]) == (job, ("-m", "streams", "--job", job))


def test_jobs_are_workers_beside_those_of_the_wallets():
    found = processes(("kafka",), **dict.fromkeys(JOBS, True))
    names = ["settlement", "automation", "scheduler", "facts", "match", "stores", "publish", "risk"]
    assert [(each.name, each.argv[-1]) for each in found] == [(name, name) for name in names]


def test_the_entrance_reads_from_every_store():
    (door,) = processes(("kafka", "redis"), http=8080)
    assert (door.name, door.argv[1:]) == ("http", ("-m", "ingress"))
    assert door.env == {
        "LEDGER_KAFKA": "127.0.0.1:1",
        "LEDGER_REDIS": "redis://127.0.0.1:4/0",
        "LEDGER_HTTP": "127.0.0.1:8080",
    }


def test_webhooks_are_remembered_in_postgres():
    (process,) = processes(("kafka", "postgres", "redis"), webhooks=True)
    assert (process.name, process.argv[1:]) == ("webhooks", ("-m", "sinks", "webhooks"))
    assert set(process.env) == {"LEDGER_KAFKA", "LEDGER_POSTGRES"}
    with pytest.raises(ConfigError, match="need postgres"):
        processes(("kafka", "redis"), webhooks=True)


def test_the_lake_is_a_folder_of_the_stack():
    (process,) = processes(("kafka",), lake=True)
    assert (process.name, process.argv[1:]) == ("lake", ("-m", "sinks", "lake"))
    assert process.env == {"LEDGER_KAFKA": "127.0.0.1:1", "LEDGER_LAKE": "/stack/lake"}


def test_stores_that_are_compared_have_an_auditor_beside_their_sink():
    found = processes(("kafka", "postgres", "redis"), sinks=True, reconciliation=True)
    auditor, of_redis = [each for each in found if each.name.startswith("audit-")]
    assert of_redis.argv[1:] == ("-m", "sinks", "audit", "redis")
    assert (auditor.name, auditor.argv[1:]) == (
        "audit-postgres",
        ("-m", "sinks", "audit", "postgres"),
    )
    assert "LEDGER_POSTGRES" in auditor.env


@pytest.mark.parametrize(
    "asked",
    [
        {"workers": 1},
        {"sinks": True},
        {"http": 1},
        {"webhooks": True},
        {"lake": True},
        *({job: True} for job in JOBS),
    ],
)
def test_workers_and_sinks_need_the_log(asked):
    with pytest.raises(ConfigError, match="need kafka"):
        Order(config=StackConfig(root=ROOT, services=("redis",)), **asked)
