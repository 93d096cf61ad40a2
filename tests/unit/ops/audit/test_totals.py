"""Totals: what a sound log adds up to, and every way in which a log does not add up."""

from collections import Counter

import pytest

from ops.audit.totals import Totals
from schemas.messages.decisions import InputSource, TimerSource
from schemas.messages.events import ReviewOpened, ReviewResolved, TransferSettled
from schemas.messages.vocabulary import InputTopic, ReviewVerdict, TimerKind
from tests.support.checked import copied
from tests.unit.ops.ledger_day import ALICE, decisions


def added(made):
    totals = Totals()
    for each in made:
        totals.add(each)
    return totals


def planted(change):
    """The day with one Decision changed: `change` returns the new one, or None to leave it."""
    done, made = False, []
    for each in decisions():
        new = None if done else change(each)
        done = done or new is not None
        made.append(new or each)
    assert done, "nothing was planted"
    return added(made)


def test_a_sound_log_adds_up():
    totals = added(decisions())
    assert totals.findings == []
    assert set(totals.trial_balance().values()) == {0}
    assert {partition for partition, _ in totals.trial_balance()} == {0, 1}
    assert set(totals.in_flight().values()) == {0}
    assert totals.open_transfers == {}
    assert totals.decisions == len(decisions())
    assert totals.entries == sum(len(each.entries) for each in decisions())


def test_every_command_is_counted_by_its_answer():
    totals = added(decisions())
    assert totals.commands == 10
    assert totals.outcomes == Counter(
        {("ACCEPTED", ""): 8, ("DUPLICATE", ""): 1, ("REJECTED", "UNREADABLE"): 1}
    )
    assert totals.covered[0, InputTopic.COMMANDS] == 9
    assert totals.covered[1, InputTopic.LEGS] == 1


def test_money_on_its_way_is_in_flight():
    totals = added(decisions(settled=False))
    assert totals.findings == []
    assert totals.in_flight() == {"EUR": 40}
    assert totals.open_transfers == {(ALICE, "far"): ("EUR", 40)}
    assert set(totals.trial_balance().values()) == {0}


def test_a_settled_transfer_is_not_open_any_more():
    sent = next(each for each in decisions(settled=False) if each.command_id == "far")
    totals = added([sent])
    assert totals.open_transfers
    ended = next(
        each
        for each in decisions()
        if any(isinstance(event, TransferSettled) for event in each.events)
    )
    totals.add(ended)
    assert totals.open_transfers == {}


def test_a_review_is_open_until_it_is_resolved():
    template = decisions()[0]
    opened = ReviewOpened("w", "r", "x", "EUR", 5, 0, 9, 1, 1, 1, 5)
    resolved = ReviewResolved("w", "r", ReviewVerdict.REJECT, "ann", "EUR", 5, 0)
    totals = added([copied(template, events=(opened,))])
    assert totals.open_reviews == {("w", "r")}
    totals.add(copied(template, events=(resolved,)))
    assert totals.open_reviews == set()


def test_a_posting_that_was_changed_unbalances_entry_balance_and_trial_balance():
    def change(decision):
        if not decision.entries:
            return None
        entry = decision.entries[0]
        first = copied(entry.postings[0], amount=entry.postings[0].amount + 1)
        entry = copied(entry, postings=(first, *entry.postings[1:]))
        return copied(decision, entries=(entry, *decision.entries[1:]))

    totals = planted(change)
    assert "partition 0 #2 entry 0 (F1.1) does not balance" in totals.findings
    assert any("its postings add up to 1001" in each for each in totals.findings)
    assert totals.trial_balance()[0, "EUR"] == 1


@pytest.mark.parametrize("by", [1, -1])
def test_a_stated_balance_that_is_wrong_is_found(by):
    def change(decision):
        if not decision.balances:
            return None
        first = copied(decision.balances[0], minor=decision.balances[0].minor + by)
        return copied(decision, balances=(first, *decision.balances[1:]))

    (finding,) = planted(change).findings
    assert finding.startswith(f"partition 0 #2 states {1_000 + by} for RAIL.RCV:card EUR, ")
    assert finding.endswith("its postings add up to 1000")


def test_an_input_that_is_answered_twice_is_found():
    def change(decision):
        source = decision.source
        if not isinstance(source, InputSource) or source.offset != 4:
            return None
        return copied(decision, source=copied(source, offset=3))

    (finding,) = planted(change).findings
    assert finding == "partition 0 #5 answers offset 3 of COMMANDS again"


def test_inputs_of_different_topics_and_partitions_are_told_apart():
    totals = added(decisions())
    assert {topic for _, topic in totals.covered} == {InputTopic.COMMANDS, InputTopic.LEGS}
    assert {partition for partition, _ in totals.covered} == {0, 1}


def test_a_timer_covers_no_input():
    template = decisions()[0]
    fired = copied(template, source=TimerSource(TimerKind.HOLD_EXPIRY, 1, "w", "h"))
    totals = added([fired])
    assert (totals.decisions, totals.commands, totals.covered) == (1, 0, {})
