"""A refund to a wallet that may not be credited waits in W.LIEN until it may."""

import pytest

from schemas.messages.commands import (
    AdviseChargeback,
    ChangeWalletStatus,
    OpenDispute,
    ResolveChargeback,
    ResolveDispute,
)
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    RejectionReason,
    StatusAction,
    WalletStatus,
)
from tests.unit.ledger.catalogue_rows import posted_in
from tests.unit.ledger.merchants import PAYER, Market

BLOCKS = (StatusAction.FREEZE_CREDIT, StatusAction.FREEZE_BOTH)


def status(market, action, authority=Authority.COURT):
    return market.payer_rig.command(PAYER, ChangeWalletStatus(action, authority))


def refunded(home=1, action=StatusAction.FREEZE_BOTH):
    market = Market(home)
    market.pay()
    status(market, action)
    market.refund(4_000)
    return market


def lien(market):
    row = market.payer_rig.view.liens.get((PAYER, "EUR"))
    return 0 if row is None else row.held


@pytest.mark.parametrize("home", [0, 1])
@pytest.mark.parametrize("action", BLOCKS)
def test_frozen_refunded_unfrozen(home, action):
    market = refunded(home, action)
    assert (market.payer_has("W.AVL", "W.LIEN"), lien(market)) == ((40_000, 4_000), 4_000)
    decision = status(market, StatusAction.UNFREEZE)
    assert decision.outcome is Outcome.ACCEPTED
    assert [entry.flow for entry in decision.entries] == ["F8.2f"]
    assert posted_in(decision) == {("W.LIEN", PAYER): 4_000, ("W.AVL", PAYER): -4_000}
    assert (market.payer_has("W.AVL", "W.LIEN"), lien(market)) == ((44_000, 0), 0)
    assert market.payer_rig.view.liens.rows == {}
    market.check()


def test_several_refunds_come_out_together_and_once():
    market = refunded()
    market.refund(1_000)
    assert lien(market) == 5_000
    status(market, StatusAction.UNFREEZE)
    assert market.payer_has("W.AVL", "W.LIEN") == (45_000, 0)
    status(market, StatusAction.FREEZE_CREDIT)
    decision = status(market, StatusAction.UNFREEZE)
    assert decision.entries == ()
    market.check()


def test_another_freeze_keeps_it():
    market = refunded(action=StatusAction.FREEZE_CREDIT)
    decision = status(market, StatusAction.FREEZE_DEBIT)
    assert (decision.entries, market.payer_has("W.LIEN")) == ((), (4_000,))
    status(market, StatusAction.UNFREEZE)
    assert market.payer_has("W.AVL") == (44_000,)


def test_what_a_dispute_gives_back_is_kept_and_let_go_too():
    market = Market()
    market.pay()
    market.order(OpenDispute("sam/p", 6_000, "file"), "d")
    status(market, StatusAction.FREEZE_CREDIT)
    market.order(ResolveDispute("d", 6_000))
    assert (market.payer_has("W.LIEN"), lien(market)) == ((6_000,), 6_000)
    status(market, StatusAction.UNFREEZE)
    assert market.payer_has("W.AVL", "W.LIEN") == (46_000, 0)
    market.check()


def test_a_block_of_debits_alone_keeps_nothing():
    market = refunded(action=StatusAction.FREEZE_DEBIT)
    assert (market.payer_has("W.AVL", "W.LIEN"), lien(market)) == ((44_000, 0), 0)


def test_the_lien_of_a_chargeback_stays():
    market = Market()
    market.pay()
    market.payer_rig.command(PAYER, AdviseChargeback("card", "ref", 700), "back")
    status(market, StatusAction.FREEZE_BOTH)
    market.refund(4_000)
    assert market.payer_has("W.LIEN") == (4_700,)
    status(market, StatusAction.UNFREEZE)
    assert market.payer_has("W.AVL", "W.LIEN") == (43_300, 700)
    market.payer_rig.command(PAYER, ResolveChargeback("back", True))
    assert market.payer_has("W.AVL", "W.LIEN") == (44_000, 0)
    market.check()


def test_a_lien_keeps_the_wallet_open():
    market = refunded(action=StatusAction.FREEZE_CREDIT)
    decision = status(market, StatusAction.CLOSE)
    assert (decision.reason, decision.detail) == (RejectionReason.INVALID_TRANSITION, "balance")
    row = market.payer_rig.view.wallets.get(PAYER)
    assert row.status is WalletStatus.FROZEN
