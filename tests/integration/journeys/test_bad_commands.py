"""Well-formed records that ask for something wrong: refused by reason, and the field is named.

They are put on the topic as a foreign client could: our SDK refuses most of them before sending.
"""

import time

import pytest

from ingress.sdk import (
    CaptureHold,
    OpenWallet,
    Outcome,
    PlaceHold,
    Tier,
    TopUp,
    Transfer,
    VoidHold,
    WalletKind,
    stamp,
)
from schemas.codec import encode
from schemas.wire import LONG_MAX

DAY_US = 86_400_000_000
FRIEND = "w-friend"


@pytest.fixture(scope="module")
def wallet(ledger):
    return ledger.open(fund=100_00)


def refused(ledger, wallet_id, body, **options):
    command = stamp(wallet_id, body, **options)
    decision = ledger.decision_on(*ledger.put_command(command))
    assert decision.outcome is Outcome.REJECTED, decision
    assert not any((decision.events, decision.entries, decision.balances))
    assert decision.command_id == command.command_id
    return decision.reason.name, decision.detail


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (Transfer(FRIEND, "XXQ", 1), ("UNKNOWN_CURRENCY", "XXQ")),
        (Transfer(FRIEND, "", 1), ("UNKNOWN_CURRENCY", "")),
        (TopUp("eur", 1_00, "card", "r"), ("UNKNOWN_CURRENCY", "eur")),
        (PlaceHold(FRIEND, "CHF", 1), ("UNKNOWN_CURRENCY", "CHF")),
        (Transfer(FRIEND, "EUR", 0), ("AMOUNT_NOT_POSITIVE", "amount")),
        (Transfer(FRIEND, "EUR", -1), ("AMOUNT_NOT_POSITIVE", "amount")),
        (TopUp("EUR", -5, "card", "r"), ("AMOUNT_NOT_POSITIVE", "amount")),
        (PlaceHold(FRIEND, "EUR", 0), ("AMOUNT_NOT_POSITIVE", "amount")),
        (CaptureHold("h", 0), ("AMOUNT_NOT_POSITIVE", "amount")),
        (Transfer(FRIEND, "EUR", LONG_MAX), ("AMOUNT_OVERFLOW", "amount")),
        (Transfer(FRIEND, "GBP", LONG_MAX - 1), ("AMOUNT_OVERFLOW", "amount")),
        (Transfer("no such id", "EUR", 1), ("MALFORMED_FIELD", "to_wallet_id")),
        (Transfer("", "EUR", 1), ("MALFORMED_FIELD", "to_wallet_id")),
        (TopUp("EUR", 1_00, "carrier pigeon", "r"), ("MALFORMED_FIELD", "rail")),
        (TopUp("EUR", 1_00, "card", ""), ("MALFORMED_FIELD", "ext_ref")),
        (TopUp("EUR", 1_00, "card", "r" * 65), ("MALFORMED_FIELD", "ext_ref")),
        (PlaceHold(FRIEND, "EUR", 1, -1), ("MALFORMED_FIELD", "ttl_s")),
        (VoidHold("two words"), ("MALFORMED_FIELD", "hold_id")),
        (VoidHold("h-nobody-placed"), ("HOLD_NOT_ACTIVE", "hold_id")),
    ],
)
def test_a_bad_field_is_named(ledger, wallet, body, answer):
    assert refused(ledger, wallet, body) == answer


def test_a_transfer_to_oneself_is_refused(ledger, wallet):
    assert refused(ledger, wallet, Transfer(wallet, "EUR", 1)) == (
        "SELF_TRANSFER",
        "to_wallet_id",
    )


@pytest.mark.parametrize("currencies", [(), ("EUR", "EUR")])
def test_a_wallet_without_currencies_or_with_one_twice_is_refused(ledger, currencies):
    body = OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, currencies)
    assert refused(ledger, ledger.wallet_id(), body) == ("MALFORMED_FIELD", "currencies")


def test_a_wallet_nobody_opened_is_named(ledger):
    nobody = ledger.wallet_id()
    body = Transfer(FRIEND, "EUR", 1)
    assert refused(ledger, nobody, body) == ("UNKNOWN_WALLET", nobody)


@pytest.mark.parametrize(
    ("days", "reason"),
    [(-35, "STALE_COMMAND"), (-40_000, "STALE_COMMAND"), (1, "ISSUED_IN_FUTURE")],
)
def test_a_clock_that_is_far_off_is_refused(ledger, wallet, days, reason):
    issued = max(1, time.time_ns() // 1_000 + days * DAY_US)
    body = Transfer(FRIEND, "EUR", 1)
    assert refused(ledger, wallet, body, issued_at_us=issued) == (reason, "issued_at")


def test_an_id_that_is_none_is_refused(ledger, wallet):
    body = Transfer(FRIEND, "EUR", 1)
    command_id = "spaces are not allowed"
    command = stamp(wallet, body, command_id=command_id)
    decision = ledger.decision_on(*ledger.put_command(command))
    assert (decision.reason, decision.detail) == ("MALFORMED_FIELD", "command_id")


@pytest.mark.parametrize("key", [None, b"", b"w-somebody-else"], ids=["none", "empty", "another"])
def test_a_record_key_that_is_not_the_wallet_is_refused(ledger, wallet, key):
    command = stamp(wallet, TopUp("EUR", 1_00, "card", f"key-{key}"))
    place = ledger.partition_of(wallet)
    offset = ledger.put(encode(command), key=key, partition=place)
    decision = ledger.decision_on(place, offset)
    assert (decision.outcome, decision.reason) == (Outcome.REJECTED, "KEY_MISMATCH")
    assert decision.detail == "key"
    # The id is still free: the right sender may use it.
    assert ledger.decision_on(*ledger.put_command(command)).outcome is not Outcome.DUPLICATE
