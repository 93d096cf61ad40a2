"""What no family owns, and a timer that no row has, is a bug of ours: the partition halts."""

import pytest

from ledger.case import Case, Moment
from ledger.decisions import due, families, travel
from ledger.decisions.transactions import moved, row_of
from ledger.errors import InvariantError
from ledger.inputs import CommandInput
from schemas.messages.commands import Transfer, WalletCommand
from schemas.messages.legs import Leg
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import (
    LegKind,
    Purpose,
    TimerKind,
    TransactionKind,
    TransactionState,
)
from tests.support.builders import NOON, Rig


@pytest.fixture
def moment():
    rig = Rig()
    return Moment(rig.view, NOON, rig.programme, rig.place)


def test_a_command_without_a_family(moment):
    body = Transfer("bob", "EUR", 1)
    given = CommandInput(b"alice", WalletCommand("c", "alice", NOON, body), b"", b"")
    with pytest.raises(InvariantError, match="nobody decides a Transfer"):
        families.act(Case(moment, given), body)


@pytest.mark.parametrize("step", [travel.arrive, travel.delivered])
def test_money_without_a_purpose_of_its_own(moment, step):
    leg = Leg(LegKind.CREDIT, 0, 1, 1, 1, 1, "c", Purpose.TRANSFER, "alice", "bob", "EUR", 1)
    with pytest.raises(InvariantError, match="TRANSFER"):
        step(moment, leg)
    with pytest.raises(InvariantError, match="TRANSFER"):
        travel.refused(moment, leg, None)


@pytest.mark.parametrize(
    ("kind", "row_due", "why"),
    [
        (None, 0, "stale timer"),
        (TransactionKind.ESCROW, 6, "stale timer"),
        (TransactionKind.BILL_PAYMENT, 5, "nothing of a BILL_PAYMENT waits"),
    ],
)
def test_a_timer_of_something_that_does_not_wait(moment, kind, row_due, why):
    if kind is not None:
        row = row_of(kind, "EUR", 1, due=row_due)
        moment.view.transactions.put(("alice", "x"), row)
    with pytest.raises(InvariantError, match=why):
        due.transaction_due(moment, TimerRow(TimerKind.TRANSACTION_DUE, 5, "alice", "x"))


def test_a_step_that_the_lifecycle_does_not_know():
    row = row_of(TransactionKind.ESCROW, "EUR", 1)
    with pytest.raises(InvariantError, match="cannot go"):
        moved(("alice", "x"), row, TransactionState.COMPLETED)
