"""What is wrong with a cluster, said so that a person can act."""

import pytest

from streams.runtime.host import cluster
from streams.runtime.host.cluster import (
    VERIFICATION,
    ClusterFacts,
    ClusterUnfitError,
    TopicFacts,
    unfit,
)
from topics.catalog import COMMANDS, LEGS, RESULTS

TOPICS = (LEGS, COMMANDS, RESULTS)
FIT = {
    LEGS.name: TopicFacts(4, "LogAppendTime"),
    COMMANDS.name: TopicFacts(4, "LogAppendTime"),
    RESULTS.name: TopicFacts(4, "CreateTime"),
}


@pytest.mark.parametrize(
    ("topics", "verification", "defects"),
    [
        ({}, {"1": "true"}, []),
        ({}, {"1": "true", "2": "false"}, [f"broker 2: {VERIFICATION} is false, expected true"]),
        ({}, {"1": "unset"}, [f"broker 1: {VERIFICATION} is unset, expected true"]),
        (
            {COMMANDS.name: TopicFacts(8, "LogAppendTime")},
            {},
            ["topic wallet.commands.v1: expected 4 partitions like ledger.legs.v1, found 8"],
        ),
        (
            {LEGS.name: TopicFacts(4, "CreateTime")},
            {},
            ["topic ledger.legs.v1: expected message.timestamp.type=LogAppendTime"],
        ),
        ({RESULTS.name: None}, {}, ["topic wallet.results.v1: missing"]),
    ],
)
def test_each_defect_names_topic_expected_and_found(topics, verification, defects):
    present = {name: facts for name, facts in {**FIT, **topics}.items() if facts is not None}
    found = unfit(ClusterFacts(present, verification), TOPICS)
    assert len(found) == len(defects)
    assert all(said.startswith(defect) for said, defect in zip(found, defects, strict=True))


def test_nothing_at_all_is_missing_topics_only():
    assert len(unfit(ClusterFacts({}, {}), TOPICS)) == len(TOPICS)


def test_a_fit_cluster_tells_its_partitions(monkeypatch):
    monkeypatch.setattr(cluster, "read_facts", lambda *_: ClusterFacts(FIT, {"1": "true"}))
    assert cluster.check_cluster("nowhere:1", TOPICS) == 4


def test_an_unfit_cluster_says_everything_at_once(monkeypatch):
    monkeypatch.setattr(cluster, "read_facts", lambda *_: ClusterFacts({}, {"1": "false"}))
    with pytest.raises(ClusterUnfitError) as caught:
        cluster.check_cluster("nowhere:1", TOPICS)
    assert str(caught.value).count(";") >= len(TOPICS)
