"""`ledgerctl send`: what is typed in a shell becomes a command or names its field."""

import pytest

from ingress.sdk import CommandRefusedError, OpenWallet, PlaceHold, Tier, WalletKind
from ingress.sdk.jsonl import from_document
from ops.cli import main
from ops.send.arguments import conditions_of, document_of, origin_of


def body_of(kind, *fields):
    return from_document({**document_of(kind, fields), "wallet_id": "w-1"}).body


def test_lists_numbers_and_flags_are_typed_as_text():
    opened = body_of("OpenWallet", "kind=CUSTOMER", "tier=BASIC", "currencies=EUR,JPY")
    assert opened == OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR", "JPY"))
    held = body_of("PlaceHold", "to_wallet_id=w-2", "currency=EUR", "amount=5", "ttl_s=60")
    assert held == PlaceHold("w-2", "EUR", 500, 60)
    captured = body_of("CaptureHold", "hold_id=h", "currency=EUR", "amount=5", "keep_open=yes")
    assert captured.keep_open is True
    what = ("kind=TRANSFER", "payee=w-2", "currency=EUR", "amount=5", "first_at=7")
    scheduled = body_of("CreateSchedule", *what, "recurrence=DAILY", "every=2", "stop_after=3")
    assert (scheduled.every, scheduled.stop_after, scheduled.count) == (2, 3, 0)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (("amount",), "amount: write it as field=value"),
        (("hold_id=a", "hold_id=b"), "hold_id: is given twice"),
        (("hold_id=h", "currency=EUR", "amount=5", "keep_open=perhaps"), "neither true nor false"),
        (("hold_id=h", "currency=EUR", "amount=five"), "amount: 'five' is not decimal text"),
        (("hold_id=h", "currency=EUR", "amount=5", "colour=red"), "colour: unknown here"),
    ],
)
def test_what_is_wrong_is_named(fields, why):
    with pytest.raises(CommandRefusedError, match=why):
        body_of("CaptureHold", *fields)


def test_a_bad_field_is_a_usage_error_before_any_broker_is_asked(capsys, monkeypatch):
    monkeypatch.setenv("LEDGER_KAFKA", "127.0.0.1:1")
    arguments = ["send", "Transfer", "--wallet-id", "w 1", "to_wallet_id=w-2", "currency=EUR"]
    assert main([*arguments, "amount=1"]) == 2
    assert "wallet_id: 'w 1' is not an id" in capsys.readouterr().err


def test_an_unknown_type_is_a_usage_error(capsys):
    assert main(["send", "Spend", "--wallet-id", "w-1"]) == 2
    assert "'Spend' is not one of 'OpenWallet'" in capsys.readouterr().err


def test_a_bad_line_of_a_file_is_named_before_anything_is_sent(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LEDGER_KAFKA", "127.0.0.1:1")
    file = tmp_path / "day.jsonl"
    file.write_text('{"type":"VoidHold","wallet_id":"w","hold_id":"h"}\n{"type":"VoidHold"}\n')
    assert main(["feed", str(file)]) == 2
    assert f"{file}:2: hold_id: is missing" in capsys.readouterr().err
    assert main(["feed", str(tmp_path / "none.jsonl")]) == 2


def test_conditions_are_typed_as_options():
    assert conditions_of(("EUR=40.00", "JPY=5"), 7) == [
        {"available": "40.00", "currency": "EUR"},
        {"available": "5", "currency": "JPY"},
        {"sequence": 7},
    ]
    assert conditions_of((), None) == []
    with pytest.raises(CommandRefusedError, match=r"--if-available: write it as EUR=40\.00"):
        conditions_of(("EUR",), None)


def test_a_bad_condition_is_a_usage_error_before_any_broker_is_asked(capsys, monkeypatch):
    monkeypatch.setenv("LEDGER_KAFKA", "127.0.0.1:1")
    arguments = ["send", "VoidHold", "--wallet-id", "w-1", "hold_id=h"]
    assert main([*arguments, "--if-available", "EUX=4", "--if-sequence", "3"]) == 2
    assert "conditions[0].currency: 'EUX' is not a known" in capsys.readouterr().err


def test_an_origin_is_typed_as_options():
    typed = ("country=NL", "device_id=a=b")
    assert origin_of(typed) == {"country": "NL", "device_id": "a=b"}
    with pytest.raises(CommandRefusedError, match="write it as country=NL"):
        origin_of(("country",))
    with pytest.raises(CommandRefusedError, match=r"origin\.country: is given twice"):
        origin_of(("country=NL", "country=BE"))


def test_a_bad_origin_is_a_usage_error_before_any_broker_is_asked(capsys, monkeypatch):
    monkeypatch.setenv("LEDGER_KAFKA", "127.0.0.1:1")
    arguments = ["send", "VoidHold", "--wallet-id", "w-1", "hold_id=h", "--origin"]
    for part, why in (("shoe=42", "origin.shoe: unknown"), ("country=nl", "two capital letters")):
        assert main([*arguments, part]) == 2
        assert why in capsys.readouterr().err
