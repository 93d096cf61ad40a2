"""Bank top-ups: submitted, cleared, taken back."""

import pytest

from schemas.messages.commands import ClearTopUp, ReturnTopUp, SubmitBankTopUp
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import RejectionReason, StatusAction, Tier, TransactionState
from tests.support.bank import (
    cleared,
    holds,
    posted,
    returned,
    settled,
    stands,
    submitted,
    system,
    withdraw,
)
from tests.support.builders import DAY, INT64_MAX, Rig, policy
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
    waited,
)

INVALID = RejectionReason.INVALID_TRANSITION
PENDING, COMPLETED = TransactionState.PENDING, TransactionState.COMPLETED
FAILED, REVERSED = TransactionState.FAILED, TransactionState.REVERSED
FREEZE_CREDIT = set_status("alice", StatusAction.FREEZE_CREDIT)
CLOSE = set_status("alice", StatusAction.CLOSE)


def capped(**limits):
    return Rig(policy_=policy(limits=limits))


def moved_with(reason):
    def check(then):
        (event,) = [each for each in then.decision.events if hasattr(each, "row")]
        assert event.reason == reason

    return check


def test_what_a_bank_brings_waits_until_it_is_cleared():
    start = given(opened("alice"))
    start.when(submitted("alice", 200)).then(
        accepted(),
        happened("InflowConsumed", "TransactionMoved", "ReferenceTaken", "EntryPosted"),
        posted(("F2.1", ("RAIL.RCV", "ach", 200), ("W.PIN", "alice", -200))),
        moved_with("clearing"),
        holds("alice", AVL=0, PIN=200),
        stands("alice", "top", PENDING, amount=200, done=0, rail="ach", reference="in"),
    )
    start.when(cleared("alice", 200)).then(
        accepted(),
        happened("TransactionMoved", "TransactionMoved", "EntryPosted"),
        posted(("F2.3", ("W.PIN", "alice", 200), ("W.AVL", "alice", -200))),
        holds("alice", AVL=200, PIN=0),
        stands("alice", "top", COMPLETED, done=200),
    )
    assert start.rig.view.wallets.get("alice").open_movements == 0


def test_part_of_it_may_be_released_early():
    start = given(opened("alice"), submitted("alice", 200))
    start.when(cleared("alice", 50)).then(
        accepted(),
        happened("TransactionMoved", "EntryPosted"),
        posted(("F2.2", ("W.PIN", "alice", 50), ("W.AVL", "alice", -50))),
        stands("alice", "top", PENDING, done=50),
    )
    start.when(cleared("alice", 151)).then(rejected(INVALID, "amount"))
    start.when(cleared("alice", 150)).then(
        posted(("F2.3", ("W.PIN", "alice", 150), ("W.AVL", "alice", -150))),
        stands("alice", "top", COMPLETED, done=200),
    )
    start.when(cleared("alice", 1)).then(rejected(INVALID, "COMPLETED"))


def test_a_repeat_gets_the_first_answer():
    start = given(opened("alice"), submitted("alice", 200))
    start.when(submitted("alice", 200)).then(duplicate(2))


def test_an_id_names_one_transaction_for_ever():
    start = given(opened("alice"), submitted("alice", 200), waited(36 * DAY))
    start.when(submitted("alice", 200, "other")).then(rejected(INVALID, "command_id"))


@pytest.mark.parametrize("rail", ["ach", "sct", "sdd", "pix", "upi"])
def test_the_rails_that_bring_money(rail):
    given(opened("alice")).when(submitted("alice", 5, rail=rail)).then(
        accepted(), system("RAIL.RCV", 5, rail)
    )


def test_a_rail_needs_an_account():
    refused = rejected(RejectionReason.UNKNOWN_ACCOUNT, "card")
    given(opened("alice")).when(submitted("alice", 5, rail="card")).then(refused)


def test_a_reference_is_used_once_per_rail_over_all_wallets():
    start = given(opened("alice", "bob"), submitted("alice", 5))
    refused = rejected(RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    start.when(submitted("bob", 6)).then(refused)
    start.when(submitted("bob", 6, command_id="sct", rail="sct")).then(accepted())
    start.when(topped_up("bob", 6, ext_ref="in")).then(accepted())


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (SubmitBankTopUp("EUR", 1, "a b", "r"), RejectionReason.MALFORMED_FIELD, "rail"),
        (SubmitBankTopUp("EUR", 1, "ach", ""), RejectionReason.MALFORMED_FIELD, "ext_ref"),
        (SubmitBankTopUp("XXX", 1, "ach", "r"), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        (SubmitBankTopUp("EUR", 0, "ach", "r"), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (ClearTopUp("", 1), RejectionReason.MALFORMED_FIELD, "transaction_id"),
        (ClearTopUp("top", 0), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (ReturnTopUp(" ", "R01"), RejectionReason.MALFORMED_FIELD, "transaction_id"),
        (ReturnTopUp("top", "x" * 65), RejectionReason.MALFORMED_FIELD, "reason_code"),
        (ClearTopUp("unknown", 1), INVALID, "transaction_id"),
        (ReturnTopUp("unknown", "R01"), INVALID, "transaction_id"),
        (ClearTopUp("out", 1), INVALID, "transaction_id"),
        (ReturnTopUp("out", "R01"), INVALID, "transaction_id"),
        (SubmitBankTopUp("USD", 1, "ach", "r"), RejectionReason.CURRENCY_NOT_HELD, "USD"),
    ],
)
def test_what_is_refused_at_once(body, reason, detail):
    start = given(opened("alice"), topped_up("alice", 9), withdraw("alice", 1))
    start.when(command("alice", body)).then(rejected(reason, detail))


def test_who_may_not_be_credited_gets_no_top_up_and_no_clearing_but_may_lose_one():
    start = given(opened("alice"), submitted("alice", 5), FREEZE_CREDIT)
    blocked = rejected(RejectionReason.CREDIT_BLOCKED)
    start.when(submitted("alice", 5, "other", "next")).then(blocked)
    start.when(cleared("alice", 5)).then(blocked)
    start.when(returned("alice")).then(accepted())


@pytest.mark.parametrize("window", ["day_in", "month_in"])
def test_a_top_up_counts_for_incoming_limits_when_it_is_submitted(window):
    start = given(opened("alice"), submitted("alice", 60), rig=capped(**{window: 100}))
    refused = rejected(RejectionReason.LIMIT_WINDOW, window)
    start.when(submitted("alice", 41, "next", "next")).then(refused)
    start.when(returned("alice")).then(accepted())
    start.when(submitted("alice", 100, "next", "other")).then(accepted())


def test_what_is_given_back_later_lowers_only_the_windows_it_counted_in():
    start = given(opened("alice"), submitted("alice", 60), rig=capped(day_in=100))
    start.when(waited(DAY))
    start.when(submitted("alice", 60, "next", "next")).then(accepted())
    start.when(returned("alice")).then(happened_with_inflow_back(60))
    row = start.rig.view.inflows.get("alice")
    assert (row.day_sum, row.month_sum) == (60, 60)
    start.when(waited(31 * DAY))
    start.when(submitted("alice", 7, "third", "third")).then(accepted())
    start.when(returned("alice", "next")).then(accepted())
    row = start.rig.view.inflows.get("alice")
    assert (row.day_sum, row.month_sum) == (7, 7)


def happened_with_inflow_back(base_amount):
    def check(then):
        (back,) = [
            each for each in then.decision.events if type(each).__name__ == "InflowGivenBack"
        ]
        assert back.base_amount == base_amount

    return check


def test_too_much_at_once_is_refused():
    refused = rejected(RejectionReason.LIMIT_PER_TX, "per_tx_in")
    given(opened("alice"), rig=capped(per_tx_in=10)).when(submitted("alice", 11)).then(refused)


def test_what_is_over_the_cap_waits_for_room():
    start = given(opened("alice", "bob"), topped_up("alice", 80), rig=capped(balance_cap=100))
    full = rejected(RejectionReason.LIMIT_BALANCE_CAP, "balance_cap")
    start.when(submitted("alice", 50)).then(
        accepted(), moved_with("kyc"), stands("alice", "top", PENDING, reserve=50)
    )
    start.when(cleared("alice", 50)).then(full)
    start.when(cleared("alice", 21)).then(full)
    start.when(cleared("alice", 20)).then(
        accepted(), stands("alice", "top", PENDING, done=20, reserve=30)
    )
    start.when(cleared("alice", 30)).then(full)
    start.when(pay("alice", "bob", 30)).then(accepted())
    start.when(cleared("alice", 30)).then(
        accepted(), stands("alice", "top", COMPLETED, reserve=0), holds("alice", AVL=100, PIN=0)
    )


def test_what_waits_counts_as_held():
    """Card money is refused, other waiting money kept back for it; a higher tier helps."""
    start = given(opened("alice"), submitted("alice", 90), rig=capped(balance_cap=100))
    full = rejected(RejectionReason.LIMIT_BALANCE_CAP, "balance_cap")
    start.when(topped_up("alice", 11)).then(full)
    start.when(submitted("alice", 90, "more", "more")).then(moved_with("kyc"))
    start.when(cleared("alice", 90, "more")).then(full)
    start.when(cleared("alice", 90)).then(accepted())
    start.when(cleared("alice", 11, "more")).then(full)
    start.when(set_tier("alice", Tier.ENHANCED)).then(accepted())
    start.when(cleared("alice", 90, "more")).then(accepted())


def test_a_return_before_release():
    start = given(opened("alice"), submitted("alice", 70))
    start.when(returned("alice")).then(
        accepted(),
        happened("TransactionMoved", "InflowGivenBack", "EntryPosted"),
        posted(("F2b.2", ("W.PIN", "alice", 70), ("RAIL.RCV", "ach", -70))),
        moved_with("R01"),
        stands("alice", "top", FAILED, refunded=70),
        system("RAIL.RCV", 0, "ach"),
    )
    start.when(returned("alice")).then(rejected(INVALID, "FAILED"))


def test_a_late_return_takes_what_is_there_and_the_rest_is_owed():
    start = given(
        opened("alice", "bob"),
        submitted("alice", 70),
        cleared("alice", 70),
        settled("alice", "top"),
    )
    start.when(pay("alice", "bob", 40)).then(accepted())
    start.when(returned("alice", reason_code="R10")).then(
        accepted(),
        posted(
            (
                "F2c.4",
                ("W.AVL", "alice", 30),
                ("RCV.CUST", "alice", 40),
                ("RAIL.RCV", "ach", -70),
            )
        ),
        stands("alice", "top", REVERSED),
        holds("alice", AVL=0),
    )


def test_a_late_return_of_a_wallet_that_has_it():
    start = given(opened("alice"), submitted("alice", 70), cleared("alice", 70))
    start.when(returned("alice")).then(
        posted(("F2c.4", ("W.AVL", "alice", 70), ("RAIL.RCV", "ach", -70))),
        stands("alice", "top", REVERSED),
    )


def test_a_return_of_one_partly_released_is_split():
    start = given(opened("alice", "bob"), submitted("alice", 70), cleared("alice", 50))
    start.when(pay("alice", "bob", 45)).then(accepted())
    start.when(returned("alice")).then(
        posted(
            ("F2b.2", ("W.PIN", "alice", 20), ("RAIL.RCV", "ach", -20)),
            ("F2c.4", ("W.AVL", "alice", 5), ("RCV.CUST", "alice", 45), ("RAIL.RCV", "ach", -50)),
        ),
        stands("alice", "top", FAILED),
    )


def test_a_pending_top_up_keeps_a_wallet_open():
    start = given(opened("alice"), submitted("alice", 5))
    start.when(CLOSE).then(rejected(INVALID, "movements"))


HUGE = {"per_tx_in": INT64_MAX, "day_in": INT64_MAX, "month_in": INT64_MAX}


def test_accounts_stay_inside_64_bits():
    rig = Rig(policy_=policy(limits={**HUGE, "balance_cap": INT64_MAX}))
    start = given(opened("alice", currencies=("JPY", "EUR")), rig=rig)
    start.when(submitted("alice", 2**62, currency="JPY")).then(accepted())
    more = submitted("alice", 2**62, "more", "more", currency="JPY")
    start.when(more).then(rejected(RejectionReason.AMOUNT_OVERFLOW, "balance"))
    rig.view.accounts.put(("RAIL.RCV", "ach", "EUR"), AccountRow(INT64_MAX - 5))
    decision = submitted("alice", 6, "euro", "euro")(rig)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "RAIL.RCV")
