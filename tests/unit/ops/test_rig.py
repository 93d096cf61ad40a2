"""The rig: status files as they are written, and waiting that ends; answers; topics made ready."""

import threading
from types import SimpleNamespace

import pytest
from confluent_kafka import KafkaError

from ops import answers, rig, topic_setup
from ops.answers import Answers, key_tag, result_tag
from schemas.codec import encode
from schemas.messages.results import Result
from schemas.messages.vocabulary import Outcome, Stage
from tests.unit.ops.kafka_doubles import FakeConsumer, FakeMessage, trouble
from topics.plan import CreateTopic


@pytest.fixture
def stack(tmp_path):
    return SimpleNamespace(layout=SimpleNamespace(state=tmp_path))


def status(stack, text):
    folder = stack.layout.state / "worker-1"
    folder.mkdir(exist_ok=True)
    (folder / "status.json").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("text", [None, "", '{"partitions": {'])
def test_a_status_that_is_not_there_yet_is_empty(stack, text):
    if text is not None:
        status(stack, text)
    assert rig.status_of(stack, "worker-1") == {}
    assert rig.running_partitions(stack, "worker-1") == 0


def test_running_partitions_are_counted(stack):
    status(stack, '{"partitions": {"0": {"state": "running"}, "1": {"state": "halted"}, "2": {}}}')
    assert rig.running_partitions(stack, "worker-1") == 1


def test_waiting_ends_at_once_when_it_is_so():
    assert rig.wait_for("it", lambda: True, 0.0) < 1.0


def test_waiting_in_vain_names_what_for():
    with pytest.raises(TimeoutError, match="waited 0 s in vain for a miracle"):
        rig.wait_for("a miracle", lambda: False, 0.0)


def test_waiting_looks_again(monkeypatch):
    naps, said = [], iter((False, False, True))
    monkeypatch.setattr(rig, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=naps.append))
    rig.wait_for("it", lambda: next(said), 1.0)
    assert naps == [rig.POLL_S] * 2


def test_processes_get_the_variables_of_whoever_asks(monkeypatch):
    spec = SimpleNamespace(name="worker-1", argv=("run",), env={"A": "1", "B": "2"})
    monkeypatch.setattr(rig.workers, "worker", lambda *given, job: spec)
    monkeypatch.setattr(rig.workers, "sink", lambda *given: spec)
    managed = SimpleNamespace(endpoints=None, layout=None, manage=lambda *given: given)
    assert rig.start_worker(managed, "worker-1", {"B": "3"}, "policy") == (
        "worker-1", ("run",), {"A": "1", "B": "3"}, "policy",
    )  # fmt: skip
    assert rig.start_sink(managed, "redis") == ("worker-1", ("run",), {"A": "1", "B": "2"})


def result(command_id):
    made = Result("w", command_id, Outcome.ACCEPTED, None, "", Stage.FINAL, 0, 1, None, 1)
    return FakeMessage(value=encode(made))


def test_an_answer_is_known_by_its_command_id_or_its_key():
    assert result_tag(result("c7")) == "c7"
    assert key_tag(FakeMessage(key=b"c7")) == "c7"
    assert key_tag(FakeMessage()) == ""


def test_answers_are_matched_with_what_was_sent(monkeypatch):
    ready = threading.Event()

    class Waiting(FakeConsumer):
        def consume(self, count, timeout):
            ready.wait(10)
            return super().consume(count, timeout)

    away = trouble(KafkaError._TRANSPORT)
    batches = [result("a"), result("unknown"), away], [result("b"), result("a")]
    consumer = Waiting({0: 4, 1: 9}, *batches)
    monkeypatch.setattr(answers, "Consumer", consumer)
    heard = Answers("nowhere", "t", result_tag)
    assert consumer.assigned == [("t", 0, 4), ("t", 1, 9)]  # from now on
    heard.sent("a", 1.0)
    heard.sent("b", 2.0)
    assert heard.waiting == 2
    ready.set()
    heard.wait(10)
    heard.close()
    assert [(each.tag, each.due) for each in heard.taken] == [("a", 1.0), ("b", 2.0)]
    assert consumer.closed


def test_an_answer_that_stays_away_is_told(monkeypatch):
    monkeypatch.setattr(answers, "Consumer", FakeConsumer({0: 0}))
    heard = Answers("nowhere", "t", result_tag)
    heard.sent("a", 1.0)
    with pytest.raises(TimeoutError, match="an answer to every command"):
        heard.wait(0.0)
    heard.close()


def test_topics_are_made_by_the_catalogues_plan(monkeypatch):
    applied = []
    monkeypatch.setattr(topic_setup, "describe", lambda bootstrap: "cluster")
    planned = SimpleNamespace(actions=["create"])
    monkeypatch.setattr(topic_setup, "plan", lambda found, partitions: planned)
    monkeypatch.setattr(topic_setup, "apply", lambda where, actions: applied.append(actions))
    topic_setup.prepare("h:1", 8)
    topic_setup.create_plain("h:1", ("x", "y"), 3)
    assert applied == [["create"], [CreateTopic("x", 3, 1, {}), CreateTopic("y", 3, 1, {})]]
