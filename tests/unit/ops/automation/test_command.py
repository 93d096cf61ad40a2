"""`ledgerctl automation`: what is shown, and what is sent."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from ops.automation import command, sending
from ops.automation.document import rules_of
from ops.cli import main
from schemas.codec import decode, encode
from schemas.messages.automation import ActivateRules
from schemas.messages.commands import CaptureHold, TopUp
from tests.unit.ops.kafka_doubles import FakeProducer
from tests.unit.streams.automation.watched import SECOND, Watched, rule, sweep
from topics.catalog import AUTOMATION_RULES

EXAMPLES = Path(__file__).parents[4] / "ops/automation/examples"
PREFUNDING = str(EXAMPLES / "prefunding.json")


@pytest.fixture
def day():
    town = Watched(rule(cooldown_s=20), sweep(to="ann"))
    for number in range(3):
        town.command("ann", TopUp("EUR", 60_00 + number, "card", f"top-{number}"))
        town.pay(town.available("ann") - 1)
        town.wait(30 * SECOND)
        town.pay(50_00, "bob", "ann")
    return town


@pytest.fixture
def broker(monkeypatch, tmp_path, day):
    """A broker of two partitions, with a log and the notices of a day."""
    producer = FakeProducer()
    settings = SimpleNamespace(broker=lambda: "here:1", state_dir=tmp_path)
    decisions = [SimpleNamespace(decision=each) for each in day.writer.decisions]
    notices = [SimpleNamespace(value=encode(each), partition=0) for each in day.notices * 2]
    reader = SimpleNamespace(partitions=1, close=lambda: None)
    monkeypatch.setattr(command, "read_settings", lambda: settings)
    monkeypatch.setattr(command, "TopicReader", lambda address, topic: reader)
    monkeypatch.setattr(command, "read_log", lambda address: decisions)
    monkeypatch.setattr(command, "read_topic", lambda address, topic: notices)
    monkeypatch.setattr(sending, "producer_for", lambda address: producer)
    monkeypatch.setattr(sending, "partition_count", lambda *asked: 2)
    return SimpleNamespace(producer=producer, folder=tmp_path)


def test_check_says_what_a_document_means(capsys):
    assert main(["automation", "check", PREFUNDING]) == 0
    shown = capsys.readouterr().out
    assert "BANK.SAFE of payouts: balance below 50000.00 EUR" in shown
    assert "rules prefunding-1 (" in shown


def test_check_as_json_says_the_same(capsys):
    assert main(["automation", "check", PREFUNDING, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["rule"], row["cool-down"]) == ("prefunding-low", "3600 s")
    assert row["then"] == "notice FUND, to the level of 200000.00 EUR"


def test_check_of_a_wrong_document_is_a_usage_error(tmp_path, capsys):
    file = tmp_path / "r.json"
    file.write_text('{"version": "v", "rules": [{}]}')
    assert main(["automation", "check", str(file)]) == 2
    assert "r.json: rules[0].rule_id: is missing" in capsys.readouterr().err


def low(tmp_path):
    file = tmp_path / "low.json"
    watch = {"account": "W.AVL", "currency": "EUR"}
    notice = {"notice": "LOW"}
    capture = {"type": "CaptureHold", "hold_id": "h", "currency": "EUR", "amount": "1.00"}
    rules = [
        {"rule_id": "low", "watch": watch, "when": [{"feature": "balance", "high": "10"}]},
        {"rule_id": "high", "watch": watch, "when": [{"feature": "balance", "low": "100"}]},
        {"rule_id": "never", "watch": watch, "when": [{"feature": "balance", "low": "99999"}]},
    ]
    thens = notice, {"command": {**capture}}, notice
    whole = [{**each, "then": then} for each, then in zip(rules, thens, strict=True)]
    file.write_text(json.dumps({"version": "v", "rules": whole}))
    return str(file)


def test_check_on_the_log_says_what_would_have_been_raised(broker, tmp_path, capsys):
    assert main(["automation", "check", low(tmp_path), "--log"]) == 0
    shown = capsys.readouterr().out
    assert CaptureHold.__name__ in shown
    counts = dict(reversed(line.split()) for line in shown.splitlines()[-3:])
    assert counts["never"] == "0"
    assert int(counts["low"]) >= 3
    assert int(counts["high"]) >= 1
    assert broker.producer.records == []


def test_check_on_the_log_as_json_is_bounded(broker, tmp_path, capsys):
    assert main(["automation", "check", low(tmp_path), "--log", "--json", "--limit", "2"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 2


@pytest.mark.parametrize(("flags", "begins"), [((), "flowchart LR"), (("--bpmn",), "<?xml")])
def test_draw_prints_a_diagram(capsys, flags, begins):
    assert main(["automation", "draw", PREFUNDING, *flags]) == 0
    assert capsys.readouterr().out.startswith(begins)


def test_activate_shows_its_plan_and_sends_nothing(broker, capsys):
    assert main(["automation", "activate", PREFUNDING]) == 0
    shown = capsys.readouterr().out
    assert "activate rules prefunding-1" in shown
    assert shown.count("on partition") == 2
    assert broker.producer.records == []


def test_activate_writes_one_record_per_partition_and_a_note(broker, capsys):
    asked = ["--execute", "--reason", "liquidity", "--control-id", "c-1"]
    assert main(["automation", "activate", PREFUNDING, *asked]) == 0
    places = [(topic, key, part) for topic, key, _, part in broker.producer.records]
    assert places == [(AUTOMATION_RULES.name, b"0", 0), (AUTOMATION_RULES.name, b"1", 1)]
    control = decode(ActivateRules, broker.producer.records[0][2])
    assert (control.control_id, control.rules) == ("c-1", rules_of(Path(PREFUNDING)))
    assert "liquidity" in (broker.folder / "operations.jsonl").read_text()


def test_activate_needs_a_reason(broker, capsys):
    assert main(["automation", "activate", PREFUNDING, "--execute"]) == 2
    assert "--reason" in capsys.readouterr().err


def test_an_activation_that_is_not_acknowledged_is_told(broker, capsys):
    broker.producer.unflushed = 1
    assert main(["automation", "activate", PREFUNDING, "--execute", "--reason", "x"]) == 1
    assert "not acknowledged" in capsys.readouterr().err


def test_notices_are_told_once_each(broker, day, capsys):
    assert main(["automation", "notices", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == len(day.notices)
    assert {row["kind"] for row in rows} == {"RULES_TAKEN", "RAISED", "COMMAND_REFUSED"}
    assert rows[0]["says"] == "rules v1"
    assert next(row for row in rows if row["kind"] == "RAISED")["balance"].endswith(" EUR")
