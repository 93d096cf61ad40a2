"""Lifecycles: every state is reached, every one that is not final leads on, the rest is refused."""

import pytest

from ledger.decisions.transactions import moved, row_of
from ledger.errors import InvariantError
from ledger.lifecycle import TRANSITIONS, may_follow, transition_refusal
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

START = TransactionState.INITIATED
KINDS = tuple(TransactionKind)
EVERYWHERE = [(before, after) for before in TransactionState for after in TransactionState]


def reached_from(kind, start):
    found, waiting = set(), [start]
    while waiting:
        for after in TRANSITIONS[kind].get(waiting.pop(), ()):
            if after not in found:
                found.add(after)
                waiting.append(after)
    return found


def standing(kind, state):
    """A transaction that some way through the table has brought to a state."""
    ways, waiting = {START: ()}, [START]
    while waiting:
        before = waiting.pop(0)
        for after in TRANSITIONS[kind].get(before, ()):
            if after not in ways:
                ways[after] = (*ways[before], after)
                waiting.append(after)
    row = row_of(kind, "EUR", 100)
    return moved(("alice", "t"), row, *ways[state])[-1].row if state is not START else row


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_of_a_kind_is_reached_from_its_beginning(kind):
    named = set(TRANSITIONS[kind]) | {each for to in TRANSITIONS[kind].values() for each in to}
    assert reached_from(kind, START) == named - {START}


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_that_is_not_final_reaches_a_final_one(kind):
    table = TRANSITIONS[kind]
    for state in table:
        assert {each for each in reached_from(kind, state) if each not in table}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_leads_back_to_the_beginning(kind):
    assert all(START not in following for following in TRANSITIONS[kind].values())


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_table_does_not_list_is_refused_and_never_happens(kind):
    named = {START} | reached_from(kind, START)
    for before, after in EVERYWHERE:
        if before not in named:
            continue
        row = standing(kind, before)
        refusal = transition_refusal(row, kind, after)
        assert (refusal is None) is may_follow(kind, before, after)
        if refusal is None:
            assert moved(("alice", "t"), row, after)[0].row.state is after
        else:
            assert (refusal.reason, refusal.detail) == (
                RejectionReason.INVALID_TRANSITION,
                before.name,
            )
            with pytest.raises(InvariantError):
                moved(("alice", "t"), row, after)


def test_a_transaction_that_is_not_there_or_of_another_kind_is_refused():
    other = row_of(TransactionKind.ESCROW, "EUR", 1)
    for row in (None, other):
        refusal = transition_refusal(row, TransactionKind.REFUND, TransactionState.PENDING)
        assert (refusal.reason, refusal.detail) == (
            RejectionReason.INVALID_TRANSITION,
            "transaction_id",
        )


def test_a_path_is_refused_at_its_first_wrong_step():
    row = standing(TransactionKind.WITHDRAWAL, TransactionState.PENDING)
    way = (TransactionState.PROCESSING, TransactionState.EXPIRED)
    assert transition_refusal(row, TransactionKind.WITHDRAWAL, *way).detail == "PROCESSING"
