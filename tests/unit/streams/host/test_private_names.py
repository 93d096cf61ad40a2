"""Every private name of Faust, aiokafka and mode that the host relies on, guarded.

A failure here means: a pinned library changed; read the override in streams/runtime/host again.
"""

import inspect
from importlib.metadata import version

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.consumer import group_coordinator, subscription_state
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.structs import ConsumerRecord
from faust.app.base import App, BootStrategy
from faust.streams import Stream
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from faust.transport import consumer as base
from faust.transport.drivers import TRANSPORTS, aiokafka
from faust.types import ConsumerMessage
from mode import CrashingSupervisor, Service

from streams.runtime.host import hosting, transport
from streams.runtime.host.faust_app import HostApp
from streams.runtime.host.quiet import NoTables


@pytest.mark.parametrize(
    ("package", "pinned"),
    [("faust-streaming", "0.15.3"), ("aiokafka", "0.14.0"), ("mode-streaming", "0.7.1")],
)
def test_versions_are_the_ones_the_overrides_were_written_for(package, pinned):
    assert version(package) == pinned


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    [
        (aiokafka.ConsumerRebalanceListener, "on_partitions_revoked", ["self", "revoked"]),
        (aiokafka.ConsumerRebalanceListener, "on_partitions_assigned", ["self", "assigned"]),
        (aiokafka.AIOKafkaConsumerThread, "_create_worker_consumer", ["self", "transport"]),
        (
            aiokafka.AIOKafkaConsumerThread,
            "_fetch_records",
            ["self", "consumer", "active_partitions", "timeout", "max_records"],
        ),
        (aiokafka.AIOKafkaConsumerThread, "_ensure_consumer", ["self"]),
        (aiokafka.AIOKafkaConsumerThread, "on_start", ["self"]),
        (aiokafka.AIOKafkaConsumerThread, "call_thread", ["self", "fun", "args", "kwargs"]),
        (aiokafka.Consumer, "_new_consumer_thread", ["self"]),
        (aiokafka.Consumer, "_drain_messages", ["self", "fetcher"]),
        (aiokafka.Consumer, "_getmany", ["self", "active_partitions", "timeout"]),
        (aiokafka.Consumer, "perform_seek", ["self"]),
        (aiokafka.Consumer, "commit", ["self", "topics", "start_new_transaction"]),
        (aiokafka.Consumer, "verify_event_path", ["self", "now", "tp"]),
        (aiokafka.Consumer, "on_stop", ["self"]),
        (TableManager, "on_start", ["self"]),
        (TableManager, "_update_channels", ["self"]),
        (Fetcher, "_create_fetch_waiter", ["self"]),
        (Fetcher, "fetched_records", ["self", "partitions", "timeout", "max_records"]),
        (subscription_state.SubscriptionState, "fetch_context", ["self"]),
        (subscription_state.Assignment, "state_value", ["self", "tp"]),
        (group_coordinator.GroupCoordinator, "_do_heartbeat", ["self"]),
        (group_coordinator.GroupCoordinator, "close", ["self"]),
    ],
)
def test_methods_have_the_shape_we_override_or_call(owner, name, parameters):
    assert list(inspect.signature(getattr(owner, name)).parameters) == parameters


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (AIOKafkaConsumer, ["self._fetcher", "self._subscription", "self._coordinator"]),
        (AIOKafkaConsumer, ["self._closed"]),
        (Fetcher, ["self._prefetch_backoff", "self._closed"]),
        (group_coordinator.GroupCoordinator, ["self.generation", "self._rejoin_needed_fut"]),
        (base.Consumer, ["self.can_resume_flow = Event()", "self.suspend_flow = Event()"]),
        (base.Consumer, ["self.flow_active = False", "self.flow_active = True"]),
        (Service, ["self._crashed.set()"]),
        (Recovery, ["await app.on_rebalance_complete.send()", "consumer.perform_seek()"]),
        (App, ["self.boot_strategy = self.BootStrategy(self)"]),
        (aiokafka.ConsumerRebalanceListener, ["app.consumer_generation_id = generation"]),
        (Stream, ["message.generation_id != self.app.consumer_generation_id"]),
    ],
)
def test_attributes_are_still_used(owner, names):
    source = inspect.getsource(owner)
    assert [name for name in names if name not in source] == []


def test_heartbeats_are_sent_by_a_call_through_the_instance():
    routine = inspect.getsource(group_coordinator.GroupCoordinator._heartbeat_routine)
    assert "await self._do_heartbeat()" in routine


def test_every_fetch_goes_through_the_backoff_attribute():
    assert "backoff=self._prefetch_backoff" in inspect.getsource(Fetcher)


def test_a_fetch_without_timeout_does_not_suspend():
    source = inspect.getsource(Fetcher.fetched_records)
    before_wait = source.split("if drained or not timeout:")[0]
    assert before_wait.count("await ") == 1  # only of a reassignment, which we rule out before
    assert "if self._subscriptions.reassignment_in_progress:" in before_wait


def test_position_and_its_validity():
    assert isinstance(subscription_state.TopicPartitionState.position, property)
    assert isinstance(subscription_state.TopicPartitionState.has_valid_position, property)
    assert isinstance(subscription_state.SubscriptionState.reassignment_in_progress, property)


def test_records_carry_their_timestamp_type():
    fields = ConsumerRecord.__dataclass_fields__
    assert {"offset", "timestamp", "timestamp_type", "headers", "key", "value"} <= set(fields)


def test_the_group_forgets_a_member_by_generation():
    assert group_coordinator.OffsetCommitRequest.DEFAULT_GENERATION_ID == hosting.NO_GENERATION


def test_boot_flags():
    assert BootStrategy.enable_kafka_producer is None
    assert BootStrategy.enable_web is None
    assert HostApp.BootStrategy.enable_kafka_producer is False
    assert issubclass(NoTables, TableManager)


def test_a_crashing_supervisor_does_not_adopt_its_actors():
    assert "pass" in inspect.getsource(CrashingSupervisor._contribute_to_service)


def test_messages_take_a_hand_over_as_value():
    parameters = list(inspect.signature(ConsumerMessage.__init__).parameters)
    assert parameters[1:12] == [
        "topic",
        "partition",
        "offset",
        "timestamp",
        "timestamp_type",
        "headers",
        "key",
        "value",
        "checksum",
        "serialized_key_size",
        "serialized_value_size",
    ]


def test_the_scheme_is_registered():
    transport.register()
    assert TRANSPORTS.by_name(transport.SCHEME) is transport.Transport
    assert transport.Transport.Consumer is transport.Consumer
    assert transport.Consumer.RebalanceListener is transport.RebalanceListener
    assert callable(aiokafka.server_list)
