"""`ledgerctl audit`: who did what is read from the chain, and a file is held against it."""

import json
from types import SimpleNamespace

import pytest

from ingress.sdk.errors import BrokerUnreachableError
from ops import operations
from ops.acts import command, sending
from ops.cli import main
from ops.dlq import acting_command
from ops.reading import raise_damage, sealed
from schemas.codec import decode
from schemas.messages.control import Control
from tests.support.checked import log_records
from tests.support.writers import Writer
from tests.unit.ops.kafka_doubles import FakeProducer
from topics.catalog import CONTROL


@pytest.fixture
def here(monkeypatch, tmp_path):
    """A ledger of one partition; what is sent to it, and its log."""
    world = SimpleNamespace(producer=FakeProducer(), file=tmp_path / operations.FILE, away=None)
    settings = SimpleNamespace(broker=lambda: "here", state_dir=tmp_path)
    world.settings = settings

    def producer(_):
        if world.away is not None:
            raise world.away
        return world.producer

    def log(_):
        writer = Writer(0, 1)
        for _, _, value, _ in world.producer.records:
            writer.say(value, b"0", CONTROL.name)
        writer.commit()
        return sealed(iter(log_records(writer)), raise_damage)

    for module in (command, sending):
        monkeypatch.setattr(module, "read_settings", lambda: settings)
    monkeypatch.setattr(command, "read_log", log)
    monkeypatch.setattr(sending, "actor_producer", producer)
    return world


def discard(monkeypatch, here, reason="nobody knows it"):
    """A mutation of ledgerctl that only records something."""
    letter = SimpleNamespace(
        letter=SimpleNamespace(reason=SimpleNamespace(name="UNREADABLE")), source=lambda: "there"
    )
    monkeypatch.setattr(acting_command, "read_settings", lambda: here.settings)
    monkeypatch.setattr(acting_command, "_found", lambda *_: letter)
    return main(["dlq", "discard", "0/1", "--execute", "--reason", reason])


def listed(capsys, *options):
    capsys.readouterr()
    assert main(["audit", "list", "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_mutation_is_in_the_chain_when_its_command_has_ended(here, monkeypatch, capsys):
    assert discard(monkeypatch, here, "Mr Smith called") == 0
    ((topic, key, value, number),) = here.producer.records
    assert (topic, key, number) == (CONTROL.name, b"0", 0)
    assert b"Smith" not in value
    act = decode(Control, value).body.act
    assert (act.verb, act.subject, act.request_id) == ("dlq.discard", "dlq", "0-1")
    assert (act.by, act.outcome, act.actor) == ("login", "DONE", operations.who())
    (row,) = listed(capsys, "--actor", operations.who())
    assert (row["verb"], row["sequence"], row["reason"]) == ("dlq.discard", 1, "Mr Smith called")
    assert listed(capsys, "--subject", "other") == []


def test_a_reason_whose_line_was_changed_is_not_shown_and_the_check_says_which(
    here, monkeypatch, capsys
):
    discard(monkeypatch, here)
    discard(monkeypatch, here)
    assert main(["audit", "check"]) == 0
    assert "2 lines, all in the chain" in capsys.readouterr().out
    here.file.write_text(here.file.read_text().replace("nobody knows it", "it was asked for", 1))
    assert [each["reason"] for each in listed(capsys)] == ["", "nobody knows it"]
    assert main(["audit", "check", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "lines": 2,
        "own": 0,
        "missing": [{"line": 1, "what": "not in the chain"}],
    }


def test_an_act_stays_done_while_the_log_is_away_and_its_record_comes_later(
    here, monkeypatch, capsys
):
    here.away = BrokerUnreachableError("here", "nobody there")
    assert discard(monkeypatch, here) == 0
    assert "not yet in the chain" in capsys.readouterr().err
    assert main(["audit", "check"]) == 1
    assert main(["audit", "send", "--execute", "--reason", "it is back"]) == 3
    here.away = None
    assert main(["audit", "send"]) == 0
    assert "send 1 lines" in capsys.readouterr().out
    assert here.producer.records == []
    assert main(["audit", "send", "--execute", "--reason", "it is back"]) == 0
    assert [each["verb"] for each in listed(capsys)] == ["dlq.discard", "audit.send"]
    assert main(["audit", "check"]) == 0
    assert main(["audit", "send"]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_the_next_mutation_sends_what_waited(here, monkeypatch, capsys):
    here.away = BrokerUnreachableError("here", "nobody there")
    discard(monkeypatch, here)
    here.away = None
    discard(monkeypatch, here)
    assert len(listed(capsys)) == 2


def test_an_act_whose_record_cannot_be_written_says_the_line_which_then_can_be_sent(
    here, monkeypatch, capsys, tmp_path
):
    here.file.mkdir()
    assert discard(monkeypatch, here) == 1
    told = capsys.readouterr().err
    assert f"{here.file} is not written" in told
    by_hand = tmp_path / "by-hand.jsonl"
    by_hand.write_text(told.splitlines()[-1] + "\n")
    here.file.rmdir()
    sent = ("audit", "send", "--file", str(by_hand), "--execute", "--reason", "disk was full")
    assert main(sent) == 0
    assert [each["verb"] for each in listed(capsys)] == ["dlq.discard", "audit.send"]


def test_lines_without_a_salt_are_counted_only(here, monkeypatch, capsys):
    here.file.write_text('{"at_us": 1, "what": "before"}\n')
    assert main(["audit", "check"]) == 0
    assert "0 lines, all in the chain; 1 for the file alone" in capsys.readouterr().out
    assert main(["audit", "list"]) == 0
    assert "nobody did anything" in capsys.readouterr().out
