"""A sale that cannot be its merchant's is taken all the same, and kept apart."""

import pytest

from schemas.messages.commands import ChangeWalletStatus, Pay
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import Authority, StatusAction, WalletKind
from tests.support.builders import DAY, INT64_MAX, NOON, Rig, policy
from tests.support.given import accepted, command, given, opened, topped_up
from tests.support.looking import system_balance
from tests.unit.ledger.catalogue_rows import posted_in
from tests.unit.ledger.merchants import Market

MERCHANT = opened("mart", kind=WalletKind.MERCHANT)


def buy(to="mart", currency="EUR"):
    return command("alice", Pay(to, currency, 100, "order"), "p")


def shopping(*steps, **changed):
    return given(
        opened("alice"),
        MERCHANT,
        topped_up("alice", 1_000),
        *steps,
        rig=Rig(policy_=policy(**changed)),
    )


SUSPENDED = {("W.AVL", "alice"): 100, ("IB", "0"): 0, ("SUSP", "merchant"): -100}


@pytest.mark.parametrize(
    ("steps", "to"),
    [
        ([], "nobody"),
        ([opened("bob")], "bob"),
        ([command("mart", ChangeWalletStatus(StatusAction.CLOSE, Authority.OPERATOR))], "mart"),
        (
            [command("mart", ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.COURT))],
            "mart",
        ),
    ],
)
def test_what_cannot_be_the_merchants_is_kept_in_suspense(steps, to):
    decision = shopping(*steps).when(buy(to=to)).then(accepted())
    assert posted_in(decision) == SUSPENDED
    assert [entry.flow for entry in decision.entries] == ["F6.1", "F6s.2"]


def test_a_currency_that_the_merchant_does_not_hold():
    start = given(
        opened("alice", currencies=("EUR", "USD")), MERCHANT, topped_up("alice", 100, "USD")
    )
    decision = start.when(buy(currency="USD")).then(accepted())
    assert ("SUSP", "merchant") in posted_in(decision)


def test_a_merchant_whose_money_would_leave_64_bits():
    limits = {"per_tx_in": 2**63, "day_in": 2**64, "month_in": 2**64, "balance_cap": 2**64}
    start = shopping(limits=limits)
    start.rig.view.accounts.put(("RAIL.RCV", "card", "EUR"), AccountRow(0))
    start.when(topped_up("mart", INT64_MAX - 99))
    decision = start.rig.command("alice", Pay("mart", "EUR", 100, "order"), "p")
    assert ("SUSP", "merchant") in posted_in(decision)


def test_suspense_on_another_partition_is_answered_like_a_sale():
    market = Market()
    market.pay(to="nobody-1")
    assert system_balance(market.rig.view, "SUSP", "merchant") == -10_000
    assert market.payer_rig.view.sagas.rows == {}
    assert market.payer_has("W.AVL") == (40_000,)
    market.check()


def test_a_payment_whose_name_is_taken_is_kept_in_suspense():
    """Its payer took an id again, after 35 days."""
    for home in (0, 1):
        market = Market(home)
        market.pay()
        market.mature()
        for rig in (market.payer_rig, market.rig):
            rig.at = NOON + 36 * DAY
        market.pay(5_000)
        assert system_balance(market.rig.view, "SUSP", "merchant") == -5_000
        assert market.payment().amount == 10_000
        market.check()
