"""Claims: sent to an alias, handed over, refused, taken back; on two partitions and at home."""

import pytest

from schemas.messages.commands import AcceptClaim, CancelClaim, FundEscrow, SendToAlias
from schemas.messages.vocabulary import (
    LegKind,
    Outcome,
    Purpose,
    RejectionReason,
    Stage,
    StatusAction,
    TransactionState,
)
from tests.support.builders import HOUR, Rig, policy
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    has,
    opened,
    pay,
    rejected,
    set_status,
    timer,
    topped_up,
)
from tests.support.looking import balance, system_balance
from tests.unit.ledger.rigs import REVIEW_NEW, carried

POLICY = policy(claim_ttl_s=3_600, limits={"day_out": 100, "count_out_hour": 1})


def send(amount=50, alias="9f", currency="EUR", command_id="claim"):
    return command("alice", SendToAlias(alias, currency, amount), command_id)


def accept(to, claim_id="claim", command_id="take"):
    return command("alice", AcceptClaim(claim_id, to), command_id)


def cancel(claim_id="claim"):
    return command("alice", CancelClaim(claim_id), "cancel")


def home(*steps, rig=None):
    """Alice and bob on one partition."""
    start = (opened("alice", "bob"), topped_up("alice", 200))
    return given(*start, *steps, rig=rig or Rig(policy_=POLICY))


def two(*steps):
    """Alice on partition 0, bob on partition 1."""
    here, there = Rig(0, policy_=POLICY), Rig(1, policy_=POLICY)
    given(opened("alice"), topped_up("alice", 200), *steps, rig=here)
    there.open("bob-1")
    return here, there


def claim_is(state, held=0):
    """The claim stands here, and its account holds so much."""

    def check(then):
        assert then.rig.view.transactions.get(("alice", "claim")).state is state
        assert system_balance(then.rig.view, "CLAIM", "alice/claim") == -held

    return check


def test_what_is_sent_waits_and_counts_at_once():
    example = home()
    example.when(send()).then(
        accepted(),
        happened("OutflowConsumed", "EntryPosted", "TransactionMoved"),
        has("alice", 150),
        claim_is(TransactionState.PENDING, held=50),
    )
    example.when(pay("alice", "bob", 10)).then(rejected(RejectionReason.LIMIT_COUNT))


@pytest.mark.parametrize(
    ("step", "reason", "detail"),
    [
        (send(alias=""), RejectionReason.MALFORMED_FIELD, "alias_hash"),
        (send(currency="XXX"), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        (send(0), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (send(currency="USD"), RejectionReason.CURRENCY_NOT_HELD, "USD"),
        (accept("bob", claim_id="?"), RejectionReason.MALFORMED_FIELD, "claim_id"),
        (accept("?"), RejectionReason.MALFORMED_FIELD, "to_wallet_id"),
        (accept("alice"), RejectionReason.SELF_TRANSFER, "to_wallet_id"),
        (accept("bob"), RejectionReason.INVALID_TRANSITION, "transaction_id"),
        (cancel("?"), RejectionReason.MALFORMED_FIELD, "claim_id"),
        (cancel(), RejectionReason.INVALID_TRANSITION, "transaction_id"),
    ],
)
def test_refused_before_the_attempt(step, reason, detail):
    home().when(step).then(rejected(reason, detail, attempted=False), has("alice", 200))


def test_sending_is_an_attempt_to_pay():
    home().when(send(101)).then(rejected(RejectionReason.LIMIT_WINDOW, attempted=True))
    strict = Rig(ruleset_=REVIEW_NEW)
    home(rig=strict).when(send()).then(rejected(RejectionReason.RISK_REVIEW, attempted=True))


def test_another_thing_of_the_same_wallet_is_no_claim():
    escrow = command("alice", FundEscrow("bob", "EUR", 50, None), "escrow")
    example = home(escrow)
    for step in (accept("bob", "escrow"), cancel("escrow")):
        example.when(step).then(rejected(RejectionReason.INVALID_TRANSITION, "transaction_id"))


def test_at_home_it_is_handed_over_at_once():
    example = home(send())
    example.when(accept("bob")).then(
        accepted(), has("bob", 50), claim_is(TransactionState.COMPLETED)
    )
    assert system_balance(example.rig.view, "IB", "0") == 0
    assert example.rig.fire() is None
    example.when(accept("bob", command_id="more")).then(
        rejected(RejectionReason.INVALID_TRANSITION, "COMPLETED")
    )
    example.when(cancel()).then(rejected(RejectionReason.INVALID_TRANSITION, "COMPLETED"))


def test_at_home_a_refusal_leaves_it_open():
    example = home(send(), set_status("bob", StatusAction.FREEZE_CREDIT))
    example.when(accept("bob")).then(
        rejected(RejectionReason.RECIPIENT_REFUSED, "CREDIT_BLOCKED", attempted=False),
        claim_is(TransactionState.PENDING, held=50),
    )
    example.when(accept("carl", command_id="other")).then(
        rejected(RejectionReason.RECIPIENT_REFUSED, "UNKNOWN_WALLET")
    )


def test_a_frozen_sender_hands_over_unless_both_sides_are():
    one = set_status("alice", StatusAction.FREEZE_DEBIT)
    home(one).when(send()).then(rejected(RejectionReason.DEBIT_BLOCKED))
    home(send(), one).when(accept("bob")).then(accepted())
    both = set_status("alice", StatusAction.FREEZE_BOTH)
    example = home(send(), both)
    example.when(accept("bob")).then(rejected(RejectionReason.DEBIT_BLOCKED))
    example.when(cancel()).then(accepted(), has("alice", 200))


def test_handed_over_to_another_partition():
    here, there = two(send())
    given(rig=here).when(accept("bob-1")).then(
        accepted(Stage.PENDING),
        happened("EntryPosted", "TransactionMoved", "TransferDebited", "LegSent"),
        claim_is(TransactionState.PROCESSING),
    )
    leg = here.legs[0]
    assert (leg.purpose, leg.transfer_id, leg.about) == (Purpose.CLAIM, "take", "claim")
    given(rig=here).when(cancel()).then(rejected(RejectionReason.INVALID_TRANSITION, "PROCESSING"))
    assert carried(here, there).outcome is Outcome.ACCEPTED
    assert balance(there.view, "bob-1") == 50
    given(rig=here).when(lambda rig: carried(there, rig)).then(
        happened("LegReceived", "TransferSettled", "TransactionMoved"),
        claim_is(TransactionState.COMPLETED),
    )
    again = accept("bob-1")(here)
    assert (again.outcome, again.stage) == (Outcome.DUPLICATE, Stage.FINAL)
    assert here.fire() is None


def test_refused_elsewhere_it_waits_again_for_its_time():
    here, there = two(send())
    due = here.view.transactions.get(("alice", "claim")).due
    set_status("bob-1", StatusAction.FREEZE_CREDIT)(there)
    accept("bob-1")(here)
    carried(here, there)
    assert there.legs[0].kind is LegKind.NACK
    given(rig=here).when(lambda rig: carried(there, rig)).then(
        happened("LegReceived", "TransferCompensated", "EntryPosted", "TransactionMoved"),
        claim_is(TransactionState.PENDING, held=50),
        has("alice", 150),
    )
    assert here.log[-1][0].events[-1].reason == "CREDIT_BLOCKED"
    assert here.view.transactions.get(("alice", "claim")).due == due
    assert accept("bob-1")(here).reason is RejectionReason.RECIPIENT_REFUSED
    given(rig=here).when(timer()).then(claim_is(TransactionState.EXPIRED), has("alice", 200))


def test_refused_after_its_time_it_goes_back_at_once():
    here, there = two(send())
    accept("nobody-1")(here)
    here.wait(2 * HOUR)
    there.wait(2 * HOUR)
    carried(here, there)
    carried(there, here)
    given(rig=here).when(timer()).then(
        happened("EntryPosted", "TransactionMoved", "OutflowGivenBack"),
        claim_is(TransactionState.EXPIRED),
        has("alice", 200),
    )


@pytest.mark.parametrize(
    ("end", "state"),
    [(cancel(), TransactionState.CANCELLED), (timer(), TransactionState.EXPIRED)],
)
def test_what_nobody_takes_goes_back_with_its_limits(end, state):
    example = home(send())
    decision = example.when(end).then(accepted(), claim_is(state), has("alice", 200))
    back = decision.events[-1]
    assert (back.base_amount, back.whole) == (50, True)
    assert example.rig.fire() is None
    example.when(pay("alice", "bob", 100)).then(accepted())
    example.when(accept("bob")).then(rejected(RejectionReason.INVALID_TRANSITION, state.name))


def test_a_repeat_is_answered_as_before():
    home(send()).when(send()).then(duplicate(of=4))


@pytest.mark.parametrize("step", [send(), accept("bob", command_id="claim")])
def test_an_id_names_one_claim_for_ever(step):
    rig = home(send()).rig
    rig.view.identities.rows.clear()  # as after 35 days
    decision = step(rig)
    assert (decision.reason, decision.detail) == (RejectionReason.INVALID_TRANSITION, "command_id")
