"""What no family decides is a bug of ours, and halts the partition."""

import pytest

from ledger.case import Case, Moment
from ledger.decisions import due, families, travel
from ledger.decisions.transactions import moved, row_of
from ledger.errors import InvariantError
from ledger.inputs import CommandInput
from schemas.messages.commands import VoidHold, WalletCommand
from schemas.messages.legs import Leg
from schemas.messages.rows import SagaRow, TimerRow
from schemas.messages.vocabulary import (
    LegKind,
    Purpose,
    SagaState,
    TimerKind,
    TransactionKind,
    TransactionState,
)
from tests.support.builders import NOON, Rig

LEG = Leg(LegKind.CREDIT, 1, 0, 1, 1, 1, "t", Purpose.TRANSFER, "bob-1", "alice", "EUR", 5)
SAGA = SagaRow(
    Purpose.TRANSFER, "bob-1", 1, "EUR", 5, 0, None, SagaState.DEBITED, 1, 0, 0, 0, 0, 0, 0
)


@pytest.fixture
def moment():
    rig = Rig()
    return Moment(rig.view, NOON, rig.programme, rig.place)


def test_a_command_of_no_family(moment):
    given = CommandInput(b"alice", WalletCommand("c", "alice", NOON, VoidHold("h")), b"", b"")
    with pytest.raises(InvariantError, match="nobody decides a VoidHold"):
        families.act(Case(moment, given), VoidHold("h"))


def test_money_of_no_family(moment):
    with pytest.raises(InvariantError, match="no money arrives"):
        travel.arrive(moment, LEG)
    with pytest.raises(InvariantError, match="no money is delivered"):
        travel.delivered(moment, LEG)
    with pytest.raises(InvariantError, match="no money comes back"):
        travel.refused(moment, LEG, SAGA)


def test_a_timer_of_no_family(moment):
    row = row_of(TransactionKind.P2P, "EUR", 5, due=9)
    moment.view.transactions.put(("alice", "t"), row)
    with pytest.raises(InvariantError, match="waits for a time"):
        due.transaction_due(moment, TimerRow(TimerKind.TRANSACTION_DUE, 9, "alice", "t"))


def test_a_step_that_the_table_does_not_have():
    row = row_of(TransactionKind.ADJUSTMENT, "EUR", 5)
    with pytest.raises(InvariantError, match="cannot go"):
        moved(("alice", "t"), row, TransactionState.COMPLETED)
