"""Treasury wallets: what they book, what nobody else may, and balances brought over."""

import pytest

from schemas.messages.commands import (
    AllocateSuspense,
    BookTreasury,
    CaptureHold,
    MigrateBalance,
    OpenWallet,
    PlaceHold,
    SweepResidual,
    Transfer,
)
from schemas.messages.events import ReferenceTaken
from schemas.messages.vocabulary import (
    Authority,
    RejectionReason,
    StatusAction,
    Tier,
    TransactionKind,
    TransactionState,
    TreasuryFlow,
    WalletKind,
)
from tests.support.builders import INT64_MAX
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    opened,
    pay,
    rejected,
    set_status,
    set_tier,
    topped_up,
)
from tests.support.looking import balance, system_balance

F = TreasuryFlow
MALFORMED = RejectionReason.MALFORMED_FIELD


def treasury(wallet_id="bank", currencies=("EUR", "USD")):
    return command(wallet_id, OpenWallet(WalletKind.TREASURY, Tier.BASIC, currencies))


def book(flow=F.F2_4, amount=100, ext_ref="x1", *, wallet_id="bank", command_id=None, **more):
    values = {"account": "b1", "rail": "ach", "cost": None, "currency": "EUR", **more}
    currency = values.pop("currency")
    body = BookTreasury(flow, currency, amount, ext_ref, **values)
    return command(wallet_id, body, command_id)


def migrate(wallet_id="alice", amount=100, ext_ref="old", currency="EUR", command_id=None):
    return command(wallet_id, MigrateBalance(currency, amount, ext_ref), command_id)


def test_a_bank_credit_is_booked():
    then = given(treasury()).when(book())
    decision = then.then(accepted(), happened("ReferenceTaken", "EntryPosted"))
    assert decision.events[0] == ReferenceTaken(
        "bank", "F2.4", "x1", decision.command_id, "EUR", 100
    )
    assert system_balance(then.rig.view, "BANK.SAFE", "b1") == 100
    assert system_balance(then.rig.view, "RAIL.RCV", "ach") == -100


def test_what_the_rail_kept_is_a_cost():
    then = given(treasury()).when(book(F.F1_2, 100, rail="card", cost=3))
    (entry,) = then.then(accepted()).entries
    lines = [(each.account, each.owner, each.amount) for each in entry.postings]
    assert lines == [("BANK.SAFE", "b1", 97), ("EXP.RAIL", "", 3), ("RAIL.RCV", "card", -100)]
    (entry,) = then.rig.command("bank", body_of(F.F1_2, "x2", "card")).entries
    assert len(entry.postings) == 2


def body_of(flow, ext_ref, rail=None):
    return BookTreasury(flow, "EUR", 100, ext_ref, "b1", rail)


def test_a_reference_counts_once_in_its_flow():
    start = given(treasury(), book())
    refused = rejected(RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    start.when(book(amount=5)).then(refused)
    start.when(book(F.F2c_2)).then(accepted())


def test_a_repeated_command_is_told_the_same():
    given(treasury(), book(command_id="b")).when(book(command_id="b")).then(duplicate(2))


def test_a_loss_on_currency_is_a_cost():
    then = given(treasury()).when(book(F.F15_3b, 7, account=None, rail=None))
    then.then(accepted())
    assert system_balance(then.rig.view, "EXP.FXLOSS") == 7


@pytest.mark.parametrize(
    ("flow", "changed", "field"),
    [
        (F.F2_4, {"account": None}, "account"),
        (F.F15_3, {"rail": None}, "account"),
        (F.F2_4, {"account": "b 1"}, "account"),
        (F.F2_4, {"rail": None}, "rail"),
        (F.F1_3, {}, "rail"),
        (F.F2_4, {"rail": "a h"}, "rail"),
        (F.F2_4, {"cost": 1}, "cost"),
        (F.F2_4, {"cost": 0}, "cost"),
        (F.F1_2, {"cost": 100}, "cost"),
        (F.F1_2, {"cost": -1}, "cost"),
        (F.F2_4, {"other_currency": "USD"}, "other_currency"),
        (F.F2_4, {"other_amount": 1}, "other_amount"),
        (F.F15_2, {"rail": None, "other_amount": 1}, "other_currency"),
        (F.F15_2, {"rail": None, "other_currency": "EUR", "other_amount": 1}, "other_currency"),
        (F.F15_2, {"rail": None, "other_currency": "USD"}, "other_amount"),
        (F.F2_4, {"ext_ref": ""}, "ext_ref"),
    ],
)
def test_each_step_has_its_fields_and_no_other(flow, changed, field):
    given(treasury()).when(book(flow, **changed)).then(rejected(MALFORMED, field))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"currency": "XXX"}, RejectionReason.UNKNOWN_CURRENCY),
        ({"amount": 0}, RejectionReason.AMOUNT_NOT_POSITIVE),
        ({"rail": "tram"}, RejectionReason.UNKNOWN_ACCOUNT),
        ({"currency": "JPY"}, RejectionReason.CURRENCY_NOT_HELD),
    ],
)
def test_a_step_may_be_refused(changed, reason):
    given(treasury()).when(book(**changed)).then(rejected(reason))


def test_what_was_sold_to_the_bank_is_checked_too():
    hedge = {"rail": None, "other_currency": "USD", "other_amount": 0}
    then = given(treasury()).when(book(F.F15_2, **hedge))
    then.then(rejected(RejectionReason.AMOUNT_NOT_POSITIVE))


def test_a_biller_needs_no_account_of_a_rail():
    given(treasury()).when(book(F.F14_2, rail="energy")).then(accepted())


def test_what_does_not_fit_64_bits_is_refused():
    start = given(treasury(), book(amount=INT64_MAX))
    refused = rejected(RejectionReason.AMOUNT_OVERFLOW, "BANK.SAFE")
    start.when(book(F.F0_2, 1, rail=None)).then(refused)


def test_a_closed_treasury_books_nothing_and_a_frozen_one_goes_on():
    frozen = set_status("bank", StatusAction.FREEZE_BOTH)
    given(treasury(), frozen).when(book()).then(accepted())
    closed = set_status("bank", StatusAction.CLOSE)
    given(treasury(), closed).when(book()).then(
        rejected(RejectionReason.WALLET_NOT_ACTIVE, "CLOSED")
    )


@pytest.mark.parametrize(
    "body",
    [
        Transfer("alice", "EUR", 1),
        PlaceHold("alice", "EUR", 1, None),
        CaptureHold("h", 1, keep_open=False),
        MigrateBalance("EUR", 1, "old"),
        SweepResidual("EUR", Authority.OPERATOR),
    ],
)
def test_a_treasury_has_no_accounts_for_customers_commands(body):
    refused = rejected(RejectionReason.UNKNOWN_ACCOUNT, "TREASURY")
    given(treasury(), opened("alice")).when(command("bank", body)).then(refused)


def test_a_treasury_is_run_like_any_wallet():
    given(treasury()).when(set_tier("bank", Tier.PREMIUM)).then(accepted())


def test_nobody_pays_a_treasury():
    start = given(treasury(), opened("alice"), topped_up("alice", 100))
    refused = rejected(RejectionReason.RECIPIENT_REFUSED, "UNKNOWN_ACCOUNT", attempted=True)
    start.when(pay("alice", "bank", 10)).then(refused)
    start.when(topped_up("bank", 10)).then(rejected(RejectionReason.UNKNOWN_ACCOUNT))


@pytest.mark.parametrize("kind", [WalletKind.CUSTOMER, WalletKind.MERCHANT])
def test_nobody_else_has_a_bank(kind):
    start = given(command("alice", OpenWallet(kind, Tier.BASIC, ("EUR",))))
    refused = rejected(RejectionReason.UNKNOWN_ACCOUNT, kind.name)
    start.when(book(wallet_id="alice")).then(refused)
    start.when(command("alice", AllocateSuspense("x", "bob", "EUR", 1))).then(refused)


def test_a_receipt_is_a_transaction_that_waits_for_its_owner():
    start = given(treasury())
    then = start.when(book(F.F19_1, rail=None, command_id="r"))
    then.then(accepted(), happened("ReferenceTaken", "TransactionMoved", "EntryPosted"))
    row = then.rig.view.transactions.get(("bank", "r"))
    assert (row.kind, row.state) == (TransactionKind.SUSPENSE_RECEIPT, TransactionState.PENDING)
    assert (row.amount, row.done, row.reference) == (100, 0, "x1")
    start.when(set_status("bank", StatusAction.CLOSE)).then(
        rejected(RejectionReason.INVALID_TRANSITION, "movements")
    )


def test_an_id_that_names_a_receipt_names_nothing_else_for_ever():
    start = given(treasury(), book(F.F19_1, rail=None, command_id="r"))
    start.rig.wait(36 * 86_400 * 1_000_000)
    start.when(book(command_id="r")).then(
        rejected(RejectionReason.INVALID_TRANSITION, "command_id")
    )


def test_a_balance_is_brought_over_whatever_the_limits_say():
    then = given(opened("alice", tier=Tier.UNVERIFIED)).when(migrate(amount=10**16))
    then.then(accepted(), happened("ReferenceTaken", "EntryPosted"))
    assert balance(then.rig.view, "alice") == 10**16
    assert then.rig.view.inflows.rows == {}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ext_ref": ""}, MALFORMED),
        ({"amount": 0}, RejectionReason.AMOUNT_NOT_POSITIVE),
        ({"currency": "USD"}, RejectionReason.CURRENCY_NOT_HELD),
        ({"wallet_id": "bob"}, RejectionReason.DUPLICATE_EXTERNAL_REF),
        ({"amount": INT64_MAX, "ext_ref": "two"}, RejectionReason.AMOUNT_OVERFLOW),
    ],
)
def test_a_balance_brought_over_may_be_refused(changed, reason):
    given(opened("alice", "bob"), migrate()).when(
        migrate(**{"ext_ref": "old2", **changed} if "wallet_id" not in changed else changed)
    ).then(rejected(reason))


def test_a_frozen_or_closed_wallet_takes_no_balance():
    frozen = set_status("alice", StatusAction.FREEZE_CREDIT)
    given(opened("alice"), frozen).when(migrate()).then(rejected(RejectionReason.CREDIT_BLOCKED))
    closed = set_status("alice", StatusAction.CLOSE)
    given(opened("alice"), closed).when(migrate()).then(rejected(RejectionReason.WALLET_NOT_ACTIVE))
