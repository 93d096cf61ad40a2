"""`ledgerctl feed --bulk`: a file of items, whole or one by one, and what is said of answers."""

import click
import pytest

from ingress.sdk import BulkItem, Outcome, RejectionReason
from ops.cli import main
from ops.feed.bulk import Answers, Bulk, bulk_of, commands_of
from tests.unit.ingress.answers import answer

ITEMS = (BulkItem("w-2", "EUR", 1, "ann"), BulkItem("w-3", "EUR", 2, "bob"))


def test_options_go_together():
    assert bulk_of(None, None, is_whole=False) is None
    assert bulk_of("b", "w-1", is_whole=True) == Bulk("b", "w-1", is_whole=True)
    for bulk_id, wallet_id, is_whole in (
        ("b", None, False),
        (None, "w", False),
        (None, None, True),
    ):
        with pytest.raises(click.UsageError, match="go together"):
            bulk_of(bulk_id, wallet_id, is_whole=is_whole)


def test_one_by_one_each_refused_item_has_a_row():
    bulk = Bulk("b", "w-1", is_whole=False)
    assert [each.command_id for each in commands_of(bulk, ITEMS)] == ["b.0", "b.1"]
    answers = Answers(bulk, ITEMS)
    answers.take(answer("b.0"))
    answers.take(answer("b.1", Outcome.REJECTED, RejectionReason.INSUFFICIENT_FUNDS, "EUR"))
    assert answers.refused() == [
        {"item": "1", "reference": "bob", "reason": "INSUFFICIENT_FUNDS", "detail": "EUR"}
    ]


def test_whole_a_refusal_is_that_of_all():
    bulk = Bulk("b", "w-1", is_whole=True)
    (command,) = commands_of(bulk, ITEMS)
    assert command.body.items == ITEMS
    answers = Answers(bulk, ITEMS)
    answers.take(answer("b"))
    assert answers.refused() == []
    answers.take(answer("b", Outcome.REJECTED, RejectionReason.LIMIT_WINDOW, "items[1]: day_out"))
    assert answers.refused() == [
        {"item": "all", "reference": "", "reason": "LIMIT_WINDOW", "detail": "items[1]: day_out"}
    ]


def test_a_bad_item_is_named_before_any_broker_is_asked(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LEDGER_KAFKA", "127.0.0.1:1")
    file = tmp_path / "wages.jsonl"
    file.write_text('{"to_wallet_id":"w-2"}\n')
    assert main(["feed", str(file), "--bulk", "b", "--wallet-id", "w-1"]) == 2
    assert f"{file}:1: item: is an object of" in capsys.readouterr().err
    assert main(["feed", str(file), "--bulk", "b"]) == 2
    assert "go together" in capsys.readouterr().err


def test_items_are_typed_as_json(capsys, monkeypatch):
    monkeypatch.setenv("LEDGER_KAFKA", "127.0.0.1:1")
    send = ["send", "BulkTransfer", "--wallet-id", "w-1"]
    assert main([*send, 'items=[{"to_wallet_id":"w-2"}]']) == 2
    assert "items[0]: is an object of" in capsys.readouterr().err
    assert main([*send, "items=w-2"]) == 2
    assert "items: is a list" in capsys.readouterr().err
