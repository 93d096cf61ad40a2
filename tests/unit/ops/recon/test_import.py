"""`ledgerctl recon import`: all of a file or nothing, once, and findings first."""

import json

import pytest
from confluent_kafka import KafkaError, KafkaException

from ops.cli import main
from ops.recon import sending
from schemas.codec import decode
from schemas.messages.external import StatementPart
from schemas.messages.recon import ReconEvent
from tests.support.bank_files import CAMT, FOLDER, MT940
from topics.catalog import EXTERNAL_STATEMENTS
from topics.partitioning import partition_of_key

PARTITIONS = 4


class Broker:
    """One topic: what was committed, and who holds the transactional id."""

    def __init__(self):
        self.committed = []
        self.events = []  # of recon.events.v1
        self.holder = None
        self.inits = 0
        self.down = False


class Client:
    """As much of the transactional producer as taking in a file needs."""

    def __init__(self, broker, config):
        assert config["transactional.id"] == sending.TRANSACTIONAL_ID
        self.broker = broker
        self.open = None

    def init_transactions(self, timeout):
        if self.broker.down:
            raise KafkaException(KafkaError(KafkaError._ALL_BROKERS_DOWN))
        self.broker.inits += 1
        self.broker.holder = self

    def begin_transaction(self):
        self.open = []

    def produce(self, topic, value, key, partition):
        assert partition == partition_of_key(key, PARTITIONS)
        self.open.append((topic, key, value))

    def poll(self, timeout):
        return 0

    def commit_transaction(self, timeout):
        if self.broker.holder is not self:
            raise KafkaException(KafkaError(KafkaError._FENCED))
        for topic, key, value in self.open:
            kept = {EXTERNAL_STATEMENTS.name: self.broker.committed}.get(topic, self.broker.events)
            kept.append((key, value))


class Reader:
    def __init__(self, broker):
        self.records = [type("R", (), {"value": value}) for _, value in broker.committed]

    def read(self):
        return iter(self.records)

    def close(self):
        pass


@pytest.fixture
def broker(monkeypatch, tmp_path):
    made = Broker()
    monkeypatch.setattr(sending, "Producer", lambda config: Client(made, config))
    monkeypatch.setattr(sending, "partition_count", lambda *_: PARTITIONS)
    monkeypatch.setattr(sending, "TopicReader", lambda *_: Reader(made))
    monkeypatch.setenv("LEDGER_KAFKA", "there:9092")
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    return made


def run(name, *options):
    return main(["recon", "import", str(FOLDER / name), *options])


def do(name, *options):
    return run(name, "--execute", "--reason", "daily", *options)


def test_without_execute_only_the_plan_is_told(broker, capsys):
    assert run(CAMT) == 0
    said = capsys.readouterr().out
    assert "STATEMENT S-41 of DE02120300000000202051: 4 lines" in said
    assert "1 records to external.statements.v1, in one transaction" in said
    assert "add --execute" in said
    assert broker.committed == []


def test_a_file_is_taken_in_once(broker, capsys, tmp_path):
    assert do(CAMT) == 0
    ((key, value),) = broker.committed
    assert broker.events == []  # nothing was found about it
    part = decode(StatementPart, value)
    assert key == b"DE02120300000000202051"
    assert [each.minor for each in part.lines] == [10_000, 20_000, -5_950, 0]
    (noted,) = (tmp_path / "operations.jsonl").read_text().splitlines()
    assert json.loads(noted)["what"].startswith(f"take in {CAMT}, {part.fingerprint}")
    capsys.readouterr()
    assert do(CAMT) == 0
    assert "taken in before: nothing to do" in capsys.readouterr().out
    assert len(broker.committed) == 1


def test_a_plan_fences_nobody(broker):
    running = sending.Intake("somewhere")
    assert broker.inits == 1
    main(["recon", "import", str(FOLDER / MT940)])
    assert broker.inits == 1
    running.take_in([])


def test_execute_wants_a_reason(broker):
    assert run(CAMT, "--execute") == 2
    assert broker.inits == 0


def test_findings_stop_it_until_somebody_says_otherwise(broker, capsys):
    assert do(MT940) == 1
    assert "BalanceAbsent" in capsys.readouterr().out
    assert broker.committed == []
    assert do(MT940, "--despite-findings") == 0
    assert [decode(StatementPart, value).findings for _, value in broker.committed] == [
        ("BalanceAbsent",),
        ("BalanceAbsent",),
    ]
    opened = [decode(ReconEvent, value).body for _, value in broker.events]
    assert {each.kind for each in opened} == {"STATEMENT_ARITHMETIC"}
    assert [key.decode() for key, _ in broker.events] == [each.case_id for each in opened]


def test_an_unreadable_file_reaches_no_broker(broker, tmp_path, capsys):
    broken = tmp_path / "broken.xml"
    broken.write_bytes((FOLDER / CAMT).read_bytes()[:900])
    assert main(["recon", "import", str(broken), "--execute", "--reason", "daily"]) == 2
    assert "line " in capsys.readouterr().err
    assert (broker.inits, broker.committed) == (0, [])


def test_who_was_fenced_takes_nothing_in(broker):
    first = sending.Intake("there:9092")
    sending.Intake("there:9092")
    with pytest.raises(sending.TopicRefusedError, match="run it again"):
        first.take_in([])
    assert broker.committed == []


def test_a_broker_that_is_away_is_exit_3(broker, capsys):
    broker.down = True
    assert do(CAMT) == 3
    assert "no Kafka broker answers at there:9092" in capsys.readouterr().err
