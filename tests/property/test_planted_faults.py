"""One fault anywhere in the log of a random day is found by its check alone, and where it is."""

from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from schemas.messages.events import LegSent
from schemas.messages.vocabulary import LegKind
from tests.property.test_reconciliation import END, cut_world
from tests.support.checked import copied
from tests.support.recon import Reconciliation, log_of_rig, record_of

OWN_SUBLEDGERS = frozenset({"W.RSV", "IB"})  # RI05 and RI07 hold these against more than postings


def posting_changed(decision, random):
    """One line of one entry is another amount."""
    entry = random.choice(decision.entries)
    line = random.randrange(len(entry.postings))
    return _with_lines(decision, entry, {line: 1})


def entry_changed(decision, random):
    """An entry still balances, but says a unit more."""
    entry = random.choice(decision.entries)
    debit = next(n for n, each in enumerate(entry.postings) if each.amount > 0)
    currency = entry.postings[debit].currency
    credit = next(
        n for n, e in enumerate(entry.postings) if e.amount < 0 and e.currency == currency
    )
    return _with_lines(decision, entry, {debit: 1, credit: -1})


def entry_lost(decision, random):
    kept = random.randrange(len(decision.entries))
    left = [each for number, each in enumerate(decision.entries) if number != kept]
    return copied(decision, entries=tuple(left))


def balance_changed(decision, random):
    places = [n for n, e in enumerate(decision.balances) if e.account not in OWN_SUBLEDGERS]
    assume(places)
    chosen = random.choice(places)
    balances = [
        copied(each, minor=each.minor + 1) if number == chosen else each
        for number, each in enumerate(decision.balances)
    ]
    return copied(decision, balances=tuple(balances))


def leg_lost(decision, random):
    """Its money left, and it was never sent."""
    del random
    kept = [each for each in decision.events if not _is_a_credit(each)]
    return copied(decision, events=tuple(kept))


def leg_doubled(decision, random):
    del random
    events = [each for each in decision.events for _ in range(1 + _is_a_credit(each))]
    return copied(decision, events=tuple(events))


def _with_lines(decision, entry, changes):
    lines = [
        copied(each, amount=each.amount + changes.get(number, 0))
        for number, each in enumerate(entry.postings)
    ]
    changed = copied(entry, postings=tuple(lines))
    entries = tuple(changed if each is entry else each for each in decision.entries)
    return copied(decision, entries=entries)


def _is_a_credit(event):
    return isinstance(event, LegSent) and event.leg.kind is LegKind.CREDIT


def _has_entries(decision):
    return bool(decision.entries)


def _sends_a_credit(decision):
    return any(_is_a_credit(each) for each in decision.events)


def _moves_nothing(decision):
    return not (decision.events or decision.entries or decision.seal is None)


def _spoiled(logs, random, chosen, spoil):
    """The logs with one Decision spoiled, or taken out; which one."""
    places = [
        (partition, number)
        for partition, records in enumerate(logs)
        for number, each in enumerate(records)
        if number + 1 < len(records) and chosen(decode(Decision, each.value))
    ]
    assume(places)
    partition, number = random.choice(places)
    record = logs[partition][number]
    decision = decode(Decision, record.value)
    found = [list(records) for records in logs]
    if spoil is None:
        del found[partition][number]
    else:
        changed = encode(spoil(decision, random))
        found[partition][number] = record_of(decision, record.offset, changed)
    return found, partition, decision.sequence


FAULTS = {
    "a posting was changed": ("RI01", _has_entries, posting_changed),
    "an entry was changed": ("RI04", _has_entries, entry_changed),
    "an entry was lost": ("RI04", _has_entries, entry_lost),
    "a balance was changed": ("RI02", _has_entries, balance_changed),
    "a leg was lost": ("RI05", _sends_a_credit, leg_lost),
    "a leg was doubled": ("RI05", _sends_a_credit, leg_doubled),
    "a sequence was skipped": ("RI03", _moves_nothing, None),
}


@pytest.mark.parametrize("fault", FAULTS)
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_one_fault_is_found_by_its_check_alone(fault, seed):
    check, chosen, spoil = FAULTS[fault]
    world, _ = cut_world(seed, 60)
    logs = [log_of_rig(rig) for rig in world.rigs]
    spoiled, partition, sequence = _spoiled(logs, Random(seed), chosen, spoil)
    found = Reconciliation(3).follow(spoiled, seed).idle(END).opened
    assert {each.check.name for each in found} == {check}
    first = min((each for each in found if each.sequence), key=lambda each: each.sequence)
    after = 1 if spoil is None else 0  # what is missing is seen at the Decision behind it
    assert (first.partition, first.sequence) == (partition, sequence + after)
