"""Settlements: what a line of a rail or bank may settle; and what no family decides."""

import pytest

from ledger.case import Case, Moment
from ledger.decisions import families
from ledger.decisions.transactions import moved, row_of
from ledger.errors import InvariantError
from ledger.inputs import CommandInput
from ledger.lifecycle import settlement_path, transition_refusal
from schemas.messages.commands import (
    Transfer,
    WalletCommand,
)
from schemas.messages.vocabulary import (
    RejectionReason,
    TransactionKind,
    TransactionState,
)
from tests.support.bank import (
    handed_over,
    posted,
    settled,
    stands,
    withdraw,
)
from tests.support.builders import NOON, Rig
from tests.support.given import (
    accepted,
    given,
    happened,
    opened,
    rejected,
    topped_up,
)

INVALID = RejectionReason.INVALID_TRANSITION
S = TransactionState


def with_money(*steps):
    return given(opened("alice"), topped_up("alice", 101), *steps)


def test_a_settlement_completes_what_its_rail_still_had():
    start = with_money(withdraw("alice", 100), handed_over("alice"))
    start.when(settled("alice")).then(
        accepted(),
        happened("TransactionMoved", "TransactionMoved"),
        posted(),
        stands("alice", "out", S.SETTLED, reference="ref"),
    )
    start.when(settled("alice")).then(rejected(INVALID, "SETTLED"))


def test_a_settlement_names_what_had_no_reference():
    start = with_money()
    row = row_of(TransactionKind.REFUND, "EUR", 5)
    fields = {name: getattr(row, name) for name in type(row).__match_args__}
    completed = type(row)(**{**fields, "state": S.COMPLETED})
    start.rig.view.transactions.put(("alice", "refund"), completed)
    decision = settled("alice", "refund")(start.rig)
    assert decision.reason is None
    assert start.rig.view.transactions.get(("alice", "refund")).reference == "line"


@pytest.mark.parametrize(
    ("kind", "state", "settles"),
    [
        (TransactionKind.TOPUP_BANK, S.COMPLETED, True),
        (TransactionKind.TOPUP_BANK, S.PROCESSING, False),
        (TransactionKind.PAYMENT, S.PROCESSING, False),  # an answer is on its way
        (TransactionKind.PAYMENT, S.DISPUTED, False),
        (TransactionKind.PAYMENT, S.COMPLETED, True),
        (TransactionKind.P2P, S.COMPLETED, False),
        (TransactionKind.MERCHANT_PAYOUT, S.PROCESSING, True),
        (TransactionKind.BILL_PAYMENT, S.PROCESSING, True),
        (TransactionKind.ESCROW, S.COMPLETED, True),
    ],
)
def test_which_transactions_a_match_settles(kind, state, settles):
    row = row_of(kind, "EUR", 5)
    fields = {name: getattr(row, name) for name in type(row).__match_args__}
    row = type(row)(**{**fields, "state": state})
    path = settlement_path(row)
    assert (bool(path) and transition_refusal(row, kind, *path) is None) is settles


def test_a_command_of_no_family_and_a_step_off_the_table_are_bugs():
    rig = Rig()
    body = Transfer("bob", "EUR", 1)
    given_ = CommandInput(b"alice", WalletCommand("c", "alice", NOON, body), b"", b"")
    moment = Moment(rig.view, NOON, rig.programme, rig.place)
    with pytest.raises(InvariantError, match="nobody decides a Transfer"):
        families.act(Case(moment, given_), body)
    row = row_of(TransactionKind.WITHDRAWAL, "EUR", 5)
    with pytest.raises(InvariantError, match="cannot go from"):
        moved(("alice", "out"), row, S.SETTLED)
