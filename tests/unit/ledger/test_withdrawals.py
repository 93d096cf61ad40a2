"""Withdrawals: requested, handed over, cancelled, brought back."""

import pytest

from schemas.messages.commands import (
    CancelWithdrawal,
    ReturnWithdrawal,
    SettleTransaction,
    SubmitWithdrawal,
    Withdraw,
)
from schemas.messages.policy import Band, Rule
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
    RiskAction,
    StatusAction,
    Tier,
    TransactionState,
)
from tests.support.bank import (
    brought_back,
    cancelled,
    handed_over,
    holds,
    posted,
    settled,
    stands,
    submitted,
    system,
    withdraw,
)
from tests.support.builders import DAY, HOUR, INT64_MAX, Rig, fees, policy, ruleset
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
    topped_up,
    waited,
)
from tests.unit.ledger.rigs import REVIEW_NEW

INVALID = RejectionReason.INVALID_TRANSITION
S = TransactionState
CLOSE = set_status("alice", StatusAction.CLOSE)
FREEZE_DEBIT = set_status("alice", StatusAction.FREEZE_DEBIT)
WD_FEE = tuple(each for each in fees(100) if each.flow is FeeFlow.WITHDRAWAL)


def costly(**changed):
    """One percent for a withdrawal, everything else is free."""
    return Rig(policy_=policy(fees=WD_FEE, **changed))


def with_money(*steps, amount=101, rig=None):
    return given(opened("alice"), topped_up("alice", amount), *steps, rig=rig or costly())


def test_a_withdrawal_waits_with_its_fee_until_it_is_handed_over():
    start = with_money()
    start.when(withdraw("alice", 100)).then(
        accepted(),
        happened("OutflowConsumed", "TransactionMoved", "EntryPosted"),
        posted(("F3.1", ("W.AVL", "alice", 101), ("W.POUT", "alice", -101))),
        holds("alice", AVL=0, POUT=101),
        stands("alice", "out", S.PENDING, amount=100, fee=1, counterparty="NL91", rail="ach"),
    )
    start.when(handed_over("alice")).then(
        accepted(),
        happened("TransactionMoved", "ReferenceTaken", "EntryPosted"),
        posted(("F3.2", ("W.POUT", "alice", 101), ("RAIL.PAY", "ach", -100), ("REV.WD", "", -1))),
        stands("alice", "out", S.PROCESSING, done=100, reference="ref"),
        holds("alice", POUT=0),
    )


def test_a_repeat_gets_the_first_answer():
    with_money(withdraw("alice", 100)).when(withdraw("alice", 100)).then(duplicate(3))


def test_an_id_names_one_transaction_for_ever():
    start = with_money(withdraw("alice", 10), waited(36 * DAY))
    start.when(withdraw("alice", 10)).then(rejected(INVALID, "command_id", attempted=False))


@pytest.mark.parametrize("rail", ["ach", "sct", "pix", "upi"])
def test_the_rails_that_pay_out(rail):
    with_money(withdraw("alice", 5, rail=rail)).when(handed_over("alice")).then(
        accepted(), system("RAIL.PAY", -5, rail)
    )


@pytest.mark.parametrize("rail", ["sdd", "card", "cash"])
def test_other_rails_pay_nothing_out(rail):
    refused = rejected(RejectionReason.UNKNOWN_ACCOUNT, rail)
    with_money().when(withdraw("alice", 5, rail=rail)).then(refused)


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (Withdraw("EUR", 1, "", "NL91"), RejectionReason.MALFORMED_FIELD, "rail"),
        (Withdraw("EUR", 1, "ach", "NL 91"), RejectionReason.MALFORMED_FIELD, "beneficiary"),
        (Withdraw("XXX", 1, "ach", "NL91"), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        (Withdraw("EUR", 0, "ach", "NL91"), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (Withdraw("EUR", INT64_MAX, "ach", "NL91"), RejectionReason.AMOUNT_OVERFLOW, "amount"),
        (SubmitWithdrawal("", "ref"), RejectionReason.MALFORMED_FIELD, "transaction_id"),
        (SubmitWithdrawal("out", ""), RejectionReason.MALFORMED_FIELD, "ext_ref"),
        (CancelWithdrawal("?"), RejectionReason.MALFORMED_FIELD, "transaction_id"),
        (ReturnWithdrawal("out", ""), RejectionReason.MALFORMED_FIELD, "reason_code"),
        (SettleTransaction("?", "line"), RejectionReason.MALFORMED_FIELD, "transaction_id"),
        (SettleTransaction("out", "\n"), RejectionReason.MALFORMED_FIELD, "ext_ref"),
        (SubmitWithdrawal("unknown", "ref"), INVALID, "transaction_id"),
        (CancelWithdrawal("unknown"), INVALID, "transaction_id"),
        (ReturnWithdrawal("unknown", "AC04"), INVALID, "transaction_id"),
        (SettleTransaction("unknown", "line"), INVALID, "transaction_id"),
        (SubmitWithdrawal("top", "ref"), INVALID, "transaction_id"),
        (ReturnWithdrawal("out", "AC04"), INVALID, "PENDING"),
        (SettleTransaction("out", "line"), INVALID, "PENDING"),
        (Withdraw("USD", 1, "ach", "NL91"), RejectionReason.CURRENCY_NOT_HELD, "USD"),
    ],
)
def test_what_is_refused_at_once(body, reason, detail):
    start = with_money(submitted("alice", 5), withdraw("alice", 1))
    start.when(command("alice", body)).then(rejected(reason, detail, attempted=False))


@pytest.mark.parametrize(
    ("limits", "reason", "detail"),
    [
        ({"per_tx_out": 49}, RejectionReason.LIMIT_PER_TX, "per_tx_out"),
        ({"day_out": 49}, RejectionReason.LIMIT_WINDOW, "day_out"),
        ({"transfer_out": False}, RejectionReason.KYC_REQUIRED, "transfer_out"),
    ],
)
def test_outgoing_limits_apply_and_the_attempt_counts(limits, reason, detail):
    start = with_money(rig=costly(limits=limits))
    start.when(withdraw("alice", 50)).then(rejected(reason, detail, attempted=True))


def test_the_fee_must_be_there_too():
    start = with_money(amount=100)
    refused = rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR", attempted=True)
    start.when(withdraw("alice", 100)).then(refused)


def test_the_beneficiary_is_a_payee():
    start = with_money(rig=costly(max_payees=1))
    start.when(withdraw("alice", 1)).then(accepted())
    assert start.rig.view.payees.get(("alice", "NL91")) is not None
    bound = rejected(RejectionReason.BOUND_EXCEEDED, "max_payees", attempted=True)
    start.when(withdraw("alice", 1, "next", to="DE02")).then(bound)
    start.when(withdraw("alice", 1, "again")).then(accepted())


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (REVIEW_NEW, RejectionReason.RISK_REVIEW),
        (
            ruleset(Rule("FR05", "first_payment", (Band(1, None, 0, RiskAction.BLOCK),), 0)),
            RejectionReason.RISK_BLOCKED,
        ),
    ],
)
def test_fraud_rules_apply_and_a_review_refuses(rules, reason):
    rig = Rig(policy_=policy(fees=WD_FEE), ruleset_=rules)
    with_money(rig=rig).when(withdraw("alice", 1)).then(rejected(reason, attempted=True))


def test_who_may_not_pay_gets_nothing_out():
    start = with_money(withdraw("alice", 10), FREEZE_DEBIT)
    blocked = rejected(RejectionReason.DEBIT_BLOCKED, attempted=False)
    start.when(withdraw("alice", 10, "next")).then(blocked)
    start.when(handed_over("alice")).then(blocked)
    start.when(cancelled("alice")).then(accepted())


def test_a_pending_wallet_withdraws_nothing():
    start = given(opened("alice", tier=Tier.UNVERIFIED), topped_up("alice", 10))
    refused = rejected(RejectionReason.WALLET_NOT_ACTIVE, "PENDING_KYC", attempted=False)
    start.when(withdraw("alice", 1)).then(refused)


def test_a_reference_is_handed_over_once_per_rail_and_is_no_top_ups():
    start = with_money(
        submitted("alice", 5, "ref"), withdraw("alice", 1), withdraw("alice", 1, "next")
    )
    start.when(handed_over("alice")).then(accepted())
    refused = rejected(RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    start.when(handed_over("alice", "next")).then(refused)
    start.when(handed_over("alice", "next", "other")).then(accepted())


def test_a_cancelled_one_gives_money_fee_and_limits_back():
    start = with_money(
        withdraw("alice", 100), rig=costly(limits={"day_out": 100, "count_out_hour": 1})
    )
    start.when(cancelled("alice")).then(
        accepted(),
        happened("TransactionMoved", "OutflowGivenBack", "EntryPosted"),
        posted(("F3b.2", ("W.POUT", "alice", 101), ("W.AVL", "alice", -101))),
        stands("alice", "out", S.CANCELLED),
    )
    start.when(cancelled("alice")).then(rejected(INVALID, "CANCELLED"))
    start.when(handed_over("alice")).then(rejected(INVALID, "CANCELLED"))
    start.when(withdraw("alice", 100, "next")).then(accepted())


def test_one_handed_over_is_not_cancelled_any_more():
    start = with_money(withdraw("alice", 100), handed_over("alice"))
    start.when(cancelled("alice")).then(rejected(INVALID, "PROCESSING"))


@pytest.mark.parametrize(("steps", "state"), [([], S.FAILED), ([settled("alice")], S.REVERSED)])
def test_one_that_comes_back_is_credited_with_its_fee(steps, state):
    limits = {"day_out": 100, "count_out_hour": 1}
    start = with_money(
        withdraw("alice", 100), handed_over("alice"), *steps, rig=costly(limits=limits)
    )
    start.when(brought_back("alice")).then(
        accepted(),
        happened("TransactionMoved", "OutflowGivenBack", "EntryPosted"),
        posted(("F3c.5", ("RAIL.PAY", "ach", 100), ("REV.WD", "", 1), ("W.AVL", "alice", -101))),
        stands("alice", "out", state, refunded=100, fee_refunded=1),
    )
    start.when(brought_back("alice")).then(rejected(INVALID, state.name))
    start.when(withdraw("alice", 100, "next")).then(accepted())


def test_a_policy_may_keep_the_fee():
    rig = costly(withdrawal_return_refunds_fee=False)
    start = with_money(withdraw("alice", 100), handed_over("alice"), rig=rig)
    start.when(brought_back("alice")).then(
        posted(("F3c.5", ("RAIL.PAY", "ach", 100), ("W.AVL", "alice", -100))),
        stands("alice", "out", S.FAILED, fee_refunded=0),
        system("REV.WD", -1),
    )


def test_what_comes_back_late_does_not_refill_todays_windows():
    limits = {"day_out": 100}
    start = with_money(withdraw("alice", 60), handed_over("alice"), rig=costly(limits=limits))
    start.when(waited(DAY + HOUR))
    start.when(withdraw("alice", 30, "next")).then(accepted())
    start.when(brought_back("alice")).then(accepted())
    row = start.rig.view.outflows.get("alice")
    assert (row.day_sum, row.month_sum) == (30, 30)


def test_money_that_comes_back_for_a_closed_wallet_is_unclaimed():
    start = with_money(withdraw("alice", 100), handed_over("alice"), settled("alice"), CLOSE)
    start.when(brought_back("alice")).then(
        accepted(),
        posted(
            ("F3c.5", ("RAIL.PAY", "ach", 100), ("REV.WD", "", 1), ("W.AVL", "alice", -101)),
            ("F21.1", ("W.AVL", "alice", 101), ("UNCLAIMED", "", -101)),
        ),
        holds("alice", AVL=0),
    )


def test_a_withdrawal_under_way_keeps_a_wallet_open():
    start = with_money(withdraw("alice", 100))
    start.when(CLOSE).then(rejected(INVALID, "movements"))
    start.when(handed_over("alice")).then(accepted())
    start.when(CLOSE).then(rejected(INVALID, "movements"))


def test_system_accounts_stay_inside_64_bits():
    rig = costly()
    with_money(withdraw("alice", 100), rig=rig)
    rig.view.accounts.put(("RAIL.PAY", "ach", "EUR"), AccountRow(-INT64_MAX))
    decision = handed_over("alice")(rig)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "RAIL.PAY")
    rig.view.accounts.put(("RAIL.PAY", "ach", "EUR"), AccountRow(0))
    assert handed_over("alice")(rig).reason is None
    rig.view.accounts.put(("RAIL.PAY", "ach", "EUR"), AccountRow(INT64_MAX))
    decision = brought_back("alice")(rig)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "RAIL.PAY")


def test_a_transfer_is_not_hindered_by_a_transaction_of_its_name():
    start = given(opened("alice", "bob"), topped_up("alice", 10), withdraw("alice", 1, "same"))
    start.when(waited(36 * DAY))
    start.when(pay("alice", "bob", 1, "same")).then(accepted())
