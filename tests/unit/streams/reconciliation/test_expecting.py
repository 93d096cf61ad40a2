"""What must appear outside: kinds, states and signs; what failed or came back is not expected."""

from datetime import date
from types import SimpleNamespace

import pytest

from ledger.decisions.transactions import changed, row_of
from schemas.messages.events import TransactionMoved
from schemas.messages.vocabulary import TransactionKind, TransactionState
from streams.reconciliation.external.expecting import EXPECTING, Expecting, Rail, RailBook
from streams.reconciliation.external.matching.expectations import Tolerance
from streams.wallet.genesis import genesis_policy

NOON = 1_772_452_800_000_000  # 2026-03-02, UTC
DAY_US = 86_400_000_000
ZONE = genesis_policy().zone
BOOK = RailBook({"sct": Rail("DE1", 3, 2, Tolerance())})


def moved(kind, state, *, rail="sct", reference="REF-000001", name="t1", **more):
    row = row_of(kind, "EUR", 10_00, rail=rail, reference=reference, **more)
    return TransactionMoved("w", name, TransactionState.PENDING, "", "", changed(row, state=state))


def expected(*events, days=(0,)):
    made = Expecting(BOOK, ZONE)
    for number, event in enumerate(events):
        at = NOON + (days[number] if number < len(days) else days[-1]) * DAY_US
        made.take(SimpleNamespace(events=(event,), decided_at=at))
    return made.expectations()


@pytest.mark.parametrize("kind", list(TransactionKind))
@pytest.mark.parametrize("state", list(TransactionState))
def test_only_what_is_under_way_or_done_is_expected(kind, state):
    assert bool(expected(moved(kind, state))) == (state in EXPECTING.get(kind, ()))


def test_it_is_expected_at_the_rails_account_by_its_reference():
    (one,) = expected(moved(TransactionKind.WITHDRAWAL, TransactionState.PROCESSING))
    assert (one.account, one.rail_ref, one.expectation_id) == ("DE1", "REF-000001", "w/t1")
    assert (one.amount, one.currency, one.expected_on) == (-10_00, "EUR", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        (TransactionKind.TOPUP_CARD, 10_00),
        (TransactionKind.TOPUP_BANK, 10_00),
        (TransactionKind.WITHDRAWAL, -10_00),
        (TransactionKind.MERCHANT_PAYOUT, -9_75),  # its fee is kept before it leaves
        (TransactionKind.BILL_PAYMENT, -10_00),
    ],
)
def test_what_comes_in_is_positive(kind, amount):
    (one,) = expected(moved(kind, TransactionState.COMPLETED, fee=25))
    assert one.amount == amount


def test_a_bill_goes_by_its_biller():
    event = moved(
        TransactionKind.BILL_PAYMENT, TransactionState.COMPLETED, rail="", counterparty="sct"
    )
    assert [each.rail for each in expected(event)] == ["sct"]


@pytest.mark.parametrize("said", [{"rail": "pix"}, {"reference": ""}, {"rail": ""}])
def test_no_other_rail_and_nothing_without_a_reference(said):
    event = moved(TransactionKind.WITHDRAWAL, TransactionState.PROCESSING, **said)
    assert expected(event) == []


def test_the_day_is_that_of_the_first_step_and_the_rest_of_the_last():
    steps = [
        moved(TransactionKind.WITHDRAWAL, TransactionState.PROCESSING),
        moved(TransactionKind.WITHDRAWAL, TransactionState.COMPLETED, reference="REF-2"),
    ]
    (one,) = expected(*steps, days=(0, 2))
    assert (one.expected_on, one.rail_ref) == (date(2026, 3, 2), "REF-2")


def test_what_failed_is_expected_no_more():
    steps = [
        moved(TransactionKind.WITHDRAWAL, TransactionState.PROCESSING),
        moved(TransactionKind.WITHDRAWAL, TransactionState.FAILED),
    ]
    assert expected(*steps) == []
