"""What a command must look like, whatever the state; the first wrong field is named."""

import pytest

from schemas.messages.commands import (
    CaptureHold,
    ChangeTier,
    OpenWallet,
    Origin,
    PlaceHold,
    ResolveReview,
    TopUp,
    Transfer,
    VoidHold,
)
from schemas.messages.policy import CurrencyRule
from schemas.messages.vocabulary import RejectionReason, ReviewVerdict, Tier, WalletKind
from tests.support.builders import DAY, INT64_MAX, MINUTE, Rig, fees, policy
from tests.support.given import accepted, command, duplicate, given, opened, rejected, topped_up

MALFORMED = RejectionReason.MALFORMED_FIELD
UNKNOWN = RejectionReason.UNKNOWN_CURRENCY
NOT_POSITIVE = RejectionReason.AMOUNT_NOT_POSITIVE
OVERFLOW = RejectionReason.AMOUNT_OVERFLOW
SELF = RejectionReason.SELF_TRANSFER
APPROVE = ReviewVerdict.APPROVE


def opening(*currencies):
    return OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, currencies)


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (Transfer("", "EUR", 1), MALFORMED, "to_wallet_id"),
        (Transfer("b\0b", "EUR", 1), MALFORMED, "to_wallet_id"),
        (Transfer("b" * 65, "EUR", 1), MALFORMED, "to_wallet_id"),
        (Transfer("bob", "XXX", 1), UNKNOWN, "XXX"),
        (Transfer("bob", "eur", 0), UNKNOWN, "eur"),
        (Transfer("bob", "EUR", 0), NOT_POSITIVE, "amount"),
        (Transfer("bob", "EUR", -1), NOT_POSITIVE, "amount"),
        (Transfer("bob", "EUR", INT64_MAX), OVERFLOW, "amount"),
        (Transfer("alice", "EUR", 1), SELF, "to_wallet_id"),
        (Transfer("alice", "EUR", 0), NOT_POSITIVE, "amount"),
        (TopUp("EUR", 1, "", "ref"), MALFORMED, "rail"),
        (TopUp("EUR", 1, "card", ""), MALFORMED, "ext_ref"),
        (TopUp("EUR", 1, "card", "r" * 65), MALFORMED, "ext_ref"),
        (TopUp("EUR", 1, "card", "a\0b"), MALFORMED, "ext_ref"),
        (TopUp("XXX", 1, "card", "ref"), UNKNOWN, "XXX"),
        (TopUp("EUR", 0, "card", "ref"), NOT_POSITIVE, "amount"),
        (TopUp("EUR", 5, "card", "ref"), NOT_POSITIVE, "amount after fee"),
        (TopUp("GBP", INT64_MAX, "card", "ref"), OVERFLOW, "amount"),
        (PlaceHold("", "EUR", 1), MALFORMED, "to_wallet_id"),
        (PlaceHold("bob", "EUR", 1, -1), MALFORMED, "ttl_s"),
        (PlaceHold("bob", "EUR", 1, 366 * 86_400 + 1), MALFORMED, "ttl_s"),
        (PlaceHold("bob", "XXX", 1), UNKNOWN, "XXX"),
        (PlaceHold("bob", "EUR", 0), NOT_POSITIVE, "amount"),
        (PlaceHold("alice", "EUR", 1), SELF, "to_wallet_id"),
        (CaptureHold("", 1), MALFORMED, "hold_id"),
        (CaptureHold("hold", 0), NOT_POSITIVE, "amount"),
        (VoidHold(" "), MALFORMED, "hold_id"),
        (ResolveReview("", APPROVE, "ann"), MALFORMED, "review_id"),
        (ResolveReview("pay", APPROVE, ""), MALFORMED, "reviewer"),
        (opening(), MALFORMED, "currencies"),
        (opening("EUR", "EUR"), MALFORMED, "currencies"),
        (opening(*(f"C{number}" for number in range(17))), MALFORMED, "currencies"),
        (opening("EUR", "XXX"), UNKNOWN, "XXX"),
    ],
)
def test_malformed_commands(body, reason, detail):
    known = (*policy().currencies, CurrencyRule("GBP", 2, 1_160_000_000))
    rig = Rig(policy_=policy(currencies=known, fees=fees(100, 5)))
    start = given(opened("alice", "bob"), rig=rig)
    start.when(command("alice", body)).then(rejected(reason, detail, attempted=False))


@pytest.mark.parametrize("command_id", [" ", "a b", "x" * 65, "\0", "é"])
def test_a_command_id_is_an_id(command_id):
    refused = rejected(MALFORMED, "command_id")
    given(opened("alice")).when(command("alice", ChangeTier(Tier.PREMIUM), command_id)).then(
        refused
    )


@pytest.mark.parametrize("wallet_id", ["", "a b", "x" * 65, "é"])
def test_a_wallet_id_is_an_id(wallet_id):
    refused = rejected(MALFORMED, "wallet_id")
    given().when(command(wallet_id, opening("EUR"))).then(refused)


@pytest.mark.parametrize(
    ("ahead", "verdict"),
    [
        (5 * MINUTE, accepted()),
        (5 * MINUTE + 1, rejected(RejectionReason.ISSUED_IN_FUTURE, "issued_at")),
        (-34 * DAY, accepted()),
        (-34 * DAY - 1, rejected(RejectionReason.STALE_COMMAND, "issued_at")),
    ],
)
def test_the_callers_clock(ahead, verdict):
    start = given(opened("alice"))
    tier = command("alice", ChangeTier(Tier.PREMIUM), issued_at=start.rig.at + ahead)
    start.when(tier).then(verdict)


def test_longest_values_are_fine():
    start = given(opened("alice", "b" * 64))
    start.when(topped_up("alice", 5, ext_ref="r" * 64)).then(accepted())
    hold = PlaceHold("b" * 64, "EUR", 1, 366 * 86_400)
    start.when(command("alice", hold, "h" * 64)).then(accepted())


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("instrument", "t" * 65),
        ("instrument", "a\0b"),
        ("device_id", "d" * 65),
        ("country", "nl"),
        ("country", "NLD"),
        ("mcc", "541"),
        ("mcc", "54 1"),
    ],
)
def test_a_part_of_an_origin_that_cannot_be_one_is_named(part, said):
    start = given(opened("alice"))
    asked = command("alice", TopUp("EUR", 1, "card", "ref"), origin=Origin(**{part: said}))
    start.when(asked).then(rejected(MALFORMED, f"origin.{part}"))


def test_the_first_part_that_cannot_be_one_is_named():
    wrong = Origin("t" * 65, "d" * 65, "nl", "541")
    asked = command("alice", TopUp("EUR", 1, "card", "ref"), origin=wrong)
    given(opened("alice")).when(asked).then(rejected(MALFORMED, "origin.instrument"))


def test_an_origin_may_say_all_of_it_or_nothing():
    start = given(opened("alice"))
    for number, origin in enumerate((Origin("t" * 64, "d" * 64, "NL", "5411"), Origin())):
        body = TopUp("EUR", 1, "card", f"ref{number}")
        start.when(command("alice", body, origin=origin)).then(accepted())


def test_a_retry_may_come_from_elsewhere():
    body = TopUp("EUR", 1, "card", "ref")
    start = given(opened("alice"))
    first = start.when(command("alice", body, "c1", origin=Origin("tok1"))).then(accepted())
    start.when(command("alice", body, "c1", origin=Origin("tok2"))).then(duplicate(first.sequence))
    start.when(command("alice", body, "c1")).then(duplicate(first.sequence))
