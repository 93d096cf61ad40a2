"""Execute: describe a cluster's topics and carry out a plan, over Kafka's admin protocol.

Owns: the admin client and its deadlines.
Never: decides; `plan.py` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from time import monotonic, sleep
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # no __all__ there
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
)

from schemas.access.kafka import Servers, entering
from topics.catalog import TOPICS
from topics.errors import BrokerUnreachableError, TopicRefusedError
from topics.plan import Action, AlterConfig, Cluster, CreateTopic, DescribedTopic

DEFAULT_TIMEOUT_S: Final = 10.0
SETTLE_PAUSE_S: Final = 0.05
UNREACHABLE: Final = frozenset(
    {
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001 - librdkafka's public codes begin with _
        KafkaError._TRANSPORT,  # noqa: SLF001
        KafkaError._TIMED_OUT,  # noqa: SLF001
        KafkaError._RESOLVE,  # noqa: SLF001
    }
)


def describe(address: Servers, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> Cluster:
    """Return the catalogue's topics as the cluster has them. Raises `BrokerUnreachableError`."""
    admin = _admin(address)
    try:
        metadata = admin.list_topics(timeout=timeout_s)
        names = [topic.name for topic in TOPICS if topic.name in metadata.topics]
        ids = _topic_ids(admin, names, timeout_s)
        topics = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in names]
        broker = ConfigResource(ConfigResource.Type.BROKER, str(min(metadata.brokers)))
        configs = _configs(admin, topics, timeout_s)
        broker_config = _configs(admin, [broker], timeout_s)[broker.name]
    except KafkaException as error:
        raise _unreachable(address, error) from error
    found = {
        name: DescribedTopic(name, len(metadata.topics[name].partitions), configs[name], ids[name])
        for name in names
    }
    return Cluster(str(address), len(metadata.brokers), found, broker_config)


def apply(
    address: Servers, actions: Sequence[Action], *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Carry out actions in order; one that was done by somebody else meanwhile counts as done."""
    admin = _admin(address)
    for action in actions:
        try:
            if isinstance(action, CreateTopic):
                _create(admin, action, timeout_s)
            else:
                _alter(admin, action, timeout_s)
        except KafkaException as error:
            if _code(error) in UNREACHABLE:
                raise _unreachable(address, error) from error
            if _code(error) != KafkaError.TOPIC_ALREADY_EXISTS:
                raise TopicRefusedError(action.topic, str(error.args[0])) from error
    _settle(admin, address, actions, timeout_s)


def _admin(address: Servers) -> AdminClient:
    # The client would print its connection errors; ours are raised instead.
    return AdminClient({**entering(address), "log_level": 0})


def _settle(
    admin: AdminClient, address: Servers, actions: Sequence[Action], timeout_s: float
) -> None:
    """Wait until the broker shows what was done: it answers before every part of it knows."""
    created = {action.topic for action in actions if isinstance(action, CreateTopic)}
    altered = [action for action in actions if isinstance(action, AlterConfig)]
    deadline = monotonic() + timeout_s
    while monotonic() < deadline:
        missing = created - admin.list_topics(timeout=timeout_s).topics.keys()
        if not missing and (not altered or _altered(describe(address), altered)):
            return
        sleep(SETTLE_PAUSE_S)


def _altered(cluster: Cluster, actions: Sequence[AlterConfig]) -> bool:
    return all(
        action.topic in cluster.topics and cluster.topics[action.topic].config.get(name) == then
        for action in actions
        for name, (_, then) in action.changes.items()
    )


def _create(admin: AdminClient, action: CreateTopic, timeout_s: float) -> None:
    topic = NewTopic(
        action.topic,
        num_partitions=action.partitions,
        replication_factor=action.replication,
        config=dict(action.config),
    )
    done = admin.create_topics([topic], operation_timeout=timeout_s, request_timeout=timeout_s)
    _wait(done[action.topic], timeout_s)


def _alter(admin: AdminClient, action: AlterConfig, timeout_s: float) -> None:
    entries = [
        ConfigEntry(name, then, incremental_operation=AlterConfigOpType.SET)
        for name, (_now, then) in action.changes.items()
    ]
    resource = ConfigResource(ConfigResource.Type.TOPIC, action.topic, incremental_configs=entries)
    done = admin.incremental_alter_configs([resource], request_timeout=timeout_s)
    _wait(done[resource], timeout_s)


def _topic_ids(admin: AdminClient, names: list[str], timeout_s: float) -> dict[str, str]:
    if not names:
        return {}
    answers = admin.describe_topics(TopicCollection(names), request_timeout=timeout_s)
    return {name: str(_wait(answer, timeout_s).topic_id) for name, answer in answers.items()}


def _configs(
    admin: AdminClient, resources: list[ConfigResource], timeout_s: float
) -> dict[str, dict[str, str]]:
    if not resources:
        return {}
    answers = admin.describe_configs(resources, request_timeout=timeout_s)
    return {
        resource.name: {
            name: entry.value
            for name, entry in _wait(answer, timeout_s).items()
            if entry.value is not None
        }
        for resource, answer in answers.items()
    }


def _wait(answer: Future[Any], timeout_s: float) -> Any:  # noqa: ANN401 - the client's answers are untyped
    return answer.result(timeout_s + 1.0)


def _code(error: KafkaException) -> int:
    first = error.args[0]
    return first.code() if isinstance(first, KafkaError) else 0


def _unreachable(address: Servers, error: KafkaException) -> BrokerUnreachableError:
    first = error.args[0]
    return BrokerUnreachableError(address, first.name() if isinstance(first, KafkaError) else "")
