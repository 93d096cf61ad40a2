"""What `ledgerctl topics` would do to a cluster, and what it refuses."""

from dataclasses import replace

import pytest

from topics.catalog import COMMANDS, EVENTS, TOPICS
from topics.plan import (
    TIMESTAMP_TYPE,
    VERIFICATION,
    AlterConfig,
    Cluster,
    CreateTopic,
    DescribedTopic,
    check,
    desired_config,
    partitions_of,
    plan,
)


def cluster(partitions=8, brokers=1, without=()):
    topics = {
        topic.name: DescribedTopic(topic.name, partitions, desired_config(topic, brokers))
        for topic in TOPICS
        if topic not in without
    }
    return Cluster("there:9092", brokers, topics, {VERIFICATION: "true"})


def changed(found, topic, **change):
    return replace(
        found, topics={**found.topics, topic.name: replace(found.topics[topic.name], **change)}
    )


def test_an_empty_cluster_gets_every_topic_with_eight_partitions():
    made = plan(Cluster("there:9092", 1, {}))
    assert made.problems == ()
    assert [action.topic for action in made.actions] == [topic.name for topic in TOPICS]
    assert {(action.partitions, action.replication) for action in made.actions} == {(8, 1)}


def test_three_brokers_give_three_replicas_two_of_them_in_sync():
    made = plan(Cluster("there:9092", 3, {}), 64)
    assert {action.replication for action in made.actions} == {3}
    assert {action.config["min.insync.replicas"] for action in made.actions} == {"2"}
    assert {action.config["unclean.leader.election.enable"] for action in made.actions} == {"false"}


def test_a_cluster_as_planned_needs_nothing():
    made = plan(cluster())
    assert (made.actions, made.problems, made.partitions) == ((), (), 8)
    assert check(cluster()) == []


def test_a_missing_topic_takes_the_count_of_the_others():
    made = plan(cluster(partitions=4, without=(EVENTS,)))
    (action,) = made.actions
    assert isinstance(action, CreateTopic)
    assert (action.topic, action.partitions) == (EVENTS.name, 4)
    assert "create ledger.events.v1: 4 partitions" in action.text()


def test_a_changed_setting_is_altered_from_now_to_then():
    config = {**desired_config(COMMANDS, 1), "retention.ms": "5", TIMESTAMP_TYPE: "CreateTime"}
    made = plan(changed(cluster(), COMMANDS, config=config))
    (action,) = made.actions
    assert isinstance(action, AlterConfig)
    assert action.changes == {
        "retention.ms": ("5", "2592000000"),
        TIMESTAMP_TYPE: ("CreateTime", "LogAppendTime"),
    }
    assert "retention.ms 5 -> 2592000000" in action.text()


def test_settings_of_others_are_left_alone():
    config = {**desired_config(COMMANDS, 1), "segment.bytes": "1"}
    assert plan(changed(cluster(), COMMANDS, config=config)).actions == ()


def test_another_partition_count_is_refused_with_the_reason():
    made = plan(cluster(partitions=4), 8)
    assert len(made.problems) == len(TOPICS)
    assert "has 4 partitions, the ledger has 8" in made.problems[0].text()
    assert "for life" in made.problems[0].text()
    assert "--partitions 4" in made.problems[0].text()


@pytest.mark.parametrize("count", [-1, 5000])
def test_an_impossible_count_is_refused(count):
    made = plan(Cluster("there:9092", 1, {}), count)
    assert [problem.text() for problem in made.problems] == [
        f"--partitions is {count}: choose 1 to 4096"
    ]


def test_a_worker_refuses_a_missing_topic():
    (problem,) = check(cluster(without=(EVENTS,)))
    assert problem.text() == (
        "ledger.events.v1 does not exist: run `ledgerctl topics apply --execute`"
    )


def test_a_worker_refuses_topics_of_different_counts():
    (problem,) = check(changed(cluster(), EVENTS, partitions=4))
    assert problem.topic == EVENTS.name
    assert "has 4 partitions, the ledger has 8" in problem.text()


def test_a_worker_refuses_an_input_without_log_append_time():
    config = {**desired_config(COMMANDS, 1), TIMESTAMP_TYPE: "CreateTime"}
    (problem,) = check(changed(cluster(), COMMANDS, config=config))
    assert "wallet.commands.v1 has message.timestamp.type=CreateTime" in problem.text()
    assert "LogAppendTime" in problem.advice


def test_a_worker_refuses_a_broker_that_does_not_verify_transactions():
    found = replace(cluster(), broker_config={VERIFICATION: "false"})
    (problem,) = check(found)
    assert problem.topic == "the broker"


def test_an_empty_cluster_has_no_count():
    assert partitions_of(Cluster("there:9092", 1, {})) is None
    assert len(check(Cluster("there:9092", 1, {}))) == len(TOPICS)
