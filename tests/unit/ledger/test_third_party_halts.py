"""A timer that no row has is a bug of ours: the partition halts."""

import pytest

from ledger.case import Moment
from ledger.decisions import due
from ledger.decisions.transactions import row_of
from ledger.errors import InvariantError
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import (
    TimerKind,
    TransactionKind,
)
from tests.support.builders import NOON, Rig


@pytest.fixture
def moment():
    rig = Rig()
    return Moment(rig.view, NOON, rig.programme, rig.place)


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
