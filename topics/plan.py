"""Plan: what makes a cluster equal to the catalogue, and what cannot be made so.

Owns: the comparison of desired and described topics, as values; the check at a worker's start.
Never: talks to a broker (`execute.py` does), changes a partition count.

A partition count is given once, at creation: a wallet lives on murmur2(wallet id) mod N, so another
N would move wallets away from the one writer that knows their balance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from topics.catalog import DEFAULT_PARTITIONS, TOPICS
from topics.topic import Topic

TIMESTAMP_TYPE: Final = "message.timestamp.type"
VERIFICATION: Final = "transaction.partition.verification.enable"
REPLICATED_FROM: Final = 3  # brokers; below, one replica is all there is
PARTITIONS_MAX: Final = 4096


@dataclass(frozen=True, slots=True)
class DescribedTopic:
    """A topic as the cluster has it."""

    name: str
    partitions: int
    config: Mapping[str, str]
    topic_id: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a cluster says about itself; `address` is where it was asked."""

    address: str
    brokers: int
    topics: Mapping[str, DescribedTopic]
    broker_config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CreateTopic:
    """Create a missing topic."""

    topic: str
    partitions: int
    replication: int
    config: Mapping[str, str]

    def text(self) -> str:
        """Return what will be done, in a line."""
        return f"create {self.topic}: {self.partitions} partitions, {self.replication} replicas"


@dataclass(frozen=True, slots=True)
class AlterConfig:
    """Give some of a topic's settings other values; `changes` is name -> (now, then)."""

    topic: str
    changes: Mapping[str, tuple[str, str]]

    def text(self) -> str:
        """Return what will be changed, in a line."""
        told = ", ".join(
            f"{name} {now or 'unset'} -> {then}" for name, (now, then) in self.changes.items()
        )
        return f"alter {self.topic}: {told}"


Action = CreateTopic | AlterConfig


@dataclass(frozen=True, slots=True)
class Problem:
    """What the ledger cannot live with; `advice` says what to do."""

    topic: str
    what: str
    advice: str

    def text(self) -> str:
        """Return the problem and the advice, in a line."""
        return f"{self.topic} {self.what}: {self.advice}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions in order, and problems no action solves. With a problem nothing is executed."""

    partitions: int
    actions: tuple[Action, ...]
    problems: tuple[Problem, ...]


def plan(cluster: Cluster, partitions: int | None = None, topics: Sequence[Topic] = TOPICS) -> Plan:
    """Compare the catalogue with a cluster. Without `partitions` the existing count is kept."""
    count = partitions or partitions_of(cluster, topics) or DEFAULT_PARTITIONS
    problems = list(_count_problems(cluster, count, topics))
    if not 1 <= count <= PARTITIONS_MAX:
        problems = [Problem("--partitions", f"is {count}", f"choose 1 to {PARTITIONS_MAX}")]
    replication = REPLICATED_FROM if cluster.brokers >= REPLICATED_FROM else 1
    actions: list[Action] = []
    for topic in topics:
        wanted = desired_config(topic, replication)
        found = cluster.topics.get(topic.name)
        if found is None:
            actions.append(CreateTopic(topic.name, count, replication, wanted))
        elif changes := _changes(found.config, wanted):
            actions.append(AlterConfig(topic.name, changes))
    return Plan(count, tuple(actions), tuple(problems))


def check(
    cluster: Cluster, partitions: int | None = None, topics: Sequence[Topic] = TOPICS
) -> list[Problem]:
    """Return what forbids a worker to start on this cluster; empty when all is well."""
    problems = [
        Problem(topic.name, "does not exist", "run `ledgerctl topics apply --execute`")
        for topic in topics
        if topic.name not in cluster.topics
    ]
    count = partitions or partitions_of(cluster, topics)
    if count is not None:
        problems += _count_problems(cluster, count, topics)
    problems += _time_problems(cluster, topics)
    if cluster.broker_config.get(VERIFICATION, "true") != "true":
        advice = f"set {VERIFICATION}=true, or a late client can leave a transaction hanging"
        problems.append(Problem("the broker", f"has {VERIFICATION} off", advice))
    return problems


def partitions_of(cluster: Cluster, topics: Sequence[Topic] = TOPICS) -> int | None:
    """Return the ledger's partition count, that of its first existing topic; else None."""
    for topic in topics:
        found = cluster.topics.get(topic.name)
        if found is not None:
            return found.partitions
    return None


def desired_config(topic: Topic, replication: int) -> dict[str, str]:
    """Return the settings of a topic, as Kafka spells them."""
    return {
        "cleanup.policy": "compact" if topic.compacted else "delete",
        "retention.ms": str(topic.retention_ms),
        "retention.bytes": "-1",
        "max.message.bytes": str(topic.max_message_bytes),
        "compression.type": topic.compression,
        TIMESTAMP_TYPE: "LogAppendTime" if topic.log_append_time else "CreateTime",
        "min.insync.replicas": "2" if replication >= REPLICATED_FROM else "1",
        "unclean.leader.election.enable": "false",
    }


def _count_problems(cluster: Cluster, count: int, topics: Sequence[Topic]) -> Iterator[Problem]:
    for topic in topics:
        found = cluster.topics.get(topic.name)
        if found is not None and found.partitions != count:
            yield Problem(
                topic.name,
                f"has {found.partitions} partitions, the ledger has {count}",
                "a partition count is for life, because a wallet lives on murmur2(id) mod it; "
                f"use --partitions {found.partitions} or another cluster",
            )


def _time_problems(cluster: Cluster, topics: Sequence[Topic]) -> Iterator[Problem]:
    for topic in topics:
        found = cluster.topics.get(topic.name)
        if found is None or not topic.log_append_time:
            continue
        if found.config.get(TIMESTAMP_TYPE) != "LogAppendTime":
            yield Problem(
                topic.name,
                f"has {TIMESTAMP_TYPE}={found.config.get(TIMESTAMP_TYPE, 'CreateTime')}",
                "the ledger's only clock is LogAppendTime; run `ledgerctl topics apply --execute`",
            )


def _changes(now: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        name: (now.get(name, ""), value) for name, value in wanted.items() if now.get(name) != value
    }
