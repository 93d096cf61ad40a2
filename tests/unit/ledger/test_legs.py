"""Legs: numbers, repeats, what is parked, and how far the inbox of a pair is kept."""

import pytest

from ledger.errors import InvariantError
from schemas.messages.legs import Leg
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import (
    InboxState,
    LegKind,
    Outcome,
    Purpose,
    RejectionReason,
)
from tests.support.builders import INT64_MAX, Rig
from tests.support.given import given, opened, pay, topped_up
from tests.support.looking import balance


def receiver():
    """Bob's partition."""
    there = Rig(1)
    there.open("bob-1")
    return there


def credit(pair_seq=1, **changed):
    values = {
        "kind": LegKind.CREDIT,
        "src_partition": 0,
        "dst_partition": 1,
        "pair_seq": pair_seq,
        "final_below": 1,
        "credit_seq": pair_seq,
        "transfer_id": "pay",
        "purpose": Purpose.TRANSFER,
        "from_wallet_id": "alice",
        "to_wallet_id": "bob-1",
        "currency": "EUR",
        "amount": 50,
        "reason": None,
    }
    return Leg(**{**values, **changed})


def test_a_repeated_leg_changes_nothing_and_is_not_answered():
    there = receiver()
    there.leg(credit())
    repeat = there.leg(credit())
    assert (repeat.outcome, repeat.events) == (Outcome.DUPLICATE, ())
    assert (balance(there.view, "bob-1"), len(there.legs)) == (50, 1)


def test_a_repeated_refusal_keeps_its_reason():
    there = receiver()
    there.leg(credit(amount=0))
    assert there.leg(credit(amount=0)).reason is RejectionReason.AMOUNT_NOT_POSITIVE


def test_a_credit_that_would_leave_64_bits_is_refused():
    there = receiver()
    there.view.accounts.put(("IB", "0", "EUR"), AccountRow(INT64_MAX - 49))
    decision = there.leg(credit())
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "IB")


def test_a_cancel_whose_credit_is_not_known_is_parked_and_not_answered():
    there = receiver()
    decision = there.leg(credit(kind=LegKind.CANCEL, credit_seq=7))
    assert decision.events[0].state is InboxState.PARKED
    assert there.legs == []
    parked = there.leg(credit(2, kind=LegKind.CANCEL, credit_seq=1))
    assert parked.events[0].state is InboxState.PARKED


def test_a_leg_below_what_is_kept_is_parked_and_leaves_no_row():
    there = receiver()
    there.leg(credit())
    there.leg(credit(2, final_below=2))
    assert list(there.view.inbox.rows) == [(0, 2)]
    decision = there.leg(credit())
    assert decision.events[0].state is InboxState.PARKED
    assert list(there.view.inbox.rows) == [(0, 2)]
    assert balance(there.view, "bob-1") == 100


@pytest.mark.parametrize(
    ("leg", "message"),
    [
        (credit(dst_partition=2), "came to 1"),
        (credit(src_partition=1), "came to 1"),
        (credit(3), "follows 1"),
        (credit(2, credit_seq=1), "calls itself 1"),
        (credit(2, final_below=3), "final below 3"),
        (credit(1, amount=51), "came again with other content"),
        (credit(2, kind=LegKind.ACK, credit_seq=9), "never sent"),
    ],
)
def test_what_must_be_impossible_halts(leg, message):
    there = receiver()
    there.leg(credit())
    with pytest.raises(InvariantError, match=message):
        there.leg(leg)


def test_a_cancel_of_something_else_than_a_credit_halts():
    there = receiver()
    there.leg(credit())
    there.leg(credit(2, kind=LegKind.CANCEL, credit_seq=1))
    with pytest.raises(InvariantError, match="which is no CREDIT"):
        there.leg(credit(3, kind=LegKind.CANCEL, credit_seq=2))


def test_an_answer_from_another_partition_than_the_recipients_halts():
    rig = Rig(0, 3)
    given(opened("alice"), topped_up("alice", 100), pay("alice", "bob-1", 50, "pay"), rig=rig)
    pay("alice", "carl-2", 5)(rig)
    answer = credit(1, kind=LegKind.ACK, src_partition=2, dst_partition=0)
    with pytest.raises(InvariantError, match="from partition 2"):
        rig.leg(answer)


def test_final_below_stays_under_open_credits():
    here, there = Rig(0), receiver()
    given(opened("alice"), topped_up("alice", 100), rig=here)
    for number in range(3):
        pay("alice", "bob-1", 1, f"pay{number}")(here)
    assert [leg.final_below for leg in here.legs] == [1, 1, 1]
    sent, here.legs = here.legs, []
    for leg in sent:
        there.leg(leg)
    acks, there.legs = there.legs, []
    here.leg(acks[0])
    assert here.view.pairs_out.get(1).lowest_open == 2
    pay("alice", "bob-1", 1, "pay3")(here)
    assert here.legs[-1].final_below == 2
    for leg in acks[1:]:
        here.leg(leg)
    pay("alice", "bob-1", 1, "pay4")(here)
    # Number 4 is open; the transaction before this one sent it.
    assert here.legs[-1].final_below == 4


def test_final_below_stays_under_the_last_sealed_transaction():
    """Answers leave nothing open, yet the last transaction's numbers may be sent again."""
    there = receiver()
    there.leg(credit(1))
    there.grouping = True
    there.leg(credit(2))
    there.leg(credit(3))
    there.grouping = False
    there.seal()
    there.leg(credit(4))
    assert [(leg.pair_seq, leg.final_below) for leg in there.legs] == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 2),
    ]


def test_an_answer_out_of_order_leaves_the_lowest_open():
    here, there = Rig(0), receiver()
    steps = [pay("alice", "bob-1", 1)] * 3
    given(opened("alice"), topped_up("alice", 100), *steps, rig=here)
    there.legs.clear()
    sent, here.legs = here.legs, []
    for leg in sent:
        there.leg(leg)
    first, second, third = there.legs
    swapped = [
        credit(
            number,
            kind=LegKind.ACK,
            src_partition=1,
            dst_partition=0,
            credit_seq=ack.credit_seq,
            transfer_id=ack.transfer_id,
        )
        for number, ack in enumerate((second, first, third), 1)
    ]
    lowest = []
    for leg in swapped:
        here.leg(leg)
        lowest.append(here.view.pairs_out.get(1).lowest_open)
    assert lowest == [1, 3, 4]
