"""Holds: reserved, captured in parts, voided, expired; captured money travels like a transfer."""

import pytest

from ingress.sdk import (
    Authority,
    CaptureHold,
    ChangeWalletStatus,
    ExtendHold,
    IncrementHold,
    Outcome,
    PlaceHold,
    RejectionReason,
    StatusAction,
    VoidHold,
)
from schemas.messages.vocabulary import HoldStatus


@pytest.fixture(params=[3, 6], ids=["same partition", "other partition"])
def shop(request, ledger):
    return ledger.open(partition=request.param)


@pytest.fixture
def payer(ledger):
    return ledger.open(partition=3, fund=100_00)


def place(ledger, payer, shop, amount=60_00, ttl_s=None):
    sent = ledger.send(payer, PlaceHold(shop, "EUR", amount, ttl_s))
    assert ledger.final(sent).outcome is Outcome.ACCEPTED
    return sent.command_id


def hold_of(ledger, wallet_id, hold_id):
    return ledger.witness.view(ledger.partition_of(wallet_id)).holds.get((wallet_id, hold_id))


def test_a_hold_reserves_and_a_capture_pays_and_releases_the_rest(ledger, payer, shop):
    hold = place(ledger, payer, shop)
    assert ledger.balances(payer) == {"W.AVL": 40_00, "W.RSV": 60_00}
    assert ledger.ask(payer, CaptureHold(hold, 45_00, False)).outcome is Outcome.ACCEPTED
    assert ledger.balances(payer) == {"W.AVL": 55_00}
    assert ledger.balances(shop) == {"W.AVL": 45_00}
    row = hold_of(ledger, payer, hold)
    assert (row.captured, row.released, row.status) == (45_00, 15_00, HoldStatus.CAPTURED)


def test_a_hold_is_captured_in_parts_and_never_beyond_what_remains(ledger, payer, shop):
    hold = place(ledger, payer, shop)
    assert ledger.ask(payer, CaptureHold(hold, 20_00, True)).outcome is Outcome.ACCEPTED
    assert ledger.balances(payer) == {"W.AVL": 40_00, "W.RSV": 40_00}
    tip = 12_00  # a fifth of what was authorized: the genesis policy lets a capture exceed a hold
    beyond = ledger.ask(payer, CaptureHold(hold, 40_00 + tip + 1, False))
    assert (beyond.outcome, beyond.reason) == (Outcome.REJECTED, RejectionReason.HOLD_EXCEEDED)
    assert ledger.ask(payer, CaptureHold(hold, 40_00, False)).outcome is Outcome.ACCEPTED
    late = ledger.ask(payer, CaptureHold(hold, 1, False))
    assert (late.outcome, late.reason) == (Outcome.REJECTED, RejectionReason.HOLD_NOT_ACTIVE)
    assert ledger.balances(payer) == {"W.AVL": 40_00}
    assert ledger.balances(shop) == {"W.AVL": 60_00}


def test_a_hold_is_incremented_and_extended_and_paid_in_full(ledger, payer, shop):
    hold = place(ledger, payer, shop, ttl_s=60)
    assert ledger.ask(payer, IncrementHold(hold, 15_00)).outcome is Outcome.ACCEPTED
    assert ledger.balances(payer) == {"W.AVL": 25_00, "W.RSV": 75_00}
    before = hold_of(ledger, payer, hold).expires_at
    assert ledger.ask(payer, ExtendHold(hold, 3_600)).outcome is Outcome.ACCEPTED
    beyond = ledger.ask(payer, IncrementHold(hold, 25_01))
    assert (beyond.outcome, beyond.reason) == (
        Outcome.REJECTED,
        RejectionReason.INSUFFICIENT_FUNDS,
    )
    assert ledger.balances(payer) == {"W.AVL": 25_00, "W.RSV": 75_00}
    row = hold_of(ledger, payer, hold)
    assert (row.authorized, row.status) == (75_00, HoldStatus.ACTIVE)
    assert row.expires_at > before + 3_000_000_000
    assert ledger.ask(payer, CaptureHold(hold, 75_00, False)).outcome is Outcome.ACCEPTED
    assert ledger.balances(payer) == {"W.AVL": 25_00}
    assert ledger.balances(shop) == {"W.AVL": 75_00}


def test_a_void_releases_what_remains(ledger, payer, shop):
    hold = place(ledger, payer, shop)
    assert ledger.ask(payer, CaptureHold(hold, 10_00, True)).outcome is Outcome.ACCEPTED
    assert ledger.ask(payer, VoidHold(hold)).outcome is Outcome.ACCEPTED
    assert ledger.balances(payer) == {"W.AVL": 90_00}
    again = ledger.ask(payer, VoidHold(hold))
    assert (again.outcome, again.reason) == (Outcome.REJECTED, RejectionReason.HOLD_NOT_ACTIVE)


def test_a_refused_capture_gives_the_amount_back(ledger, payer):
    shop = ledger.open(partition=7)
    hold = place(ledger, payer, shop)
    freeze = ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.OPERATOR)
    assert ledger.ask(shop, freeze).outcome is Outcome.ACCEPTED
    refused = ledger.ask(payer, CaptureHold(hold, 60_00, False))
    assert (refused.outcome, refused.reason) == (
        Outcome.REJECTED,
        RejectionReason.RECIPIENT_REFUSED,
    )
    assert ledger.balances(payer) == {"W.AVL": 100_00}
    row = hold_of(ledger, payer, hold)
    assert (row.captured, row.released) == (0, 60_00)


def test_a_hold_expires_by_its_timer_without_any_further_input(ledger, payer, shop):
    hold = place(ledger, payer, shop, ttl_s=1)
    ledger.saw(
        "the hold to expire", lambda: hold_of(ledger, payer, hold).status is HoldStatus.EXPIRED
    )
    assert ledger.balances(payer) == {"W.AVL": 100_00}
    late = ledger.ask(payer, CaptureHold(hold, 1, False))
    assert (late.outcome, late.reason) == (Outcome.REJECTED, RejectionReason.HOLD_NOT_ACTIVE)
