"""Planted faults: each is found by exactly its check, and where it is."""

import pytest

from schemas.messages.commands import Transfer
from schemas.messages.decisions import Seal, TimerSource
from schemas.messages.events import EntryPosted, HoldPlaced, LegReceived, LegSent
from schemas.messages.rows import PairInRow
from schemas.messages.vocabulary import (
    ReconAction,
    ReconCheck,
    ReconSeverity,
    RejectionReason,
    TimerKind,
)
from tests.support.checked import copied
from tests.unit.streams.reconciliation.internal.valley import (
    ALICE,
    Valley,
    altered,
    at,
    checks,
    day,
    followed,
    sequence_of,
    without,
)


def test_a_day_without_a_fault_has_no_break_and_every_cut_is_equal():
    found = followed(day().logs())
    assert found.opened == []
    assert {k: each.equal for k, each in found.proofs.items()} == {1: True, 2: True, 3: True}


def moved(entry, changes):
    """An entry with amounts added to some of its lines."""
    lines = list(entry.postings)
    for index, more in changes.items():
        lines[index] = copied(lines[index], amount=lines[index].amount + more)
    return copied(entry, postings=tuple(lines))


def with_entry(records, sequence, changes):
    entry, *others = at(records, sequence).entries
    return altered(records, sequence, entries=(moved(entry, changes), *others))


def test_a_posting_that_was_changed():
    logs = day().logs()
    sequence = sequence_of(logs[0], "TransferDebited")
    logs[0] = with_entry(logs[0], sequence, {0: 1})
    (found,) = followed(logs).opened
    assert (found.check, found.action) == (ReconCheck.RI01, ReconAction.HALT)
    assert (found.partition, found.sequence, found.severity) == (
        0,
        sequence,
        ReconSeverity.CRITICAL,
    )
    assert (found.break_id, found.detail) == (f"RI01-0-{sequence}", "entry 0 (F5.1) sums to 1 EUR")


def test_an_entry_that_balances_but_is_not_the_one_owed():
    logs = day().logs()
    sequence = sequence_of(logs[0], "TransferDebited")
    logs[0] = with_entry(logs[0], sequence, {0: 5, 1: -5})
    (found,) = followed(logs).opened
    assert (found.check, found.action) == (ReconCheck.RI04, ReconAction.CRITICAL)
    assert found.detail == "entry 0 is F5.1 of 105 EUR, owed is F5.1 or F7.3 of 100"


@pytest.mark.parametrize("entries", [0, 2])
def test_an_entry_that_is_missing_or_doubled(entries):
    logs = day().logs()
    sequence = sequence_of(logs[0], "TransferDebited")
    (entry,) = at(logs[0], sequence).entries
    doubled = (entry, copied(entry, index=1))[:entries]
    logs[0] = altered(logs[0], sequence, entries=doubled)
    (found,) = followed(logs).opened
    assert (found.check, found.sequence) == (ReconCheck.RI04, sequence)
    assert found.detail == f"{entries} entries where events owe 1: F5.1"


def test_an_entry_booked_by_hand_that_is_not_the_lines_it_says():
    valley = Valley()
    given = valley.rigs[0].log[1][0]  # the top-up, said as lines of their own
    (entry,) = given.entries
    said = EntryPosted(ALICE, "x", entry.flow, entry.postings)
    logs = valley.logs()
    honest = altered(logs[0], 2, events=(said,))
    assert followed([honest, logs[1]]).opened == []
    swapped = copied(entry, postings=tuple(reversed(entry.postings)))
    logs[0] = altered(honest, 2, entries=(swapped,))
    assert checks(followed(logs)) == {"RI04"}


def test_a_balance_that_is_not_the_sum_of_its_postings():
    logs = day().logs()
    sequence = sequence_of(logs[0], "HoldPlaced")
    balances = at(logs[0], sequence).balances
    wrong = tuple(
        copied(each, minor=each.minor - 1) if each.account == "W.AVL" else each for each in balances
    )
    logs[0] = altered(logs[0], sequence, balances=wrong)
    found = followed(logs).opened
    assert {each.check for each in found} == {ReconCheck.RI02}
    assert (found[0].sequence, found[0].action) == (sequence, ReconAction.HALT)
    assert found[0].detail == "W.AVL:alice-0 EUR moved by 39, postings say 40"


def test_a_cut_shows_a_partition_whose_balances_do_not_add_up():
    logs = day().logs()
    last = max(each for each in range(1, len(logs[0]) + 1) if at(logs[0], each).balances)
    first, *others = at(logs[0], last).balances
    wrong = (copied(first, minor=first.minor - 1), *others)
    logs[0] = altered(logs[0], last, balances=wrong)
    found = followed(logs)
    assert checks(found) == {"RI02"}
    assert {k: (each.equal, each.money[0].trial) for k, each in found.proofs.items()} == {
        1: (True, 0),
        2: (True, 0),
        3: (False, -1),
    }
    at_the_cut = found.open["RI02-cut-3-partition 0"]
    assert at_the_cut.detail == "the trial balance is {'EUR': -1}"
    assert at_the_cut.subject == "cut 3, partition 0"


def test_a_leg_that_was_never_sent():
    logs = day().logs()
    sequence = sequence_of(logs[0], "TransferDebited")
    kept = tuple(each for each in at(logs[0], sequence).events if not isinstance(each, LegSent))
    logs[0] = altered(logs[0], sequence, events=kept)
    found = followed(logs)
    assert checks(found) == {"RI05"}
    (first,) = (each for each in found.opened if each.sequence == sequence)
    assert (first.partition, first.subject) == (0, "IB:1 EUR")
    assert first.detail == "IB:1 EUR is -100, its legs say 0"
    assert "leg 2 sent follows 0" in {each.detail for each in found.opened}
    apart = [each for each in found.opened if each.break_id == "RI05-pair-0-1-1"]
    assert [each.subject for each in apart] == ["pair 0-1"]


def test_a_leg_that_arrived_nowhere():
    """It was taken out of the destination's log; the money stays in flight at its sender."""
    valley = Valley()
    valley.pay(100)
    valley.pay(50)
    valley.deliver()
    logs = valley.logs()
    sequence = sequence_of(logs[1], "LegReceived")
    decision = at(logs[1], sequence)
    kept = tuple(each for each in decision.events if not isinstance(each, LegReceived))
    logs[1] = altered(logs[1], sequence, events=kept)
    found = followed(logs)
    assert checks(found) == {"RI05"}
    assert {each.detail for each in found.opened} >= {
        "IB:0 EUR is 100, its legs say 0",
        "leg 2 taken follows 0",
        "legs 1 to 2: sent {'EUR': 150}, accepted and refused {'EUR': 50}",
    }


def test_a_leg_that_was_taken_twice():
    """The inbox of the destination forgets it: the real core then credits the money again."""
    valley = Valley()
    valley.pay(100)
    (leg,) = valley.rigs[0].legs
    valley.deliver()
    taker = valley.rigs[1]
    taker.view.pairs_in.put(0, PairInRow(0, 1))
    taker.view.inbox.delete((0, 1))
    twice = taker.leg(leg)
    valley.deliver()
    found = followed(valley.logs())
    assert checks(found) == {"RI05"}
    first = found.opened[0]
    assert (first.partition, first.sequence, first.subject) == (1, twice.sequence, "pair 1-0")
    assert first.detail == "leg 1 taken came again"
    assert "legs 1 to 1" in found.opened[-1].detail


def test_a_transfer_that_was_taken_back_without_an_answer():
    logs = day().logs()
    sequence = sequence_of(logs[0], "TransferCompensated")
    timer = TimerSource(TimerKind.SAGA_CANCEL, at(logs[0], sequence).decided_at, ALICE, "x")
    received = tuple(
        each for each in at(logs[0], sequence).events if not isinstance(each, LegReceived)
    )
    logs[0] = altered(logs[0], sequence, source=timer, events=received)
    found = followed(logs)
    assert checks(found) == {"RI05"}
    (wrong,) = (each for each in found.opened if each.sequence == sequence)
    assert wrong.detail.endswith(" was ended without its NACK")


def test_a_credit_that_ends_twice():
    valley = day()
    records = valley.logs()
    sequence = sequence_of(records[0], "TransferSettled")
    (settled,) = (
        e for e in at(records[0], sequence).events if type(e).__name__ == "TransferSettled"
    )
    again = (*at(records[0], sequence).events, settled)
    found = followed([altered(records[0], sequence, events=again), records[1]])
    assert [each.detail for each in found.opened] == ["CREDIT 1 was ended, but is not open"]


def test_a_hold_that_was_lost():
    """Its event became an entry of the same lines: the money is reserved for nothing."""
    valley = day()
    valley.hold(5)
    logs = valley.logs()
    sequence = sequence_of(logs[0], "HoldPlaced")
    decision = at(logs[0], sequence)
    (entry,) = decision.entries
    booked = EntryPosted(ALICE, "x", entry.flow, entry.postings)
    events = tuple(booked if isinstance(each, HoldPlaced) else each for each in decision.events)
    logs[0] = altered(logs[0], sequence, events=events)
    (found,) = followed(logs).opened
    assert (found.check, found.action) == (ReconCheck.RI07, ReconAction.CRITICAL)
    assert (found.sequence, found.subject) == (sequence, "alice-0 EUR")
    assert found.detail == "W.RSV has 40 EUR, active holds have 0 left"


def test_a_sequence_that_was_skipped():
    valley = day()
    refused = valley.rigs[0].command(ALICE, Transfer("bob-1", "EUR", 0))
    assert refused.reason is RejectionReason.AMOUNT_NOT_POSITIVE
    valley.pay(1)
    logs = valley.logs()
    logs[0] = without(logs[0], refused.sequence)
    (found,) = followed(logs).opened
    assert (found.check, found.sequence) == (ReconCheck.RI03, refused.sequence + 1)
    assert (
        found.detail == f"sequence {refused.sequence + 1} came where {refused.sequence} must follow"
    )


def test_a_decision_that_came_twice():
    logs = day().logs()
    logs[0].insert(5, logs[0][3])
    (found,) = followed(logs).opened
    assert (found.check, found.detail) == (ReconCheck.RI03, "sequence 4 came again after 5")


@pytest.mark.parametrize("seal", [Seal(5, 2, 0, b"", ()), Seal(4, 1, 0, b"", ())])
def test_a_seal_that_is_not_that_of_its_group(seal):
    logs = day().logs()
    logs[0] = altered(logs[0], 5, seal=seal)
    (found,) = followed(logs).opened
    assert (found.check, found.sequence) == (ReconCheck.RI03, 5)
    assert found.detail.endswith("is not that of the Decisions from 5 to 5")
