"""A suspended sale is sent to a merchant, or back to its payer: all of it, once."""

import pytest

from schemas.messages.commands import AllocateSale, ChangeWalletStatus, OpenWallet, TopUp, Transfer
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    RejectionReason,
    Stage,
    StatusAction,
    Tier,
    TransactionState,
    WalletKind,
)
from tests.support.builders import DAY, INT64_MAX, NOON
from tests.support.looking import balance, system_balance
from tests.unit.ledger.catalogue_rows import posted_in
from tests.unit.ledger.merchants import PAYER, Market

PENDING, PROCESSING = TransactionState.PENDING, TransactionState.PROCESSING
COMPLETED = TransactionState.COMPLETED


class Desk(Market):
    """A market with a treasury beside each party; `sam` has paid somebody who is no merchant."""

    def __init__(self, home=1, to="nobody-1", **changed):
        super().__init__(home, **changed)
        self.desk = "bank-1" if home else "bank"
        for rig, desk in ((self.payer_rig, "bank"), (self.rig, "bank-1")):
            if self.at_home is False or desk == "bank":
                rig.command(desk, OpenWallet(WalletKind.TREASURY, Tier.BASIC, ("EUR",)))
        self.pay(to=to)
        self.name, _ = next(iter(self.rig.view.suspended_sales.rows.items()))
        self.sequence = int(self.name.split("/")[2])

    def send(self, to, command_id="a", *, payment="sam/p", sequence=None, desk=None):
        body = AllocateSale(payment, self.sequence if sequence is None else sequence, to)
        decision = self.rig.command(desk or self.desk, body, command_id)
        self.carry()
        return decision

    def row(self):
        return self.rig.view.suspended_sales.get(self.name)

    def waits(self):
        return -system_balance(self.rig.view, "SUSP", "merchant")


def stands(desk, state, sent_to, waits):
    assert (desk.row().state, desk.row().sent_to, desk.waits()) == (state, sent_to, waits)
    desk.check()


def test_what_is_suspended_says_what_it_is():
    desk = Desk()
    row = desk.row()
    assert (row.payment_id, row.merchant, row.order_ref) == ("sam/p", "nobody-1", "order")
    assert (row.currency, row.amount) == ("EUR", 10_000)
    suspending = desk.last("F6s.2")
    assert suspending.sequence == desk.sequence
    stands(desk, PENDING, "", 10_000)


@pytest.mark.parametrize("home", [0, 1])
def test_to_a_merchant_of_this_partition(home):
    desk = Desk(home, "nobody-1" if home else "nobody")
    decision = desk.send(desk.merchant)
    assert (decision.outcome, decision.stage) == (Outcome.ACCEPTED, Stage.FINAL)
    assert [entry.flow for entry in decision.entries] == ["F19.2", "F6.2"]
    assert posted_in(decision) == {
        ("SUSP", "merchant"): 10_000,
        ("IB", str(home)): 0,
        ("M.PEND", desk.merchant): -9_210,
        ("M.RSV", desk.merchant): -500,
        ("REV.MDR", ""): -290,
    }
    row = desk.payment()
    assert (row.counterparty, row.reference, row.due) == (PAYER, "order", NOON + 2 * DAY)
    assert desk.row().state is COMPLETED
    stands(desk, COMPLETED, desk.merchant, 0)


def test_its_payment_is_refunded_like_any_other():
    desk = Desk()
    desk.send(desk.merchant)
    assert desk.refund(10_000).outcome is Outcome.ACCEPTED
    assert desk.payer_has("W.AVL") == (50_000,)
    desk.check()


@pytest.mark.parametrize("home", [0, 1])
def test_back_to_its_payer(home):
    desk = Desk(home, "nobody-1" if home else "nobody")
    decision = desk.send(PAYER)
    assert decision.stage is (Stage.PENDING if home else Stage.FINAL)
    assert desk.payer_has("W.AVL") == (50_000,)
    assert desk.rig.view.sagas.rows == {}
    stands(desk, COMPLETED, PAYER, 0)


def test_a_payer_who_may_not_be_credited_finds_it_in_a_lien():
    desk = Desk()
    freeze = ChangeWalletStatus(StatusAction.FREEZE_BOTH, Authority.COURT)
    desk.payer_rig.command(PAYER, freeze)
    desk.send(PAYER)
    assert desk.payer_has("W.AVL", "W.LIEN") == (40_000, 10_000)


def test_to_a_merchant_of_another_partition():
    desk = Desk()
    desk.payer_rig.open("mart", Tier.BASIC, ("EUR",), WalletKind.MERCHANT)
    desk.rig.command(desk.desk, AllocateSale("sam/p", desk.sequence, "mart"), "a")
    stands(desk, PROCESSING, "mart", 0)
    desk.carry()
    assert balance(desk.payer_rig.view, "mart", "M.PEND") == 9_710
    assert desk.payer_rig.view.transactions.get(("mart", "sam/p")).counterparty == PAYER
    assert desk.rig.view.sagas.rows == {}
    stands(desk, COMPLETED, "mart", 0)
    again = desk.send("mart")
    assert (again.outcome, again.stage) == (Outcome.DUPLICATE, Stage.FINAL)


def test_a_merchant_elsewhere_that_refuses_leaves_it_waiting():
    desk = Desk()
    assert desk.send("nobody").stage is Stage.PENDING
    stands(desk, PENDING, "", 10_000)
    assert [entry.flow for entry in desk.last("F19b.1").entries] == ["F19b.1"]
    again = desk.send("nobody")
    assert (again.outcome, again.reason) == (
        Outcome.DUPLICATE,
        RejectionReason.RECIPIENT_REFUSED,
    )
    assert desk.send(PAYER, "b").outcome is Outcome.ACCEPTED
    assert desk.payer_has("W.AVL") == (50_000,)


def test_an_id_may_be_suspended_twice():
    """Its payer took it again after 35 days; each of the two is sent for itself."""
    desk = Desk()
    for rig in (desk.payer_rig, desk.rig):
        rig.at = NOON + 36 * DAY
    desk.pay(5_000, to="nobody-1")
    first, second = sorted(row.amount for row in desk.rig.view.suspended_sales.rows.values())
    assert (first, second, desk.waits()) == (5_000, 10_000, 15_000)
    desk.send(PAYER)
    stands(desk, COMPLETED, PAYER, 5_000)


# --- refusals


def refused(desk, decision, reason, detail):
    assert (decision.reason, decision.detail) == (reason, detail)
    assert desk.waits() == 10_000
    assert desk.row().state is PENDING
    desk.check()


@pytest.mark.parametrize(
    ("changed", "reason", "detail"),
    [
        ({"payment": "p"}, RejectionReason.MALFORMED_FIELD, "payment_id"),
        ({"sequence": 0}, RejectionReason.MALFORMED_FIELD, "sequence"),
        ({"to": "-"}, RejectionReason.MALFORMED_FIELD, "to_wallet_id"),
        ({"to": "bank-1"}, RejectionReason.SELF_TRANSFER, "to_wallet_id"),
        ({"payment": "sam/q"}, RejectionReason.INVALID_TRANSITION, "payment_id"),
        ({"sequence": 99}, RejectionReason.INVALID_TRANSITION, "payment_id"),
        ({"desk": "mart-1", "to": PAYER}, RejectionReason.UNKNOWN_ACCOUNT, "MERCHANT"),
        ({"to": "nobody-1"}, RejectionReason.RECIPIENT_REFUSED, "UNKNOWN_WALLET"),
    ],
)
def test_what_is_refused(changed, reason, detail):
    desk = Desk()
    to = changed.get("to", "mart-1")
    more = {name: value for name, value in changed.items() if name != "to"}
    refused(desk, desk.send(to, **more), reason, detail)


def test_it_is_sent_once():
    desk = Desk()
    desk.send(desk.merchant)
    for to in (desk.merchant, PAYER):
        decision = desk.send(to, f"again-{to}")
        assert decision.reason is RejectionReason.INVALID_TRANSITION
        assert decision.detail == "COMPLETED"
    assert desk.has("M.PEND") == (9_210,)


def test_it_is_not_sent_again_while_it_is_under_way():
    desk = Desk()
    desk.rig.command(desk.desk, AllocateSale("sam/p", desk.sequence, "nobody"), "a")
    decision = desk.rig.command(desk.desk, AllocateSale("sam/p", desk.sequence, PAYER), "b")
    assert (decision.reason, decision.detail) == (
        RejectionReason.INVALID_TRANSITION,
        "PROCESSING",
    )
    desk.carry()
    stands(desk, PENDING, "", 10_000)


def test_an_id_whose_movement_is_under_way():
    desk = Desk()
    desk.pay(500, "q", to="nobody-1")
    desk.rig.command(desk.desk, AllocateSale("sam/p", desk.sequence, "nobody"), "a")
    desk.rig.at = NOON + 36 * DAY
    row = [each for each in desk.rig.view.suspended_sales.rows if each.startswith("sam/q")]
    body = AllocateSale("sam/q", int(row[0].split("/")[2]), PAYER)
    decision = desk.rig.command(desk.desk, body, "a")
    assert (decision.reason, decision.detail) == (
        RejectionReason.INVALID_TRANSITION,
        "command_id",
    )


@pytest.mark.parametrize(
    ("action", "reason", "detail"),
    [
        (StatusAction.FREEZE_DEBIT, RejectionReason.DEBIT_BLOCKED, ""),
        (StatusAction.CLOSE, RejectionReason.WALLET_NOT_ACTIVE, "CLOSED"),
    ],
)
def test_suspense_does_not_leave_a_wallet_that_may_not_send(action, reason, detail):
    desk = Desk()
    desk.rig.command(desk.desk, ChangeWalletStatus(action, Authority.OPERATOR))
    refused(desk, desk.send(PAYER), reason, detail)


def test_a_merchant_that_knows_the_payment_already():
    desk = Desk()
    desk.rig.view.transactions.put((desk.merchant, "sam/p"), _sold())
    decision = desk.send(desk.merchant)
    assert (decision.reason, decision.detail) == (
        RejectionReason.RECIPIENT_REFUSED,
        "INVALID_TRANSITION",
    )


def _sold():
    market = Market()
    market.pay()
    return market.payment()


@pytest.mark.parametrize(
    ("prepare", "detail"),
    [
        (lambda rig: rig.open("bob-1"), "UNKNOWN_ACCOUNT"),
        (
            lambda rig: (
                rig.open("bob-1", Tier.BASIC, ("EUR",), WalletKind.MERCHANT),
                rig.command(
                    "bob-1", ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.COURT)
                ),
            ),
            "CREDIT_BLOCKED",
        ),
    ],
)
def test_a_recipient_here_that_may_not_have_it(prepare, detail):
    desk = Desk()
    prepare(desk.rig)
    decision = desk.send("bob-1")
    refused(desk, decision, RejectionReason.RECIPIENT_REFUSED, detail)


def test_a_merchant_whose_money_would_leave_64_bits():
    limits = {"per_tx_in": 2**63, "day_in": 2**64, "month_in": 2**64, "balance_cap": 2**64}
    desk = Desk(limits=limits)
    desk.order(TopUp("EUR", INT64_MAX - 99, "card", "big"))
    decision = desk.send(desk.merchant)
    assert (decision.reason, decision.detail) == (
        RejectionReason.RECIPIENT_REFUSED,
        "AMOUNT_OVERFLOW",
    )


def test_a_treasury_does_nothing_else():
    desk = Desk()
    decision = desk.rig.command(desk.desk, Transfer(PAYER, "EUR", 5), "t")
    assert decision.reason is RejectionReason.UNKNOWN_ACCOUNT
