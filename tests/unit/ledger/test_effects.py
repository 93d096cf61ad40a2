"""Broken invariants halt before anything is committed; replay checks what live wrote."""

import pytest

from ledger import effects
from ledger.effects import apply, restore
from ledger.errors import InvariantError, present
from ledger.windows import NOTHING, trailing
from schemas.messages.events import (
    AttemptCounted,
    ToppedUp,
    TransferCompleted,
    TransferCredited,
)
from schemas.messages.journal import BalanceAfter, JournalEntry, Posting
from schemas.messages.rows import AccountRow, OutflowRow
from schemas.messages.vocabulary import Purpose
from tests.support.builders import INT64_MAX, NOON
from tests.support.given import given, opened, topped_up
from tests.support.looking import rows_of

BROKE = TransferCompleted("pay", Purpose.TRANSFER, "alice", "bob", "EUR", 101, 0, "W.AVL")


def rig():
    return given(opened("alice", "bob"), topped_up("alice", 100)).rig


def test_nothing_happened_nothing_posted():
    assert apply(rig().view, (), NOON, 1) == ((), ())


def test_a_wallet_account_never_goes_debit():
    with pytest.raises(InvariantError, match="would go debit by 1"):
        apply(rig().view, (BROKE,), NOON, 1)


@pytest.mark.pure
def test_an_entry_balances(monkeypatch):
    view = rig().view
    postings = (Posting("W.AVL", "alice", "EUR", 1), Posting("REV.P2P", "", "USD", -1))
    monkeypatch.setattr(effects, "entry_of", lambda event, index: JournalEntry(0, "X", postings))
    with pytest.raises(InvariantError, match="does not balance"):
        apply(view, (BROKE,), NOON, 1)


def test_a_balance_stays_in_64_bits():
    view = rig().view
    view.accounts.put(("RAIL.RCV", "card", "EUR"), AccountRow(INT64_MAX))
    topped = ToppedUp("alice", "EUR", 1, 0, "card", "ref", "top")
    with pytest.raises(InvariantError, match="would leave 64 bits"):
        apply(view, (topped,), NOON, 1)


def test_a_posting_needs_its_wallet():
    credited = TransferCredited("pay", Purpose.TRANSFER, 1, "bob-1", "nobody", "EUR", 1)
    with pytest.raises(InvariantError, match="nobody, which is not here"):
        apply(rig().view, (credited,), NOON, 1)


def test_an_event_needs_its_wallet():
    with pytest.raises(InvariantError, match="nobody is touched, but not here"):
        apply(rig().view, (AttemptCounted("nobody", 0),), NOON, 1)


def test_replay_checks_the_wallets_own_sequence():
    lived = rig()
    view = lived.replayed()
    assert rows_of(view) == rows_of(lived.view)
    wrong = BalanceAfter("W.AVL", "alice", "EUR", -1, 9)
    with pytest.raises(InvariantError, match="alice is at sequence 3, its Decision says 9"):
        restore(view, (AttemptCounted("alice", 0),), (wrong,), NOON)


def test_replay_refuses_a_balance_of_a_wallet_that_no_event_is_about():
    wrong = BalanceAfter("W.AVL", "bob", "EUR", -1, 1)
    with pytest.raises(InvariantError, match="wallet bob has a balance, but no event"):
        restore(rig().replayed(), (AttemptCounted("alice", 0),), (wrong,), NOON)


def test_replay_of_a_decision_without_postings():
    lived = rig()
    restore(lived.view, (AttemptCounted("alice", 0),), (), NOON)
    assert lived.view.wallets.get("alice").sequence == 3


def test_rows_that_must_be_there():
    with pytest.raises(InvariantError, match="hold is missing"):
        present(None, "hold")
    row = OutflowRow(1, 0, NOTHING, NOTHING, NOTHING, 0, 0, 0, 0, ())
    with pytest.raises(InvariantError, match="outflow entry 0 of wallet alice is missing"):
        trailing(rig().view.outflow_entries, "alice", row, NOON)
