"""Interest is accrued and paid, never more than was accrued; residuals are swept."""

import pytest

from schemas.messages.commands import AccrueInterest, PayInterest, SweepResidual
from schemas.messages.events import InterestMoved
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    Authority,
    RejectionReason,
    StatusAction,
)
from tests.support.builders import INT64_MAX, Rig, policy
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    opened,
    pay,
    place_hold,
    rejected,
    set_status,
    topped_up,
)
from tests.support.looking import balance, system_balance
from tests.unit.ledger.test_adjustments import done
from tests.unit.ledger.test_treasury import migrate

BOTH = ("EUR", "USD")
TRANSITION = RejectionReason.INVALID_TRANSITION


def accrue(amount=10, currency="EUR", period="2025-06", wallet_id="alice", command_id=None):
    return command(wallet_id, AccrueInterest(currency, amount, period), command_id)


def pay_out(amount=10, currency="EUR", period="2025-06", wallet_id="alice"):
    return command(wallet_id, PayInterest(currency, amount, period))


def sweep(currency="EUR", authority=Authority.COMPLIANCE, wallet_id="alice"):
    return command(wallet_id, SweepResidual(currency, authority))


def test_what_was_accrued_is_owed_and_then_paid():
    start = given(opened("alice"))
    decision = start.when(accrue()).then(accepted(), happened("InterestMoved", "EntryPosted"))
    assert decision.events[0] == InterestMoved("alice", "EUR", "2025-06", 10)
    given(accrue(5), rig=start.rig)
    assert system_balance(start.rig.view, "INT.PAY") == -15
    decision = start.when(pay_out(12)).then(accepted())
    assert decision.events[0].accrued == 3
    assert balance(start.rig.view, "alice") == 12
    given(pay_out(3), rig=start.rig)
    assert start.rig.view.interest.rows == {}


def test_never_more_than_was_accrued_for_this_wallet_in_this_currency():
    start = given(opened("alice", "bob", currencies=BOTH), accrue(10), accrue(9, wallet_id="bob"))
    refused = rejected(RejectionReason.INSUFFICIENT_FUNDS, "INT.PAY")
    start.when(pay_out(11)).then(refused)
    start.when(pay_out(1, "USD")).then(refused)
    start.when(pay_out(10)).then(accepted())
    start.when(pay_out(1)).then(refused)


def test_a_repeated_accrual_counts_once():
    given(opened("alice"), accrue(command_id="i")).when(accrue(command_id="i")).then(duplicate(2))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"period": ""}, RejectionReason.MALFORMED_FIELD),
        ({"amount": 0}, RejectionReason.AMOUNT_NOT_POSITIVE),
        ({"currency": "XXX"}, RejectionReason.UNKNOWN_CURRENCY),
        ({"currency": "USD"}, RejectionReason.CURRENCY_NOT_HELD),
        ({"wallet_id": "nobody"}, RejectionReason.UNKNOWN_WALLET),
    ],
)
@pytest.mark.parametrize("step", [accrue, pay_out])
def test_interest_may_be_refused(step, changed, reason):
    given(opened("alice"), accrue()).when(step(**changed)).then(rejected(reason))


def test_a_frozen_wallet_earns_and_is_not_paid():
    frozen = set_status("alice", StatusAction.FREEZE_CREDIT)
    start = given(opened("alice"), frozen, accrue())
    start.when(pay_out()).then(rejected(RejectionReason.CREDIT_BLOCKED))


def test_a_closed_wallet_earns_nothing():
    closed = set_status("alice", StatusAction.CLOSE)
    given(opened("alice"), closed).when(accrue()).then(
        rejected(RejectionReason.WALLET_NOT_ACTIVE, "CLOSED")
    )


def test_interest_is_ours_to_give_whatever_the_limits():
    strict = Rig(policy_=policy(limits={"per_tx_in": 0, "balance_cap": 0}))
    given(opened("alice"), accrue(), rig=strict).when(pay_out()).then(accepted())
    assert strict.view.inflows.rows == {}


def test_what_does_not_fit_64_bits_is_refused():
    start = given(opened("alice"), accrue(INT64_MAX))
    start.when(accrue(1)).then(rejected(RejectionReason.AMOUNT_OVERFLOW, "EXP.INT"))


def test_a_residual_becomes_unclaimed_and_the_wallet_can_be_closed():
    start = given(opened("alice"), topped_up("alice", 227))
    start.when(sweep()).then(accepted(), happened("EntryPosted"))
    assert system_balance(start.rig.view, "UNCLAIMED") == -227
    start.when(set_status("alice", StatusAction.CLOSE)).then(accepted())
    start.when(sweep()).then(rejected(RejectionReason.WALLET_NOT_ACTIVE, "CLOSED"))


@pytest.mark.parametrize("authority", [Authority.CUSTOMER, Authority.COURT])
def test_only_we_sweep(authority):
    given(opened("alice"), topped_up("alice", 5)).when(sweep(authority=authority)).then(
        rejected(RejectionReason.MALFORMED_FIELD, "authority")
    )


def test_an_operator_sweeps_too():
    given(opened("alice"), topped_up("alice", 5)).when(sweep(authority=Authority.OPERATOR)).then(
        accepted()
    )


@pytest.mark.parametrize(
    ("open_", "detail"),
    [
        (place_hold("alice", "bob", 10), "holds"),
        (pay("alice", "bob-1", 10), "movements"),
        (set_status("alice", StatusAction.FREEZE_DEBIT), "debit_blocked"),
        (accrue(), "interest"),
    ],
)
def test_nothing_may_be_open(open_, detail):
    start = given(opened("alice", "bob"), topped_up("alice", 100), open_)
    start.when(sweep()).then(rejected(TRANSITION, detail))


def test_no_debt_and_no_lien_either():
    start = given(opened("alice"), topped_up("alice", 100), done("RCV.CUST", 5))
    start.when(sweep()).then(rejected(TRANSITION, "RCV.CUST"))
    given(done("EXP.WRITEOFF", 5, command_id="off"), rig=start.rig)
    start.when(sweep()).then(accepted())


def test_a_lien_is_money_outside_what_may_be_spent():
    from_wallet = done("W.LIEN", 5, AdjustmentDirection.DEBIT_WALLET)
    start = given(opened("alice"), topped_up("alice", 100), from_wallet)
    start.when(sweep()).then(rejected(TRANSITION, "balance"))


def test_there_must_be_something_to_sweep():
    start = given(opened("alice"))
    start.when(sweep()).then(rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR"))
    start.when(sweep("USD")).then(rejected(RejectionReason.CURRENCY_NOT_HELD, "USD"))


def test_unclaimed_money_fits_64_bits():
    start = given(opened("alice", "bob"), migrate(amount=INT64_MAX), sweep())
    given(topped_up("bob", 2), rig=start.rig)
    full = rejected(RejectionReason.AMOUNT_OVERFLOW, "UNCLAIMED")
    start.when(sweep(wallet_id="bob")).then(full)
