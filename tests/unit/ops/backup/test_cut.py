"""A cut knows nothing that nobody has said, and loses nothing that somebody has."""

import pytest

from ops.backup.cut import EMPTY, Group, Legs, Survey, Until, consistent
from topics.catalog import COMMANDS, LEGS


def group(sequence, *, legs=0, commands=0, sent=None, taken=None):
    positions = {LEGS.name: legs, COMMANDS.name: commands}
    return Group(sequence, sequence * 10, sequence * 100, positions, sent or {}, taken or {})


def legs(*found):
    made = Legs()
    for sender, number, offset in found:
        made.add(sender, number, offset)
    return made


ALL = Until()


def cut_of(groups, lying=None, ends=None, until=ALL):
    survey = Survey(groups, lying or {}, ends or {})
    return {number: last.sequence for number, last in consistent(survey, until).items()}


SENT = {0: [group(1), group(2, sent={1: 1}), group(3, sent={1: 2})]}
LYING = {1: legs((0, 1, 0), (0, 2, 1))}


def test_everything_stays_when_everything_fits():
    taken = [group(1, legs=1, taken={0: 1}), group(2, legs=2, taken={0: 2})]
    assert cut_of({**SENT, 1: taken}, LYING) == {0: 3, 1: 2}
    assert cut_of({0: []}) == {0: 0}


def test_a_leg_that_nobody_who_stays_has_sent_is_not_taken():
    taken = [group(1, legs=1, taken={0: 1}), group(2, legs=2, taken={0: 2})]
    assert cut_of({0: SENT[0][:2], 1: taken}, LYING) == {0: 2, 1: 1}


def test_a_leg_that_was_taken_and_removed_since_needs_its_sender_too():
    taken = [group(1, legs=1, taken={0: 1}), group(2, legs=2, taken={0: 2})]
    assert cut_of({0: SENT[0][:2], 1: taken}, {}) == {0: 2, 1: 1}


def test_a_leg_that_was_answered_without_effect_lies_where_it_was_answered():
    answered = [group(1), group(2, legs=2, taken={0: 1})]
    assert cut_of({0: SENT[0][:2], 1: answered}, LYING) == {0: 2, 1: 1}


def test_a_leg_that_was_sent_and_lies_nowhere_was_not_sent():
    assert cut_of({**SENT, 1: []}, {1: legs((0, 1, 0))}) == {0: 2, 1: 0}


def test_a_leg_that_was_taken_may_be_gone():
    taken = [group(4, legs=9, taken={0: 2})]
    assert cut_of({**SENT, 1: taken}, {}) == {0: 3, 1: 4}


def test_one_shortened_partition_shortens_the_next():
    groups = {
        0: [group(1, commands=1), group(2, commands=2, sent={1: 1})],
        1: [group(1), group(2, legs=1, taken={0: 1}, sent={2: 1})],
        2: [group(1), group(2, legs=1, taken={1: 1})],
    }
    lying = {1: legs((0, 1, 0)), 2: legs((1, 1, 0))}
    assert cut_of(groups, lying) == {0: 2, 1: 2, 2: 2}
    assert cut_of(groups, lying, {(COMMANDS.name, 0): 1}) == {0: 1, 1: 1, 2: 1}


@pytest.mark.parametrize(
    ("until", "sequences"),
    [
        (Until(), {0: 3, 1: 2}),
        (Until(0, 28), {0: 2, 1: 1}),
        (Until(0, 18), {0: 1, 1: 0}),
        (Until(1, 15), {0: 3, 1: 1}),
        (Until(at_us=250), {0: 2, 1: 1}),
        (Until(at_us=99), {0: 0, 1: 0}),
    ],
)
def test_how_far_back_is_the_same_everywhere(until, sequences):
    taken = [group(1, legs=1, taken={0: 1}), group(2, legs=2, taken={0: 2})]
    assert cut_of({**SENT, 1: taken}, LYING, until=until) == sequences


def test_a_leg_sent_again_is_where_it_was_first():
    found = legs((0, 1, 4), (0, 2, 5), (0, 1, 6), (0, 3, 9))
    assert [found.first_beyond(0, number) for number in range(4)] == [4, 5, 9, None]
    assert found.newest(0) == 3
    assert found.newest(7) == 0
    assert EMPTY.sequence == 0
