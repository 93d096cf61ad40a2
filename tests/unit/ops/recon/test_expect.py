"""`recon expect`: the plan of a run, and its events in the partitions of their exceptions."""

import pytest

from ops.cli import main
from ops.recon import expect
from ops.recon.found import Found
from schemas.codec import decode
from schemas.messages.recon import ReconEvent
from streams.reconciliation.external.exceptions.workflow import State
from streams.reconciliation.external.run import run_of
from tests.support.outside_days import BOOK, World
from topics.partitioning import partition_of_key

PARTITIONS = 4
NOON = 1_773_000_000_000_000


class Broker:
    """recon.events.v1 in memory, and a world outside."""

    def __init__(self):
        self.records = []
        self.world = World()

    def read_found(self, _address):
        found = Found()
        for _, value, partition in self.records:
            found.take(decode(ReconEvent, value), partition)
        return found, PARTITIONS

    def read_run(self, _address, _days, _book, _parts):
        return run_of(self.world.expected, self.world.statements(), BOOK, self.world.today)

    def deliver(self, _producer, _topic, records):
        self.records += records


@pytest.fixture
def broker(monkeypatch, tmp_path):
    made = Broker()
    for name in ("read_found", "read_run", "deliver"):
        monkeypatch.setattr(expect, name, getattr(made, name))
    monkeypatch.setattr(expect, "producer_for", lambda _address: None)
    monkeypatch.setattr(expect, "read_parts", lambda _address, _until: [])
    monkeypatch.setattr(expect, "now_us", lambda: NOON)
    monkeypatch.setenv("LEDGER_KAFKA", "there:9092")
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    path = tmp_path / "rails.toml"
    path.write_text('[rails.sct]\naccount = "DE1"\nprocessor = "p"\nfee_bps = 140\n', "utf-8")
    made.rails = ("--rails", str(path))
    return made


def run(broker, *words):
    return main(["recon", "expect", *broker.rails, *words])


def do(broker):
    return run(broker, "--execute", "--reason", "evening")


def test_where_nothing_differs_there_is_nothing_to_do(broker, capsys):
    assert do(broker) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert broker.records == []


def test_a_plan_says_what_it_would_open_and_sends_nothing(broker, capsys):
    late = broker.world.lines.pop(3)
    broker.world.later(7)
    assert run(broker) == 0
    said = capsys.readouterr().out
    assert f"MISSING_EXTERNAL of {late.account}, w-3/t: MISSING: sct REF-000003" in said
    assert broker.records == []
    assert run(broker, "--execute") == 2
    assert broker.records == []


def test_what_is_missing_is_opened_and_ended_where_it_lies(broker, capsys):
    late = broker.world.lines.pop(3)
    broker.world.later(7)
    assert do(broker) == 0
    ((key, _, partition),) = broker.records
    assert partition == partition_of_key(key, PARTITIONS)
    broker.world.lines.append(late)
    assert do(broker) == 0
    assert "it differs no more" in capsys.readouterr().out
    assert [each[2] for each in broker.records] == [partition] * 2
    found = broker.read_found("")[0]
    (case,) = found.cases.by_id.values()
    assert (case.state, found.cases.misfits) == (State.RESOLVED, [])


def test_two_runs_at_once_say_it_once(broker):
    broker.world.lines.pop(3)
    broker.world.later(7)
    before = list(broker.records)
    do(broker)
    first = list(broker.records)
    broker.records = before
    do(broker)
    broker.records = first + broker.records
    found = broker.read_found("")[0]
    assert (len(found.cases.by_id), found.cases.misfits) == (1, [])
