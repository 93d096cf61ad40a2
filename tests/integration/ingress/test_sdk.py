"""The SDK on a real broker: partitions, deliveries, back-pressure, results, and clear failures."""

import socket
import uuid

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from ingress.sdk import (
    BrokerUnreachableError,
    ClosedError,
    DeliveryFailedError,
    LedgerProducer,
    Outcome,
    PositionLostError,
    ProducerSettings,
    QueueFullError,
    ReaderSettings,
    RejectionReason,
    Result,
    ResultReader,
    ResultTimeoutError,
    Stage,
    TopicMissingError,
    Transfer,
    WalletCommand,
    stamp,
)
from schemas.codec import decode, encode
from topics.partitioning import partition_of

PARTITIONS = 8
TRANSFER = Transfer("w-2", "EUR", 1250)


@pytest.fixture
def address(ledger_stack):
    return ledger_stack.endpoints.kafka


@pytest.fixture
def topic(address):
    name = f"sdk-{uuid.uuid4().hex[:8]}"
    config = {"message.timestamp.type": "LogAppendTime"}
    admin = AdminClient({"bootstrap.servers": address})
    made = admin.create_topics([NewTopic(name, PARTITIONS, 1, config=config)])
    made[name].result(10)
    while name not in admin.list_topics(timeout=10).topics:
        pass
    yield name
    admin.delete_topics([name])[name].result(10)


def read_all(address, topic, count):
    consumer = Consumer(
        {"bootstrap.servers": address, "group.id": "t", "enable.auto.commit": False}
    )
    consumer.assign([TopicPartition(topic, number, 0) for number in range(PARTITIONS)])
    found = []
    while len(found) < count:
        found += consumer.consume(500, 5.0)
    consumer.close()
    return found


def test_a_command_is_delivered_where_its_wallet_lives(address, topic):
    with LedgerProducer(address, ProducerSettings(topic=topic)) as producer:
        delivered = producer.send("w-1", TRANSFER, command_id="c-1").result(10)
    assert (delivered.command_id, delivered.topic) == ("c-1", topic)
    assert delivered.partition == partition_of("w-1", PARTITIONS)
    assert delivered.append_time_us is not None
    (message,) = read_all(address, topic, 1)
    command = decode(WalletCommand, message.value())
    assert message.key() == b"w-1"
    assert (command.command_id, command.wallet_id, command.body) == ("c-1", "w-1", TRANSFER)
    assert message.offset() == delivered.offset


def test_librdkafkas_murmur2_agrees_for_every_wallet(address, topic):
    foreign = Producer({"bootstrap.servers": address, "partitioner": "murmur2_random"})
    for number in range(500):
        foreign.produce(topic, b"", f"wallet-{number}#{number % 7}")
    foreign.flush(10)
    for message in read_all(address, topic, 500):
        assert message.partition() == partition_of(message.key().decode(), PARTITIONS)


def test_thousands_posted_are_all_acknowledged_once(address, topic):
    outcomes = []
    settings = ProducerSettings(topic=topic, queue_max=500)
    with LedgerProducer(address, settings) as producer:
        for number in range(5_000):
            producer.post(stamp(f"w-{number}", TRANSFER), outcomes.append)
        assert producer.flush() == 0
    assert len({(each.partition, each.offset) for each in outcomes}) == 5_000


def test_a_closed_producer_says_so(address, topic):
    producer = LedgerProducer(address, ProducerSettings(topic=topic))
    producer.close()
    producer.close()
    with pytest.raises(ClosedError, match="the producer is closed"):
        producer.send("w-1", TRANSFER)


def test_a_missing_topic_is_named(address):
    with pytest.raises(TopicMissingError, match=rf"topic no-such does not exist at {address}"):
        LedgerProducer(address, ProducerSettings(topic="no-such"))
    with pytest.raises(TopicMissingError, match="topic no-such does not exist"):
        ResultReader(address, settings=ReaderSettings(topic="no-such"))


def test_an_unreachable_broker_is_named():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(BrokerUnreachableError, match=f"answers at {nobody}"):
            LedgerProducer(nobody, ProducerSettings(connect_timeout_s=1))
        with pytest.raises(BrokerUnreachableError, match=f"answers at {nobody}"):
            ResultReader(nobody, settings=ReaderSettings(connect_timeout_s=1))


def test_a_full_queue_is_an_error_after_its_wait(address, topic):
    settings = ProducerSettings(topic=topic, queue_max=2, queue_wait_s=0.2, linger_ms=10_000)
    producer = LedgerProducer(address, settings)
    for number in range(2):
        producer.post(stamp(f"w-{number}", TRANSFER), lambda _outcome: None)
    with pytest.raises(QueueFullError, match="2 commands wait for the broker"):
        producer.post(stamp("w-3", TRANSFER), lambda _outcome: None)
    producer.close()


def test_a_deleted_topic_fails_the_delivery_by_name(address):
    name = f"sdk-{uuid.uuid4().hex[:8]}"
    admin = AdminClient({"bootstrap.servers": address})
    admin.create_topics([NewTopic(name, 1, 1, config={"max.message.bytes": "50"})])[name].result(10)
    while name not in admin.list_topics(timeout=10).topics:
        pass
    with LedgerProducer(address, ProducerSettings(topic=name)) as producer:
        refused = producer.send("w-1", TRANSFER, command_id="c-9")
        with pytest.raises(DeliveryFailedError, match=rf"command c-9 to {name}\[0\]"):
            refused.result(10)


# --- results


def result(command_id, stage=Stage.FINAL, sequence=1, wallet_id="w-1", outcome=Outcome.ACCEPTED):
    return Result(wallet_id, command_id, outcome, None, "", stage, 0, sequence, None, 1)


def publish(address, topic, *results, abort=False):
    producer = Producer({"bootstrap.servers": address, "transactional.id": uuid.uuid4().hex})
    producer.init_transactions(10)
    producer.begin_transaction()
    for each in results:
        partition = partition_of(each.wallet_id, PARTITIONS)
        producer.produce(topic, encode(each), each.wallet_id, partition)
    if abort:
        producer.flush(10)
        producer.abort_transaction(10)
    else:
        producer.commit_transaction(10)


@pytest.fixture
def reader(address, topic):
    with ResultReader(address, settings=ReaderSettings(topic=topic)) as made:
        yield made


def test_a_result_is_matched_by_wallet_and_command(address, topic, reader):
    reader.expect("w-1", "c-1")
    others = (result("c-2"), result("c-1", wallet_id="w-9"))
    publish(address, topic, *others, result("c-1", sequence=7))
    assert reader.wait("w-1", "c-1", timeout_s=10).sequence == 7
    assert reader.outstanding == 0


def test_pending_comes_first_and_final_ends_the_wait(address, topic, reader):
    reader.expect("w-1", "c-1")
    publish(address, topic, result("c-1", Stage.PENDING), result("c-1", sequence=9))
    seen = []
    while reader.outstanding:
        seen += reader.poll(1.0)
    assert [each.stage for each in seen] == [Stage.PENDING, Stage.FINAL]
    assert reader.wait("w-1", "c-1").sequence == 9


def test_a_repeated_result_is_told_once(address, topic, reader):
    reader.expect("w-1", "c-1")
    publish(address, topic, *[result("c-1", Stage.PENDING)] * 3, result("c-1", sequence=2))
    seen = []
    while reader.outstanding:
        seen += reader.poll(1.0)
    assert len(seen) == 2


def test_a_timeout_holds_the_pending_result(address, topic, reader):
    with pytest.raises(ResultTimeoutError, match=r"c-1: no result within 0\.2 s") as none:
        reader.wait("w-1", "c-1", timeout_s=0.2)
    assert none.value.pending is None
    publish(address, topic, result("c-1", Stage.PENDING))
    with pytest.raises(ResultTimeoutError, match="a PENDING result only") as pending:
        reader.wait("w-1", "c-1", timeout_s=2)
    assert pending.value.pending.stage is Stage.PENDING


def test_aborted_results_are_never_seen(address, topic, reader):
    reader.expect("w-1", "c-1")
    publish(address, topic, result("c-1", sequence=1), abort=True)
    publish(address, topic, result("c-1", sequence=2))
    assert reader.wait("w-1", "c-1", timeout_s=10).sequence == 2


def test_a_reader_goes_on_where_another_stopped(address, topic, reader):
    before = reader.positions()
    publish(address, topic, result("c-1"))
    rejected = Result(
        *("w-1", "c-2", Outcome.REJECTED, RejectionReason.KYC_REQUIRED, ""),
        *(Stage.FINAL, 0, 2, None, 1),
    )
    publish(address, topic, rejected)
    with ResultReader(address, before, ReaderSettings(topic=topic)) as later:
        assert later.wait("w-1", "c-2", timeout_s=10).reason is RejectionReason.KYC_REQUIRED


def test_a_position_that_is_gone_is_an_error(address, topic):
    with (
        ResultReader(address, {0: 10_000}, ReaderSettings(topic=topic)) as lost,
        pytest.raises(PositionLostError, match=rf"{topic}\[0\]: the position"),
    ):
        lost.wait("w-1", "c-1", timeout_s=10)


def test_a_closed_reader_says_so(reader):
    reader.close()
    with pytest.raises(ClosedError):
        reader.poll()
