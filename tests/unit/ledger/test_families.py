"""What belongs to no family is a bug of ours, and halts the partition."""

import pytest

from ledger.case import Case, Moment
from ledger.decider import decide
from ledger.decisions import families
from ledger.decisions.transactions import moved, row_of
from ledger.errors import InvariantError
from ledger.inputs import CommandInput, TimerInput
from schemas.messages.commands import VoidHold, WalletCommand
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import TimerKind, TransactionKind, TransactionState
from tests.support.builders import NOON, Rig


def test_a_command_that_nobody_decides_halts():
    rig = Rig()
    given = CommandInput(b"ann", WalletCommand("c", "ann", NOON, VoidHold("h")), b"", b"")
    case = Case(Moment(rig.view, NOON, rig.programme, rig.place), given)
    with pytest.raises(InvariantError, match="nobody decides a VoidHold"):
        families.act(case, given.command.body)


def test_a_kind_that_waits_for_no_time_halts():
    rig = Rig()
    row = row_of(TransactionKind.REFUND, "EUR", 1, due=NOON)
    (event,) = moved(("ann", "t"), row, TransactionState.PROCESSING)
    rig.view.transactions.put(("ann", "t"), event.row)
    timer = TimerInput(TimerRow(TimerKind.TRANSACTION_DUE, NOON, "ann", "t"))
    with pytest.raises(InvariantError, match="waits for a time"):
        decide(rig.view, timer, NOON, rig.programme, rig.place)


def test_a_step_that_the_lifecycle_does_not_know_halts():
    row = row_of(TransactionKind.REFUND, "EUR", 1)
    with pytest.raises(InvariantError, match="cannot go from"):
        moved(("ann", "t"), row, TransactionState.SETTLED)
