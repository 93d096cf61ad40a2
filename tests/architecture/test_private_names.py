"""The private names of Faust, mode, aiokafka and mode's loop that streams/runtime/host relies on.

An upgrade that renames one of them fails here, by name, and not in a rebalance at night.
"""

import asyncio
import importlib
import inspect

import faust
import mode
import pytest
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.subscription_state import SubscriptionState
from faust.transport.drivers import TRANSPORTS

from tests.support.sources import python_files, text_of

# (module, qualified name, awaitable)
CALLABLES = (
    ("faust.transport.drivers.aiokafka", "Transport", False),
    ("faust.transport.drivers.aiokafka", "Consumer._new_consumer_thread", False),
    ("faust.transport.drivers.aiokafka", "Consumer.on_stop", True),
    ("faust.transport.drivers.aiokafka", "AIOKafkaConsumerThread._create_worker_consumer", False),
    ("faust.transport.drivers.aiokafka", "AIOKafkaConsumerThread.on_start", True),
    ("faust.transport.drivers.aiokafka", "AIOKafkaConsumerThread._fetch_records", True),
    ("faust.transport.drivers.aiokafka", "ConsumerRebalanceListener.on_partitions_revoked", False),
    ("faust.transport.consumer", "Consumer._drain_messages", True),
    ("faust.transport.consumer", "Consumer._wait_next_records", True),
    ("faust.transport.consumer", "Consumer.perform_seek", True),
    ("faust.transport.consumer", "Consumer.commit", True),
    ("faust.transport.consumer", "ThreadDelegateConsumer._getmany", True),
    ("faust.transport.consumer", "ConsumerThread", False),
    ("faust.app.base", "App.create_event", False),
    ("faust.app.base", "App._on_partitions_revoked", True),
    ("faust.serializers.schemas", "Schema.compile", False),
    ("faust.types.tuples", "ConsumerMessage", False),
    ("aiokafka.consumer.fetcher", "Fetcher.fetched_records", True),
    ("aiokafka.consumer.fetcher", "Fetcher._get_actions_per_node", False),
    ("aiokafka.consumer.subscription_state", "SubscriptionState.fetch_context", False),
    ("aiokafka.errors", "NoOffsetForPartitionError", False),
    ("aiokafka.structs", "TopicPartition", False),
    ("mode", "CrashingSupervisor", False),
)
# (module, class, parameters that we pass or receive by name)
PARAMETERS = (
    (
        "aiokafka.consumer.fetcher",
        "Fetcher.fetched_records",
        ("partitions", "timeout", "max_records"),
    ),
    ("aiokafka.consumer.fetcher", "Fetcher.__init__", ("prefetch_backoff",)),
    (
        "faust.transport.drivers.aiokafka",
        "AIOKafkaConsumerThread._create_worker_consumer",
        ("transport",),
    ),
    ("faust.app.base", "App.create_event", ("key", "value", "headers", "message")),
)
# (module, class, attribute or text its source must hold)
SOURCE_TEXTS = (
    ("aiokafka.consumer.fetcher", "Fetcher.__init__", "self._prefetch_backoff ="),
    ("aiokafka.consumer.fetcher", "Fetcher.__init__", "self._fetch_waiters ="),
    # The wait of every fetch is read there, and the partitions left out are chosen there.
    ("aiokafka.consumer.fetcher", "Fetcher._get_actions_per_node", "self._fetch_max_wait_ms,"),
    ("aiokafka.consumer.fetcher", "Fetcher._get_actions_per_node", "if tp in self._records:"),
    ("aiokafka.consumer.fetcher", "Fetcher._get_actions_per_node", "elif tp_state.paused:"),
    ("aiokafka.consumer.consumer", "AIOKafkaConsumer.__init__", "self._fetcher = None"),
    ("aiokafka.consumer.consumer", "AIOKafkaConsumer.__init__", "self._coordinator = None"),
    ("aiokafka.consumer.consumer", "AIOKafkaConsumer.__init__", "self._subscription ="),
    ("aiokafka.consumer.group_coordinator", "GroupCoordinator.__init__", "self.generation ="),
    (
        "faust.transport.drivers.aiokafka",
        "AIOKafkaConsumerThread._create_worker_consumer",
        "self._assignor =",
    ),
    # Hard-coded there, which is why the consumer is created by us.
    (
        "faust.transport.drivers.aiokafka",
        "AIOKafkaConsumerThread._create_worker_consumer",
        "fetch_max_wait_ms=1500",
    ),
    ("faust.transport.consumer", "Consumer.__init__", "self.can_resume_flow ="),
    # How far a reader of committed records may go: our lag is counted up to there.
    ("aiokafka.consumer.subscription_state", "TopicPartitionState.__init__", "self.lso ="),
    ("aiokafka.consumer.fetcher", "Fetcher._proc_fetch_request", "tp_state.lso ="),
)
SETTINGS = (
    "agent_supervisor",
    "broker_heartbeat_interval",
    "broker_max_poll_interval",
    "broker_session_timeout",
    "Monitor",
    "processing_guarantee",
    "stream_buffer_maxsize",
    "topic_allow_declare",
    "topic_disable_leader",
)


def lookup(module, qualified):
    found = importlib.import_module(module)
    for part in qualified.split("."):
        found = getattr(found, part)
    return found


@pytest.mark.parametrize(("module", "qualified", "awaitable"), CALLABLES)
def test_callable_exists(module, qualified, awaitable):
    found = lookup(module, qualified)
    assert callable(found)
    assert inspect.iscoroutinefunction(found) is awaitable


@pytest.mark.parametrize(("module", "qualified", "names"), PARAMETERS)
def test_parameters_have_their_names(module, qualified, names):
    assert set(names) <= set(inspect.signature(lookup(module, qualified)).parameters)


@pytest.mark.parametrize(("module", "qualified", "text"), SOURCE_TEXTS)
def test_source_still_says(module, qualified, text):
    assert text in inspect.getsource(lookup(module, qualified))


@pytest.mark.parametrize("name", SETTINGS)
def test_setting_exists(name):
    assert name in faust.Settings.SETTINGS or hasattr(faust.Settings, name)


def test_transports_can_be_registered_by_alias():
    assert isinstance(TRANSPORTS.aliases, dict)


def test_consumer_class_of_a_transport_can_be_replaced():
    transport = lookup("faust.transport.drivers.aiokafka", "Transport")
    assert issubclass(transport.Consumer, lookup("faust.transport.drivers.aiokafka", "Consumer"))


def test_reassignment_in_progress_is_told():
    assert isinstance(SubscriptionState.reassignment_in_progress, property)


def test_fetched_records_with_timeout_zero_is_a_coroutine_of_one_fetcher():
    assert asyncio.iscoroutinefunction(Fetcher.fetched_records)


def test_agents_are_supervised_by_a_class_named_in_settings():
    assert issubclass(mode.CrashingSupervisor, mode.SupervisorStrategy)


def test_no_thread_of_the_runtime_asks_list_offsets():
    """Asked by several threads of a new client it kills the process: ADR 35."""
    asking = [name for name in python_files("streams") if ".list_offsets(" in text_of(name)]
    assert asking == []
