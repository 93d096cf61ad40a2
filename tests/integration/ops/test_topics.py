"""`ledgerctl topics` on an empty cluster: plan, apply, drift, and what is refused."""

import pytest
from confluent_kafka.admin import AdminClient

from ops.cli import main
from tests.support.stack import running_stack
from topics import execute
from topics.catalog import COMMANDS, EVENTS, TOPICS
from topics.errors import TopicRefusedError
from topics.plan import AlterConfig, CreateTopic, check


@pytest.fixture(scope="module")
def kafka():
    with running_stack("kafka") as stack:
        yield stack.endpoints.kafka


@pytest.fixture
def address(kafka, monkeypatch, tmp_path):
    """An empty cluster, named in the environment, with a file of operations of its own."""
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    for name in ("POSTGRES", "CASSANDRA", "REDIS"):
        monkeypatch.delenv(f"LEDGER_{name}", raising=False)
    monkeypatch.setenv("LEDGER_KAFKA", kafka)
    yield kafka
    admin = AdminClient({"bootstrap.servers": kafka})
    names = [topic.name for topic in TOPICS if topic.name in admin.list_topics(timeout=10).topics]
    for done in admin.delete_topics(names).values() if names else ():
        done.result(10)
    while set(names) & admin.list_topics(timeout=10).topics.keys():
        pass


def test_an_empty_cluster_is_planned_then_made(address, capsys):
    assert main(["topics", "plan", "--partitions", "4"]) == 1
    assert "create ledger.events.v1: 4 partitions, 1 replicas" in capsys.readouterr().out
    assert main(["topics", "apply", "--partitions", "4"]) == 0
    assert "nothing was done: add --execute" in capsys.readouterr().out
    assert execute.describe(address).topics == {}
    assert main(["topics", "apply", "--partitions", "4", "--execute"]) == 0
    cluster = execute.describe(address)
    assert {topic.partitions for topic in cluster.topics.values()} == {4}
    assert len({topic.topic_id for topic in cluster.topics.values()}) == len(TOPICS)
    assert check(cluster) == []
    assert main(["topics", "plan"]) == 0
    assert cluster.topics[EVENTS.name].config["retention.ms"] == "-1"


def test_drift_is_corrected_and_a_lost_append_time_is_told(address, capsys):
    assert main(["topics", "apply", "--execute"]) == 0
    wrong = {"message.timestamp.type": ("", "CreateTime"), "retention.ms": ("", "1000")}
    execute.apply(address, [AlterConfig(COMMANDS.name, wrong)])
    (problem,) = check(execute.describe(address))
    assert "wallet.commands.v1 has message.timestamp.type=CreateTime" in problem.text()
    capsys.readouterr()
    assert main(["topics", "plan"]) == 1
    assert "retention.ms 1000 -> 2592000000" in capsys.readouterr().out
    assert main(["topics", "apply", "--execute"]) == 0
    assert check(execute.describe(address)) == []


def test_a_topic_with_another_count_stops_everything(address, capsys):
    execute.apply(address, [CreateTopic(EVENTS.name, 3, 1, {})])
    assert main(["topics", "apply", "--partitions", "8", "--execute"]) == 1
    assert "ledger.events.v1 has 3 partitions, the ledger has 8" in capsys.readouterr().err
    assert set(execute.describe(address).topics) <= {EVENTS.name}


def test_creating_twice_is_no_error_and_a_refusal_names_the_topic(address):
    action = CreateTopic(COMMANDS.name, 2, 1, {})
    execute.apply(address, [action])
    execute.apply(address, [action])
    with pytest.raises(TopicRefusedError, match=r"^wallet\.results\.v1: the broker refused: .*"):
        execute.apply(address, [CreateTopic("wallet.results.v1", 2, 1, {"retention.ms": "often"})])
