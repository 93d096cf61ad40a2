"""What a worker needs from its cluster, checked before it joins the group.

Owns: the checks of topics and broker settings at start, and their messages.
Never: creates or changes anything; `ledgerctl topics apply` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource  # what the package itself re-exports

from schemas.access.kafka import Servers, entering
from topics.refusal import refusal
from topics.topic import Topic

REQUEST_TIMEOUT_S: Final = 3.0
TIME_TYPE: Final = "message.timestamp.type"
APPEND_TIME: Final = "LogAppendTime"
VERIFICATION: Final = "transaction.partition.verification.enable"


class ClusterAwayError(Exception):
    """No broker answered. Worth trying again."""


class ClusterUnfitError(Exception):
    """The cluster answered and is not what the job needs. Trying again would not help."""


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What the cluster says about one topic."""

    partitions: int
    time_type: str


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """What the cluster says about the topics asked for, and about its brokers."""

    topics: Mapping[str, TopicFacts]
    verification: Mapping[str, str]  # broker -> value of its setting


def unfit(facts: ClusterFacts, topics: Sequence[Topic]) -> list[str]:
    """Return what is wrong, one line per defect; empty when the worker may start."""
    return [
        *_missing(facts, topics),
        *_unequal(facts, topics),
        *_wrong_time(facts, topics),
        *(
            f"broker {broker}: {VERIFICATION} is {value}, expected true: "
            "without it a late request can join another transaction"
            for broker, value in sorted(facts.verification.items())
            if value != "true"
        ),
    ]


def _missing(facts: ClusterFacts, topics: Sequence[Topic]) -> Iterable[str]:
    for topic in topics:
        if topic.name not in facts.topics:
            yield f"topic {topic.name}: missing; create it with `ledgerctl topics apply --execute`"


def _unequal(facts: ClusterFacts, topics: Sequence[Topic]) -> Iterable[str]:
    present = [topic for topic in topics if topic.name in facts.topics]
    if not present:
        return
    first, expected = present[0].name, facts.topics[present[0].name].partitions
    for topic in present:
        found = facts.topics[topic.name].partitions
        if found != expected:
            yield f"topic {topic.name}: expected {expected} partitions like {first}, found {found}"


def _wrong_time(facts: ClusterFacts, topics: Sequence[Topic]) -> Iterable[str]:
    for topic in topics:
        found = facts.topics.get(topic.name)
        if topic.log_append_time and found is not None and found.time_type != APPEND_TIME:
            yield f"topic {topic.name}: expected {TIME_TYPE}={APPEND_TIME}, found {found.time_type}"


def read_facts(kafka: Servers, topics: Sequence[Topic]) -> ClusterFacts:
    """Ask the cluster. Blocking; bounded by a few request timeouts."""
    admin = AdminClient({**entering(kafka), "log_level": 0, "socket.timeout.ms": 5000})
    try:
        metadata = admin.list_topics(timeout=REQUEST_TIMEOUT_S)
        counts = {
            t.name: len(metadata.topics[t.name].partitions)
            for t in topics
            if t.name in metadata.topics and metadata.topics[t.name].error is None
        }
        _refuse_hidden(admin, kafka, [t.name for t in topics if t.name not in counts])
        names = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in counts]
        times = _settings(admin, names, TIME_TYPE)
        brokers = [ConfigResource(ConfigResource.Type.BROKER, str(b)) for b in metadata.brokers]
        verification = _settings(admin, brokers, VERIFICATION)
    except KafkaException as error:
        code = error.args[0].code() if isinstance(error.args[0], KafkaError) else 0
        if said := refusal(kafka, code, "whose settings a worker has to read"):
            raise ClusterUnfitError(said) from error
        raise ClusterAwayError(f"Kafka at {kafka} does not answer: {error.args[0]}") from error
    return ClusterFacts(
        {name: TopicFacts(count, times[name]) for name, count in counts.items()}, verification
    )


def _refuse_hidden(admin: AdminClient, kafka: Servers, names: list[str]) -> None:
    """Tell topics that are hidden from us from those that do not exist."""
    if not names:
        return
    # Not by the metadata of each: where a broker makes topics by itself, that would make them.
    for name, future in admin.describe_topics(TopicCollection(names)).items():
        try:
            future.result(REQUEST_TIMEOUT_S)
        except KafkaException as error:
            if said := refusal(kafka, error.args[0].code(), name):
                raise ClusterUnfitError(said) from error


def _settings(admin: AdminClient, resources: list[ConfigResource], setting: str) -> dict[str, str]:
    """Return one setting of each resource; "unset" where the broker does not know it."""
    if not resources:
        return {}
    found: dict[str, str] = {}
    for resource, future in admin.describe_configs(resources).items():
        entry = future.result(REQUEST_TIMEOUT_S).get(setting)
        found[resource.name] = "unset" if entry is None else str(entry.value)
    return found


def check_cluster(kafka: Servers, topics: Sequence[Topic]) -> int:
    """Return the partition count that all these topics have, or raise what is wrong."""
    facts = read_facts(kafka, topics)
    defects = unfit(facts, topics)
    if defects:
        raise ClusterUnfitError("; ".join(defects))
    return facts.topics[topics[0].name].partitions
