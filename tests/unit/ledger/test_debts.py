"""Debts: what a late return leaves, and how top-ups by card pay it."""

from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import RejectionReason, StatusAction
from tests.support.bank import (
    cleared,
    holds,
    posted,
    returned,
    submitted,
    system,
)
from tests.support.builders import INT64_MAX, Rig, fees, policy
from tests.support.given import (
    accepted,
    given,
    happened,
    opened,
    pay,
    rejected,
    set_status,
    topped_up,
)

INVALID = RejectionReason.INVALID_TRANSITION
CLOSE = set_status("alice", StatusAction.CLOSE)


def capped(**limits):
    return Rig(policy_=policy(limits=limits))


def in_debt(amount, rig=None):
    """Alice owes so much and has nothing."""
    return given(
        opened("alice", "bob"),
        submitted("alice", amount),
        cleared("alice", amount),
        pay("alice", "bob", amount),
        returned("alice"),
        rig=rig,
    )


def test_a_top_up_by_card_pays_a_debt_first():
    start = in_debt(40)
    start.when(topped_up("alice", 15)).then(
        happened("InflowConsumed", "EntryPosted", "ToppedUp"),
        posted(("F2c.7", ("RAIL.RCV", "card", 15), ("RCV.CUST", "alice", -15))),
        holds("alice", AVL=0),
    )
    start.when(topped_up("alice", 100)).then(
        posted(
            ("F2c.7", ("RAIL.RCV", "card", 25), ("RCV.CUST", "alice", -25)),
            ("F1.1", ("RAIL.RCV", "card", 75), ("W.AVL", "alice", -75)),
        ),
        system("RCV.CUST", 0, "alice"),
    )
    start.when(topped_up("alice", 5)).then(happened("InflowConsumed", "ToppedUp"))


def test_the_fee_comes_before_the_debt():
    start = in_debt(500, Rig(policy_=policy(fees=fees(100)[:1])))
    start.when(topped_up("alice", 100)).then(
        posted(
            ("F2c.7", ("RAIL.RCV", "card", 99), ("RCV.CUST", "alice", -99)),
            ("F1.1", ("RAIL.RCV", "card", 1), ("REV.TOPUP", "", -1)),
        )
    )
    start.when(topped_up("alice", 1_000)).then(
        posted(
            ("F2c.7", ("RAIL.RCV", "card", 401), ("RCV.CUST", "alice", -401)),
            (
                "F1.1",
                ("RAIL.RCV", "card", 599),
                ("W.AVL", "alice", -589),
                ("REV.TOPUP", "", -10),
            ),
        )
    )


def test_what_pays_a_debt_needs_no_room_under_the_cap():
    start = in_debt(90, capped(balance_cap=100))
    start.when(topped_up("alice", 191)).then(rejected(RejectionReason.LIMIT_BALANCE_CAP))
    start.when(topped_up("alice", 190)).then(accepted(), holds("alice", AVL=100))


def test_a_debt_in_another_currency_is_not_paid():
    start = given(
        opened("alice", "bob", currencies=("EUR", "USD")),
        submitted("alice", 5, currency="USD"),
        cleared("alice", 5),
        pay("alice", "bob", 5, currency="USD"),
        returned("alice"),
    )
    start.when(topped_up("alice", 9)).then(happened("InflowConsumed", "ToppedUp"))


def test_who_owes_cannot_close():
    start = in_debt(40)
    start.when(CLOSE).then(rejected(INVALID, "debt"))
    start.when(topped_up("alice", 40)).then(accepted())
    start.when(CLOSE).then(accepted())


def test_a_closed_wallet_may_come_to_owe():
    start = given(opened("alice", "bob"), submitted("alice", 5), cleared("alice", 5))
    start.when(pay("alice", "bob", 5)).then(accepted())
    start.when(CLOSE).then(accepted())
    start.when(returned("alice")).then(accepted(), system("RCV.CUST", 5, "alice"))


def test_a_debt_stays_inside_64_bits():
    rig = Rig()
    given(
        opened("alice", "bob"),
        submitted("alice", 5),
        cleared("alice", 5),
        pay("alice", "bob", 5),
        rig=rig,
    )
    rig.view.accounts.put(("RCV.CUST", "alice", "EUR"), AccountRow(INT64_MAX - 4))
    decision = returned("alice")(rig)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "RCV.CUST")
