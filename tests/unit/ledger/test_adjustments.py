"""Adjustments: one proposes, another approves, the entry posts; or nothing does."""

import pytest

from ledger.errors import InvariantError
from ledger.results import endings_of, results_of
from schemas.messages.commands import ApproveAdjustment, ProposeAdjustment, RejectAdjustment
from schemas.messages.events import AdjustmentRecorded, TransactionMoved
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    Outcome,
    RejectionReason,
    Stage,
    StatusAction,
    TimerKind,
    TransactionState,
)
from tests.support.builders import DAY, INT64_MAX
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    opened,
    rejected,
    set_status,
    timer,
    topped_up,
)
from tests.support.looking import balance, system_balance
from tests.unit.ledger.test_treasury import migrate, treasury

TO, FROM = AdjustmentDirection.CREDIT_WALLET, AdjustmentDirection.DEBIT_WALLET
MALFORMED, TRANSITION = RejectionReason.MALFORMED_FIELD, RejectionReason.INVALID_TRANSITION


def propose(account="EXP.GOODWILL", amount=50, direction=TO, command_id="adj", **changed):
    values = {"reason": "sorry", "ticket": "T-1", "maker": "ann", "corrects": None, **changed}
    wallet_id, currency = values.pop("wallet_id", "alice"), values.pop("currency", "EUR")
    body = ProposeAdjustment(account, currency, amount, direction, **values)
    return command(wallet_id, body, command_id)


def approve(checker="bea", adjustment_id="adj", command_id=None):
    return command("alice", ApproveAdjustment(adjustment_id, checker), command_id)


def reject(checker="bea", adjustment_id="adj"):
    return command("alice", RejectAdjustment(adjustment_id, checker))


def state(rig, adjustment_id="adj"):
    return rig.view.transactions.get(("alice", adjustment_id)).state


def posted(decision):
    (entry,) = decision.entries
    return [(each.account, each.owner, each.amount) for each in entry.postings]


def done(account, amount, direction=TO, command_id="adj", **changed):
    """Steps of an adjustment that somebody approved."""

    def step(rig):
        decision = propose(account, amount, direction, command_id, **changed)(rig)
        assert decision.reason is None, (decision.reason, decision.detail)
        return approve(adjustment_id=command_id)(rig)

    return step


def test_a_proposal_posts_nothing_and_an_approval_does():
    start = given(opened("alice"))
    then = start.when(propose())
    names = ("TransactionMoved", "AdjustmentRecorded")
    assert then.then(accepted(Stage.PENDING), happened(*names)).entries == ()
    row = start.rig.view.transactions.get(("alice", "adj"))
    assert (row.maker, row.counterparty, row.reference) == ("ann", "EXP.GOODWILL", "T-1")
    assert row.due == start.rig.at + DAY
    decision = start.when(approve()).then(
        accepted(),
        happened("AdjustmentRecorded", *["TransactionMoved"] * 2, "EntryPosted"),
    )
    assert posted(decision) == [("EXP.GOODWILL", "", 50), ("W.AVL", "alice", -50)]
    assert decision.entries[0].flow == "F20.1"
    last = decision.events[2]
    assert isinstance(last, TransactionMoved)
    assert (last.row.maker, last.actor, last.reason) == ("ann", "bea", "sorry")
    assert start.rig.view.timers.rows == {}


def test_from_the_wallet_the_sides_are_the_other_way():
    start = given(opened("alice"), topped_up("alice", 80), propose("REV.P2P", 50, FROM))
    decision = start.when(approve()).then(accepted())
    assert posted(decision) == [("W.AVL", "alice", 50), ("REV.P2P", "", -50)]


@pytest.mark.parametrize(
    ("account", "owner"),
    [("SUSP", "adjustment"), ("RCV.CUST", "alice"), ("EXP.FRAUD", ""), ("REV.FX", "")],
)
def test_the_counter_account_has_its_owner(account, owner):
    start = given(opened("alice"), done(account, 50))
    assert system_balance(start.rig.view, account, owner) == 50


@pytest.mark.parametrize("account", ["FX.POS", "BANK.SAFE", "W.AVL", "RCV.MERCH", "INT.PAY", "x"])
def test_no_other_account(account):
    refused = rejected(RejectionReason.UNKNOWN_ACCOUNT, account)
    given(opened("alice")).when(propose(account)).then(refused)


def test_nobody_approves_his_own():
    start = given(opened("alice"), propose())
    start.when(approve("ann")).then(rejected(RejectionReason.SELF_APPROVAL, "checker"))
    start.when(approve("bea")).then(accepted())


def test_a_large_amount_needs_two_different_checkers():
    start = given(opened("alice"), propose(amount=10_000))
    first = start.when(approve("bea", command_id="one"))
    assert first.then(accepted(), happened("AdjustmentRecorded")).entries == ()
    assert state(start.rig) is TransactionState.PENDING
    start.when(approve("bea")).then(rejected(RejectionReason.SELF_APPROVAL, "checker"))
    start.when(approve("ann")).then(rejected(RejectionReason.SELF_APPROVAL, "checker"))
    decision = start.when(approve("cid")).then(accepted())
    recorded, _, last, _ = decision.events
    assert isinstance(recorded, AdjustmentRecorded)
    assert recorded.row.checkers == ("bea", "cid")
    assert last.actor == "bea, cid"
    assert balance(start.rig.view, "alice") == 10_000
    start.when(approve("bea", command_id="one")).then(duplicate(3))


def test_just_below_one_is_enough():
    given(opened("alice"), propose(amount=9_999)).when(approve()).then(
        accepted(), happened("AdjustmentRecorded", *["TransactionMoved"] * 2, "EntryPosted")
    )


def test_how_it_ends_is_told_to_its_maker():
    start = given(opened("alice"), propose())
    decision = start.when(approve(command_id="yes")).then(accepted())
    own, final = results_of(decision)
    assert (own.command_id, own.stage) == ("yes", Stage.FINAL)
    assert (final.command_id, final.outcome) == ("adj", Outcome.ACCEPTED)
    start.when(propose()).then(duplicate(2), accepted_again)


def accepted_again(then):
    assert (then.decision.reason, then.decision.stage) == (None, Stage.FINAL)


@pytest.mark.parametrize(
    ("end", "after"),
    [
        (reject("bea"), TransactionState.FAILED),
        (reject("ann"), TransactionState.CANCELLED),
        (timer(), TransactionState.EXPIRED),
    ],
)
def test_without_approval_it_ends_with_nothing_posted(end, after):
    start = given(opened("alice"), propose())
    decision = start.when(end).then(accepted(), happened("TransactionMoved"))
    assert state(start.rig) is after
    assert start.rig.view.timers.rows == {}
    (final,) = endings_of(decision)
    assert (final.command_id, final.reason) == ("adj", RejectionReason.APPROVAL_REQUIRED)
    assert final.detail == after.name
    start.when(approve()).then(rejected(TRANSITION, after.name))
    start.when(reject()).then(rejected(TRANSITION, after.name))


def test_the_timer_comes_a_day_later():
    start = given(opened("alice"), propose())
    at = start.rig.at
    assert start.when(timer()).then(accepted()).decided_at == at + DAY


@pytest.mark.parametrize("account", ["EXP.GOODWILL"])
def test_a_timer_of_nothing_halts(account):
    rig = given(opened("alice"), done(account, 5)).rig
    rig.view.timers.put(
        (9, TimerKind.TRANSACTION_DUE.index, "alice", "adj"),
        TimerRow(TimerKind.TRANSACTION_DUE, 9, "alice", "adj"),
    )
    with pytest.raises(InvariantError, match="stale timer"):
        rig.fire()


def test_a_large_one_that_one_approved_still_expires():
    start = given(opened("alice"), propose(amount=10_000), approve())
    start.when(timer()).then(accepted())
    assert state(start.rig) is TransactionState.EXPIRED


def test_an_unknown_one_is_refused():
    for step in (approve(), reject()):
        given(opened("alice")).when(step).then(rejected(TRANSITION, "transaction_id"))


@pytest.mark.parametrize(
    ("changed", "reason", "detail"),
    [
        ({"reason": ""}, MALFORMED, "reason"),
        ({"ticket": "x" * 65}, MALFORMED, "ticket"),
        ({"maker": "a b"}, MALFORMED, "maker"),
        ({"corrects": "a b"}, MALFORMED, "corrects"),
        ({"account": "W.LIEN"}, MALFORMED, "corrects"),
        ({"account": "EXP.WRITEOFF", "direction": FROM}, MALFORMED, "corrects"),
        ({"amount": 0}, RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        ({"currency": "XXX"}, RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        ({"currency": "USD"}, RejectionReason.CURRENCY_NOT_HELD, "USD"),
        ({"corrects": "none"}, TRANSITION, "corrects"),
        ({"wallet_id": "nobody"}, RejectionReason.UNKNOWN_WALLET, "nobody"),
        ({"wallet_id": "bank"}, RejectionReason.UNKNOWN_ACCOUNT, "TREASURY"),
    ],
)
def test_a_proposal_may_be_refused(changed, reason, detail):
    given(opened("alice"), treasury()).when(propose(**changed)).then(rejected(reason, detail))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (ApproveAdjustment("a b", "bea"), "adjustment_id"),
        (RejectAdjustment("adj", ""), "checker"),
    ],
)
def test_a_verdict_names_its_people(body, field):
    given(opened("alice")).when(command("alice", body)).then(rejected(MALFORMED, field))


def test_an_id_names_its_adjustment_for_ever():
    start = given(opened("alice"), done("EXP.GOODWILL", 5))
    start.rig.wait(36 * DAY)
    start.when(propose(amount=6)).then(rejected(TRANSITION, "command_id"))


def test_what_the_wallet_does_not_have_cannot_be_taken_and_the_proposal_stays():
    start = given(opened("alice"), topped_up("alice", 49), propose("REV.P2P", 50, FROM))
    start.when(approve()).then(rejected(RejectionReason.INSUFFICIENT_FUNDS, "W.AVL"))
    assert state(start.rig) is TransactionState.PENDING
    given(topped_up("alice", 1), rig=start.rig).when(approve("bea")).then(accepted())


def test_a_debt_is_paid_or_written_off_no_further_than_it_goes():
    start = given(opened("alice"), done("RCV.CUST", 50, command_id="lent"))
    for account, direction in (("RCV.CUST", FROM), ("EXP.WRITEOFF", TO)):
        given(propose(account, 51, direction, account), rig=start.rig)
        refused = rejected(RejectionReason.INSUFFICIENT_FUNDS)
        start.when(approve(adjustment_id=account)).then(refused)
    given(propose("EXP.WRITEOFF", 20, TO, "off"), rig=start.rig)
    decision = start.when(approve(adjustment_id="off")).then(accepted())
    assert decision.entries[0].flow == "F2c.8"
    assert posted(decision) == [("EXP.WRITEOFF", "", 20), ("RCV.CUST", "alice", -20)]
    given(done("RCV.CUST", 30, FROM, "paid"), rig=start.rig)
    assert system_balance(start.rig.view, "RCV.CUST", "alice") == 0
    assert balance(start.rig.view, "alice") == 20


def test_without_a_debt_nothing_is_written_off():
    given(opened("alice"), propose("EXP.WRITEOFF", 1)).when(approve()).then(
        rejected(RejectionReason.INSUFFICIENT_FUNDS, "RCV.CUST")
    )


def test_a_freeze_stops_what_would_pay_or_be_paid():
    frozen = set_status("alice", StatusAction.FREEZE_BOTH)
    start = given(opened("alice"), topped_up("alice", 80), frozen)
    given(propose(), propose("REV.P2P", 5, FROM, "back"), rig=start.rig)
    start.when(approve()).then(rejected(RejectionReason.CREDIT_BLOCKED))
    start.when(approve(adjustment_id="back")).then(rejected(RejectionReason.DEBIT_BLOCKED))
    given(set_status("alice", StatusAction.UNFREEZE), rig=start.rig)
    start.when(approve("bea")).then(accepted())
    start.when(approve(adjustment_id="back")).then(accepted())


def test_a_pending_one_keeps_its_wallet_open_and_a_closed_wallet_takes_none():
    start = given(opened("alice"), propose())
    close = set_status("alice", StatusAction.CLOSE)
    start.when(close).then(rejected(TRANSITION, "movements"))
    given(reject(), close, rig=start.rig)
    start.when(propose(command_id="two")).then(
        rejected(RejectionReason.WALLET_NOT_ACTIVE, "CLOSED")
    )


def test_what_does_not_fit_64_bits_is_refused():
    start = given(opened("alice"), migrate(amount=INT64_MAX), propose())
    start.when(approve()).then(rejected(RejectionReason.AMOUNT_OVERFLOW, "balance"))
