"""Commands as lines of JSON: read, written, and refused by file, line and field."""

import json

import pytest

from ingress.sdk import (
    Authentication,
    Authority,
    AvailableAtLeast,
    BookTreasury,
    CancelSchedule,
    CaptureHold,
    ChangeCreditLimit,
    CommandRefusedError,
    CompleteSchedule,
    Convert,
    CreateSchedule,
    LineRefusedError,
    MoveToPot,
    OpenWallet,
    Origin,
    PauseSchedule,
    PlaceHold,
    Recurrence,
    ReleaseEscrow,
    RequestMoney,
    ResumeSchedule,
    ScheduledKind,
    SweepResidual,
    Tier,
    TopUp,
    Transfer,
    TreasuryFlow,
    VoidHold,
    WalletCommand,
    WalletKind,
    WalletSequenceIs,
    stamp,
)
from ingress.sdk.jsonl import read_line, read_lines, to_line

TRANSFER = {
    "type": "Transfer",
    "wallet_id": "w-1",
    "to_wallet_id": "w-2",
    "currency": "EUR",
    "amount": "12.50",
}


def line(**change):
    changed = {**TRANSFER, **change}
    return json.dumps({name: value for name, value in changed.items() if value is not None})


def test_an_amount_is_read_into_minor_units_of_its_currency():
    assert read_line(line()).body == Transfer("w-2", "EUR", 1250)
    assert read_line(line(currency="JPY", amount="12")).body == Transfer("w-2", "JPY", 12)
    assert read_line(line(currency="KWD", amount="1.234")).body == Transfer("w-2", "KWD", 1234)


def test_id_and_time_are_stamped_unless_given():
    assert len(read_line(line()).command_id) == 36
    given = read_line(line(command_id="c-1", issued_at=7))
    assert (given.command_id, given.issued_at) == ("c-1", 7)


@pytest.mark.parametrize(
    "body",
    [
        OpenWallet(WalletKind.MERCHANT, Tier.ENHANCED, ("EUR", "JPY")),
        TopUp("EUR", 10_000, "card", "psp-1"),
        Transfer("w-2", "KWD", 1),
        PlaceHold("w-2", "EUR", 5_000, None),
        PlaceHold("w-2", "EUR", 5_000, 60),
        CaptureHold("h-1", 10, keep_open=True),
        VoidHold("h-1"),
        ReleaseEscrow("e-1", 5),
        RequestMoney("w-2", "JPY", 5, 60),
        MoveToPot(3, "EUR", 5),
        ChangeCreditLimit("EUR", 0),
        ChangeCreditLimit("JPY", 500),
        CreateSchedule(ScheduledKind.TRANSFER, "w-2", "JPY", 5, 7, Recurrence.ONCE),
        CreateSchedule(
            ScheduledKind.BILL, "water", "EUR", 5, 7, Recurrence.MONTHLY, 2, "2026/11", 12, 99, 3
        ),
        CancelSchedule("rent", "moved out"),
        PauseSchedule("rent"),
        ResumeSchedule("rent"),
        CompleteSchedule("rent"),
    ],
    ids=lambda body: type(body).__name__,
)
def test_what_is_written_is_read_again(body):
    again = read_line(to_line(stamp("w-1", body, command_id="c-1"), "EUR"))
    assert again.body == body
    assert (again.wallet_id, again.command_id) == ("w-1", "c-1")


@pytest.mark.parametrize(
    ("text", "field", "why"),
    [
        (line(amount=12.5), "amount", "decimal text such as 12.30, not a float"),
        (line(amount=12), "amount", "not a int"),
        (line(amount="12,50"), "amount", "is not decimal text"),
        (line(amount="1e3"), "amount", "is not decimal text"),
        (line(amount="12.505"), "amount", "3 decimal digits, EUR has 2"),
        (line(amount="0"), "amount", "0 is not above 0"),
        (line(amount="-1"), "amount", "is not above 0"),
        (line(amount="99999999999999999999"), "amount", ""),
        (line(amount=None), "amount", "is missing"),
        (line(currency="EUX"), "currency", "'EUX' is not a known currency code"),
        (line(currency=None), "currency", "is missing"),
        (line(wallet_id=""), "wallet_id", "is empty"),
        (line(wallet_id=None), "wallet_id", "is missing"),
        (line(to_wallet_id="w 2"), "to_wallet_id", "is not an id"),
        (line(type="Paid"), "type", "'Paid' is not one of OpenWallet"),
        (line(type=None), "type", "None is not one of"),
        (line(memo="hi"), "memo", "unknown here; known: type, wallet_id"),
        (line(issued_at="now"), "issued_at", "microseconds"),
        (line(command_id=5), "command_id", "is not an id"),
        ('{"type":"VoidHold","type":"VoidHold"}', "type", "is given twice"),
        ("{", "line", "not JSON"),
        ("[]", "line", "a command is a JSON object"),
        (" " + "x" * 70_000, "line", "at most 65536"),
        (
            '{"type":"OpenWallet","wallet_id":"w","kind":"X","tier":"BASIC","currencies":["EUR"]}',
            "kind",
            "WalletKind (CUSTOMER, MERCHANT, TREASURY)",
        ),
        (
            '{"type":"OpenWallet","wallet_id":"w","kind":"CUSTOMER","tier":"BASIC","currencies":"EUR"}',
            "currencies",
            "1 to 16",
        ),
        (
            '{"type":"CaptureHold","wallet_id":"w","hold_id":"h","amount":"5"}',
            "currency",
            "is missing",
        ),
    ],
)
def test_a_bad_line_names_its_field(text, field, why):
    with pytest.raises(CommandRefusedError) as caught:
        read_line(text)
    assert caught.value.field == field
    assert why in str(caught.value)


def test_a_bad_line_of_a_file_names_file_and_line():
    text = ["# a comment", "", line(), line(amount=0.1)]
    with pytest.raises(LineRefusedError, match=r"^day\.jsonl:4: amount: an amount is decimal text"):
        list(read_lines(text, "day.jsonl"))


def test_comments_and_empty_lines_are_skipped():
    assert len(list(read_lines(["# one", "  ", line(), line()], "day.jsonl"))) == 2


@pytest.mark.parametrize(
    "body",
    [
        Convert("EUR", "JPY", 12_34, 2_000, 10**9, "q", 7),
        BookTreasury(TreasuryFlow.F15_2, "USD", 5, "r", "b1", None, None, "JPY", 77),
        BookTreasury(TreasuryFlow.F1_2, "EUR", 500, "r", "b1", "card", 14),
        SweepResidual("EUR", Authority.COMPLIANCE),
    ],
)
def test_each_amount_is_read_in_its_own_currency(body):
    command = WalletCommand("c", "w-1", 1, body)
    assert read_line(to_line(command)).body == body


def test_an_amount_names_its_own_currency_when_it_is_missing():
    line = (
        '{"type":"Convert","wallet_id":"w","from_currency":"EUR","to_currency":"XXX",'
        '"sell_amount":"1.00","buy_amount":"1","mid_e9":1,"quote_id":"q","quote_expires_at":1}'
    )
    with pytest.raises(CommandRefusedError) as caught:
        read_line(line)
    assert caught.value.field == "to_currency"


CONDITIONS = [{"available": "40.00", "currency": "EUR"}, {"sequence": 7}]


def test_conditions_are_read_and_written():
    command = read_line(line(conditions=CONDITIONS))
    assert command.conditions == (AvailableAtLeast("EUR", 40_00), WalletSequenceIs(7))
    assert read_line(to_line(command)).conditions == command.conditions
    assert "conditions" not in to_line(read_line(line()))


@pytest.mark.parametrize(
    ("conditions", "field", "why"),
    [
        ({"sequence": 7}, "conditions", "is a list"),
        ([7], "conditions[0]", "is {"),
        ([{"sequence": 7, "available": "1"}], "conditions[0]", "is {"),
        ([{"sequence": 1}, {"available": "1"}], "conditions[1]", "is {"),
        ([{"sequence": -1}], "conditions[0].sequence", "0 or more"),
        ([{"sequence": "7"}], "conditions[0].sequence", "is not a whole number"),
        ([{"available": 4, "currency": "EUR"}], "conditions[0].available", "not a int"),
        ([{"available": "-4", "currency": "EUR"}], "conditions[0].amount", "0 or more"),
        ([{"available": "4", "currency": "EUX"}], "conditions[0].currency", "not a known"),
        ([{"sequence": 7}] * 9, "conditions", "at most 8"),
    ],
)
def test_a_bad_condition_is_named(conditions, field, why):
    with pytest.raises(CommandRefusedError) as caught:
        read_line(line(conditions=conditions))
    assert caught.value.field == field
    assert why in str(caught.value)


def test_a_dry_run_is_read_and_written():
    command = read_line(line(dry_run=True))
    assert command.dry_run is True
    assert read_line(to_line(command)).dry_run is True
    assert "dry_run" not in to_line(read_line(line()))
    with pytest.raises(CommandRefusedError, match="dry_run: 'yes' is neither true nor false"):
        read_line(line(dry_run="yes"))


ORIGIN = {
    "instrument": "tok_1",
    "device_id": "phone",
    "country": "NL",
    "mcc": "5411",
    "authentication": "STRONG",
}


def test_an_origin_is_read_and_written():
    command = read_line(line(origin={"instrument": "tok_1"}))
    assert command.origin == Origin("tok_1")
    assert read_line(to_line(command)).origin == command.origin
    assert read_line(line(origin={})).origin == Origin()
    whole = read_line(line(origin=ORIGIN))
    assert whole.origin == Origin("tok_1", "phone", "NL", "5411", Authentication.STRONG)
    assert json.loads(to_line(whole))["origin"] == ORIGIN
    assert "origin" not in to_line(read_line(line()))


@pytest.mark.parametrize(
    ("origin", "field"),
    [
        ("tok_1", "origin"),
        ([], "origin"),
        ({"card": "4111"}, "origin.card"),
        ({"instrument": 4111}, "origin.instrument"),
        ({"instrument": "x" * 65}, "origin.instrument"),
        ({"instrument": "a\nb"}, "origin.instrument"),
        ({"device_id": "d" * 65}, "origin.device_id"),
        ({"country": "nl"}, "origin.country"),
        ({"country": 31}, "origin.country"),
        ({"mcc": "541"}, "origin.mcc"),
        ({"authentication": "WEAK"}, "origin.authentication"),
    ],
)
def test_a_bad_origin_is_named(origin, field):
    with pytest.raises(CommandRefusedError) as refused:
        read_line(line(origin=origin))
    assert refused.value.field == field
