"""Requests for money: asked, paid, cancelled, expired; on two partitions and at home."""

import pytest

from schemas.messages.commands import CancelRequest, FundEscrow, PayRequest, RequestMoney
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import (
    LegKind,
    Outcome,
    Purpose,
    RejectionReason,
    Stage,
    StatusAction,
    Tier,
    TransactionState,
)
from tests.support.builders import INT64_MAX, MINUTE, Rig, fees, policy
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    has,
    opened,
    rejected,
    set_status,
    set_tier,
    timer,
    topped_up,
)
from tests.support.looking import balance, system_balance
from tests.unit.ledger.rigs import REVIEW_NEW, carried

POLICY = policy(fees=fees(0, 5), limits={"day_out": 100, "per_tx_in": 195})


def ask(amount=50, payer="alice", ttl_s=60, currency="EUR", wallet_id="bob"):
    return command(wallet_id, RequestMoney(payer, currency, amount, ttl_s), "req")


def settle(amount=50, requester="bob", request_id="req", currency="EUR", command_id="pay"):
    return command("alice", PayRequest(requester, request_id, currency, amount), command_id)


def cancel(request_id="req", wallet_id="bob"):
    return command(wallet_id, CancelRequest(request_id), "cancel")


def home(*steps, rig=None):
    """Alice with 190 and bob on one partition."""
    start = (opened("alice", "bob"), topped_up("alice", 195))
    return given(*start, *steps, rig=rig or Rig(policy_=POLICY))


def two(*steps):
    """Alice with 190 on partition 0; bob, who asks her, on partition 1."""
    here, there = Rig(0, policy_=POLICY), Rig(1, policy_=POLICY)
    given(opened("alice"), topped_up("alice", 195), rig=here)
    given(opened("bob-1"), *steps, rig=there)
    return here, there


def request_is(state, wallet_id="bob", *, timer=True):
    def check(then):
        row = then.rig.view.transactions.get((wallet_id, "req"))
        assert row.state is state
        assert (row.due > 0) is (timer and state is TransactionState.PENDING)

    return check


def test_asking_moves_nothing():
    decision = (
        home()
        .when(ask())
        .then(
            accepted(),
            happened("TransactionMoved"),
            request_is(TransactionState.PENDING),
            has("bob", 0),
        )
    )
    assert decision.entries == ()


@pytest.mark.parametrize(
    ("step", "reason", "detail"),
    [
        (ask(payer="?"), RejectionReason.MALFORMED_FIELD, "payer_wallet_id"),
        (ask(ttl_s=-1), RejectionReason.MALFORMED_FIELD, "ttl_s"),
        (ask(currency="XXX"), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        (ask(0), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (ask(payer="bob"), RejectionReason.SELF_TRANSFER, "payer_wallet_id"),
        (ask(currency="USD"), RejectionReason.CURRENCY_NOT_HELD, "USD"),
        (cancel("?"), RejectionReason.MALFORMED_FIELD, "request_id"),
        (cancel(), RejectionReason.INVALID_TRANSITION, "transaction_id"),
        (settle(requester="?"), RejectionReason.MALFORMED_FIELD, "requester_wallet_id"),
        (settle(request_id="?"), RejectionReason.MALFORMED_FIELD, "request_id"),
        (settle(currency="XXX"), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        (settle(-1), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (settle(INT64_MAX), RejectionReason.AMOUNT_OVERFLOW, "amount"),
        (settle(requester="alice"), RejectionReason.SELF_TRANSFER, "requester_wallet_id"),
        (settle(currency="USD"), RejectionReason.CURRENCY_NOT_HELD, "USD"),
    ],
)
def test_refused_before_the_attempt(step, reason, detail):
    home().when(step).then(rejected(reason, detail, attempted=False), has("alice", 190))


def test_who_may_not_be_paid_does_not_ask():
    blocked = set_status("bob", StatusAction.FREEZE_CREDIT)
    home(blocked).when(ask()).then(rejected(RejectionReason.CREDIT_BLOCKED))
    home(ask(), blocked).when(cancel()).then(accepted())


def test_at_home_a_request_is_paid_at_once():
    example = home(ask())
    example.when(settle()).then(
        accepted(),
        happened(
            "OutflowConsumed",
            "EntryPosted",
            "InflowConsumed",
            "EntryPosted",
            "TransactionMoved",
            "TransactionMoved",
        ),
        has("alice", 135),
        has("bob", 50),
        request_is(TransactionState.COMPLETED),
    )
    view = example.rig.view
    assert (system_balance(view, "IB", "0"), system_balance(view, "REV.P2P")) == (0, -5)
    assert example.rig.fire() is None
    example.when(settle(command_id="twice")).then(
        rejected(RejectionReason.RECIPIENT_REFUSED, "INVALID_TRANSITION", attempted=True)
    )


@pytest.mark.parametrize(
    "step",
    [
        settle(51),
        settle(request_id="other"),
        settle(requester="carl"),
        command("carl", PayRequest("bob", "req", "EUR", 50)),
        settle(currency="USD"),
    ],
)
def test_only_what_was_asked_for_is_let_in(step):
    start = opened("alice", "bob", "carl", currencies=("EUR", "USD"))
    money = [topped_up("alice", 100), topped_up("carl", 100), topped_up("alice", 100, "USD")]
    given(start, *money, ask()).when(step).then(
        rejected(RejectionReason.RECIPIENT_REFUSED, "INVALID_TRANSITION", attempted=True),
        request_is(TransactionState.PENDING),
    )


def test_no_other_transaction_is_taken_for_a_request():
    escrow = command("bob", FundEscrow("alice", "EUR", 50, None), "req")
    home(topped_up("bob", 60), escrow).when(settle()).then(
        rejected(RejectionReason.RECIPIENT_REFUSED, "INVALID_TRANSITION"),
        request_is(TransactionState.PENDING, timer=False),
    )


def test_the_requesters_limits_count():
    limited = Rig(policy_=policy(limits={"balance_cap": 195}))
    example = home(topped_up("bob", 190), ask(), rig=limited)
    example.when(settle()).then(
        rejected(RejectionReason.RECIPIENT_REFUSED, "LIMIT_BALANCE_CAP", attempted=True),
        request_is(TransactionState.PENDING),
    )


def test_paying_is_an_attempt():
    home(ask(101)).when(settle(101)).then(rejected(RejectionReason.LIMIT_WINDOW, attempted=True))
    strict = Rig(ruleset_=REVIEW_NEW)
    home(ask(), rig=strict).when(settle()).then(
        rejected(RejectionReason.RISK_REVIEW, attempted=True), request_is(TransactionState.PENDING)
    )
    unverified = set_tier("alice", Tier.UNVERIFIED)
    home(ask(), unverified).when(settle()).then(rejected(RejectionReason.WALLET_NOT_ACTIVE))


def test_revenue_without_room_refuses():
    example = home(ask())
    example.rig.view.accounts.put(("REV.P2P", "", "EUR"), AccountRow(-INT64_MAX - 1))
    decision = settle()(example.rig)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "REV.P2P")


def test_an_account_between_partitions_without_room_refuses():
    here, _ = two(ask(wallet_id="bob-1"))
    here.view.accounts.put(("IB", "1", "EUR"), AccountRow(-INT64_MAX - 1))
    decision = settle(requester="bob-1")(here)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "IB")


def test_paid_from_another_partition():
    here, there = two(ask(wallet_id="bob-1"))
    given(rig=here).when(settle(requester="bob-1")).then(
        accepted(Stage.PENDING),
        happened("OutflowConsumed", "EntryPosted", "TransferDebited", "LegSent"),
        has("alice", 135, pending_out=5),
    )
    leg = here.legs[0]
    assert (leg.purpose, leg.transfer_id, leg.about) == (Purpose.REQUEST, "pay", "req")
    given(rig=there).when(lambda rig: carried(here, rig)).then(
        accepted(), has("bob-1", 50), request_is(TransactionState.COMPLETED, "bob-1")
    )
    decision = (
        given(rig=here)
        .when(lambda rig: carried(there, rig))
        .then(happened("LegReceived", "TransferSettled"), has("alice", 135))
    )
    assert [each.flow for each in decision.entries] == ["F5.3"]
    again = settle(requester="bob-1")(here)
    assert (again.outcome, again.stage) == (Outcome.DUPLICATE, Stage.FINAL)


def test_refused_elsewhere_the_payer_has_everything_back():
    here, there = two(ask(wallet_id="bob-1"))
    settle(requester="bob-1")(here)
    cancel(wallet_id="bob-1")(there)
    assert carried(here, there).reason is RejectionReason.INVALID_TRANSITION
    assert there.legs[0].kind is LegKind.NACK
    given(rig=here).when(lambda rig: carried(there, rig)).then(
        happened("LegReceived", "TransferCompensated", "EntryPosted", "OutflowGivenBack"),
        has("alice", 190),
    )
    again = settle(requester="bob-1")(here)
    assert again.reason is RejectionReason.RECIPIENT_REFUSED
    assert again.detail == "INVALID_TRANSITION"
    # Its limits are free again: 100 a day may go out.
    assert settle(100, "bob-1", command_id="new")(here).outcome is Outcome.ACCEPTED


def test_two_payments_of_one_request_pay_it_once():
    here, there = two(ask(wallet_id="bob-1"))
    settle(requester="bob-1")(here)
    settle(requester="bob-1", command_id="more")(here)
    carried(here, there)
    carried(there, here)
    assert (balance(there.view, "bob-1"), balance(here.view, "alice")) == (50, 135)
    assert system_balance(here.view, "IB", "1") == -50


@pytest.mark.parametrize(
    ("end", "state"),
    [(cancel(), TransactionState.CANCELLED), (timer(), TransactionState.EXPIRED)],
)
def test_an_ended_request_is_paid_by_nobody(end, state):
    example = home(ask())
    example.when(end).then(accepted(), request_is(state))
    example.when(settle()).then(rejected(RejectionReason.RECIPIENT_REFUSED, "INVALID_TRANSITION"))
    example.when(command("bob", CancelRequest("req"), "late")).then(
        rejected(RejectionReason.INVALID_TRANSITION, state.name)
    )


def test_a_request_lapses_in_its_time_or_never():
    example = home(ask(ttl_s=60))
    row = example.rig.view.transactions.get(("bob", "req"))
    assert row.due == example.rig.at + MINUTE
    assert home(ask(ttl_s=0)).rig.fire() is None


def test_a_wallet_with_an_open_request_is_not_closed():
    example = home(ask())
    close = set_status("bob", StatusAction.CLOSE)
    example.when(close).then(rejected(RejectionReason.INVALID_TRANSITION, "movements"))
    example.when(cancel()).then(accepted())
    example.when(close).then(accepted())


def test_a_repeat_is_answered_as_before():
    home(ask()).when(ask()).then(duplicate(of=4))


@pytest.mark.parametrize("step", [ask(), command("bob", PayRequest("alice", "x", "EUR", 5), "req")])
def test_an_id_names_one_thing_for_ever(step):
    rig = home(ask()).rig
    rig.view.identities.rows.clear()  # as after 35 days
    decision = step(rig)
    assert (decision.reason, decision.detail) == (RejectionReason.INVALID_TRANSITION, "command_id")


def test_an_id_of_a_payment_under_way_names_no_other():
    here, _ = two(ask(wallet_id="bob-1"))
    settle(requester="bob-1")(here)
    here.view.identities.rows.clear()
    assert settle(requester="bob-1")(here).detail == "command_id"
