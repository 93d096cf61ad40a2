"""An assignment is whole or it is refused."""

import pytest

from streams.runtime.host.assignment import SplitAssignmentError, partition_numbers

INPUTS = ("legs", "control", "commands")


def whole(*numbers):
    return [(topic, number) for topic in INPUTS for number in numbers]


@pytest.mark.parametrize("numbers", [(), (0,), (3, 1, 2)])
def test_a_whole_assignment_gives_its_numbers_in_order(numbers):
    assert partition_numbers(whole(*numbers), INPUTS) == tuple(sorted(numbers))


def test_a_missing_input_is_named():
    with pytest.raises(SplitAssignmentError, match=r"partition 1: .* not \['legs'\]"):
        partition_numbers([*whole(0), ("control", 1), ("commands", 1)], INPUTS)


def test_a_foreign_topic_is_named():
    with pytest.raises(SplitAssignmentError, match=r"\['other'\] is no input"):
        partition_numbers([*whole(0), ("other", 0)], INPUTS)
