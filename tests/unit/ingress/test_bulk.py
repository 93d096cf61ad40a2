"""A file of items: read, sent whole or one by one under the same names, and summed up."""

import json

import pytest

from ingress.sdk import (
    BulkAnswers,
    BulkItem,
    BulkTransfer,
    CommandRefusedError,
    LineRefusedError,
    Outcome,
    RejectionReason,
    Transfer,
    one_by_one,
    read_items,
    stamp,
    whole,
)
from ingress.sdk.fields import check_command
from ingress.sdk.jsonl import read_line, to_line
from tests.unit.ingress.answers import answer

ITEMS = (BulkItem("w-2", "EUR", 1250, "May, ann"), BulkItem("w-3", "JPY", 7, "May, bob"))
LINES = (
    '{"to_wallet_id":"w-2","currency":"EUR","amount":"12.50","reference":"May, ann"}\n',
    "# who is paid in yen\n",
    "\n",
    '{"to_wallet_id":"w-3","currency":"JPY","amount":"7","reference":"May, bob"}\n',
)


def test_a_file_of_items_is_read():
    assert read_items(LINES, "wages.jsonl") == ITEMS


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "wages.jsonl:1: line: not JSON"),
        ("[]", "wages.jsonl:1: item: is an object of to_wallet_id, currency, amount, reference"),
        ('{"to_wallet_id":"w"}', "wages.jsonl:1: item: is an object of"),
        (LINES[0].replace("EUR", "EUX"), "wages.jsonl:1: item.currency: 'EUX' is not a known"),
        (LINES[0].replace('"EUR"', "978"), "wages.jsonl:1: item.currency: 978 is not a known"),
        (LINES[0].replace("12.50", "12.505"), "wages.jsonl:1: item.amount: "),
        (LINES[0].replace('"12.50"', "12.5"), "wages.jsonl:1: item.amount: "),
    ],
)
def test_a_bad_line_is_named(line, why):
    with pytest.raises(LineRefusedError) as caught:
        read_items([line], "wages.jsonl")
    assert why in str(caught.value)


def test_whole_it_is_one_command():
    command = whole("wages", "w-1", ITEMS)
    assert (command.command_id, command.wallet_id) == ("wages", "w-1")
    assert command.body == BulkTransfer(ITEMS)


def test_one_by_one_each_has_an_id_of_its_own_and_always_the_same():
    commands = one_by_one("wages", "w-1", ITEMS)
    assert [each.command_id for each in commands] == ["wages.0", "wages.1"]
    assert [each.body for each in commands] == [
        Transfer("w-2", "EUR", 1250),
        Transfer("w-3", "JPY", 7),
    ]
    again = one_by_one("wages", "w-1", ITEMS)
    assert [(each.command_id, each.body) for each in again] == [
        (each.command_id, each.body) for each in commands
    ]


@pytest.mark.parametrize("bulk_id", ["", "a b", "x" * 64])
def test_a_bad_name_is_refused(bulk_id):
    with pytest.raises(CommandRefusedError):
        one_by_one(bulk_id, "w-1", ITEMS)


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ((), "items"),
        ([ITEMS[0]], "items"),
        (("w-2",), "items[0]"),
        ((ITEMS[0], BulkItem("w 2", "EUR", 1, "r")), "items[1].to_wallet_id"),
        ((BulkItem("w-2", "EUX", 1, "r"),), "items[0].currency"),
        ((BulkItem("w-2", "EUR", 0, "r"),), "items[0].amount"),
        ((BulkItem("w-2", "EUR", 1, ""),), "items[0].reference"),
        ((BulkItem("w-2", "EUR", 1, "r"), BulkItem("w-3", "EUR", 1, "r")), "items"),
    ],
)
def test_a_bad_item_is_named(items, field):
    with pytest.raises(CommandRefusedError) as caught:
        check_command(stamp("w-1", BulkTransfer(items)))
    assert caught.value.field == field


def test_as_a_line_it_comes_back():
    command = whole("wages", "w-1", ITEMS)
    line = to_line(command)
    assert json.loads(line)["items"][1] == {
        "to_wallet_id": "w-3",
        "currency": "JPY",
        "amount": "7",
        "reference": "May, bob",
    }
    assert read_line(line).body == command.body
    with pytest.raises(CommandRefusedError, match="items: is a list"):
        read_line('{"type":"BulkTransfer","wallet_id":"w-1","items":"w-2"}')


def test_the_answers_are_summed_up_and_refusals_named():
    answers = BulkAnswers(ITEMS, "wages")
    assert answers.outstanding == 2
    answers.take(answer("wages.0"))
    answers.take(answer("wages.1", Outcome.REJECTED, RejectionReason.CURRENCY_NOT_HELD, "JPY"))
    assert answers.outstanding == 0
    assert answers.outcomes == {"ACCEPTED": 1, "REJECTED": 1}
    assert answers.refused == [(1, "May, bob", "CURRENCY_NOT_HELD", "JPY")]
