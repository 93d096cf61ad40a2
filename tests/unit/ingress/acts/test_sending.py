"""Lines wait in their file until the log has them; none is lost, and none waits for ever."""

from threading import Event, Thread

import pytest
from confluent_kafka import KafkaError, KafkaException

from ingress.acts.line import Act, control_id_of, line_of
from ingress.acts.sending import ActSender, NotKeptError
from ingress.acts.spool import KEPT_MAX, LINES_MAX, Memory, Spool
from ingress.acts.teller import ActTeller
from schemas.codec import decode
from schemas.messages.control import Control
from tests.support.stack import wait_until
from tests.unit.ops.kafka_doubles import FakeProducer
from topics.catalog import CONTROL
from topics.partitioning import partition_of

UNKEPT = "an act is in no file and not in the log: "


def line(number):
    return line_of(Act("anna", "did it", "login", "did", f"w-{number}"), number + 1)


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "operations.jsonl")


def test_each_line_goes_to_the_partition_of_its_subject_once(spool):
    producer = FakeProducer(partitions=3)
    sender = ActSender("here", producer)
    lines = [line(number) for number in range(LINES_MAX + 7)]
    for each in lines:
        spool.add(each)
    assert sender.send_all(spool) == len(lines)
    sent = [(decode(Control, value), key, number) for _, key, value, number in producer.records]
    assert [each.control_id for each, *_ in sent] == [
        control_id_of(each.encode()) for each in lines
    ]
    for control, key, number in sent:
        assert number == partition_of(control.body.act.subject, 3)
        assert key == str(number).encode()
    assert {topic for topic, *_ in producer.records} == {CONTROL.name}
    assert sender.send_all(spool) == 0
    spool.add(line(0))
    assert ActSender("here", producer).send_all(Spool(spool.path)) == 1


@pytest.mark.parametrize(
    "away", [{"unflushed": 1}, {"refused": KafkaError(KafkaError._MSG_TIMED_OUT)}, {"full": 1}]
)
def test_a_line_that_was_not_acknowledged_waits_for_the_next_time(spool, away):
    spool.add(line(0))
    with pytest.raises(NotKeptError):
        ActSender("here", FakeProducer(**away)).send_all(spool)
    producer = FakeProducer()
    assert ActSender("here", producer).send_all(spool) == 1
    assert len(producer.records) == 1


def test_a_client_that_is_broken_keeps_nothing(spool):
    class Broken(FakeProducer):
        def produce(self, *_, **__):
            raise KafkaException(KafkaError(KafkaError._FATAL))

    spool.add(line(0))
    with pytest.raises(NotKeptError):
        ActSender("here", Broken()).send_all(spool)
    assert len(spool.waiting()) == 1


def test_lines_from_before_and_half_a_line_are_not_sent_and_keep_none_from_it(spool):
    spool.path.write_bytes(b'{"at_us": 1, "what": "before"}\n')
    spool.add(line(0))
    with spool.path.open("ab") as file:
        file.write(line(1).encode()[:20])
    producer = FakeProducer()
    assert ActSender("here", producer).send_all(spool) == 1
    spool.add(line(2))
    assert ActSender("here", producer).send_all(spool) == 1
    assert decode(Control, producer.records[-1][2]).body.act.subject == "w-2"


def test_two_who_send_the_same_file_never_skip_a_line(spool):
    spool.add(line(0))
    other = Spool(spool.path)
    first = spool.waiting()
    spool.add(line(1))
    both = other.waiting()
    other.sent(both)
    spool.sent(first)
    assert Spool(spool.path).waiting() == []
    spool.add(line(2))
    assert len(Spool(spool.path).waiting()) == 1


def test_a_place_that_is_lost_or_of_another_file_begins_again(spool):
    spool.add(line(0))
    spool.sent(spool.waiting())
    spool.path.write_text(line(1)[:10] + "\n")
    assert len(spool.waiting()) == 1
    spool.path.with_name("operations.jsonl.sent").write_text("?")
    assert len(spool.waiting()) == 1


def test_a_door_without_a_file_remembers_and_says_what_it_forgets_unsent(caplog):
    memory = Memory()
    for number in range(KEPT_MAX + 1):
        memory.add(f"act {number}")
    assert [each.getMessage() for each in caplog.records] == [f"{UNKEPT}act 0"]
    assert memory.waiting()[0] == b"act 1"
    memory.sent([b"act 0", b"act 1", b"act 2"])
    assert memory.waiting()[0] == b"act 3"
    assert memory.left()[0] == f"{UNKEPT}act 3"
    assert len(memory.left()) == KEPT_MAX - 2


def test_a_teller_sends_what_was_left_and_what_comes_also_after_the_log_was_away(
    spool, monkeypatch
):
    monkeypatch.setattr("ingress.acts.teller.AGAIN_S", 0.01)
    producer = FakeProducer(unflushed=1)
    spool.add(line(0))
    teller = ActTeller([spool], ActSender("here", producer))
    teller.start()
    wait_until(lambda: len(producer.records) > 1)
    producer.unflushed = 0
    wait_until(lambda: not Spool(spool.path).waiting())
    spool.add(line(1))
    teller.wake()
    wait_until(lambda: not Spool(spool.path).waiting())
    teller.stop()
    assert {decode(Control, each[2]).body.act.subject for each in producer.records} == {
        "w-0",
        "w-1",
    }


class Counted(Event):
    """Says how often it was set: by a start, a stop, and each line between."""

    sets = 0

    def set(self):
        self.sets += 1
        super().set()


def test_who_stops_while_lines_are_sent_is_owed_another_try(spool, monkeypatch):
    """The log does not answer, the door is told to end, the log is back: the line is in it."""
    woken = Counted()
    monkeypatch.setattr("ingress.acts.teller.Event", lambda: woken)

    class Back(FakeProducer):
        def flush(self, timeout):
            if woken.sets == 1:
                Thread(target=teller.stop).start()
                wait_until(lambda: woken.sets == 2)
                return 1
            return super().flush(timeout)

    spool.add(line(0))
    teller = ActTeller([spool], ActSender("here", Back()))
    teller.start()
    wait_until(lambda: not spool.waiting())


def test_what_the_log_has_not_taken_at_the_end_is_written_down(spool, caplog):
    memory = Memory()
    spool.add(line(0))
    memory.add(line(1))
    memory.add(line(2))
    kept = [each.decode() for each in memory.waiting()]
    teller = ActTeller([spool, memory], ActSender("here", FakeProducer(unflushed=1)))
    teller.start()
    teller.stop()
    told = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    by_hand = f"ledgerctl audit send --file {spool.path}"
    waits = f"acts in {spool.path} are not in the log: the next start sends them, or {by_hand}"
    assert told == [waits, *(f"{UNKEPT}{each}" for each in kept)]
    assert len(spool.waiting()) == 1


def test_a_file_that_cannot_be_read_holds_nothing_else_up(spool, caplog):
    spool.path.mkdir()
    memory = Memory()
    memory.add(line(0))
    producer = FakeProducer()
    teller = ActTeller([spool, memory], ActSender("here", producer))
    teller.start()
    teller.stop()
    assert len(producer.records) == 1
    assert memory.left() == []
    assert f"{spool.path} cannot be read" in caplog.text
