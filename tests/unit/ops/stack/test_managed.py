"""When a supervised process is started again."""

import pytest

from ops.stack.managed import RestartPolicy


@pytest.mark.parametrize(
    ("ends", "wait_s"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 15.0), (5_000, 15.0)]
)
def test_the_wait_doubles_up_to_its_limit(ends, wait_s):
    assert RestartPolicy(first_wait_s=0.5, longest_wait_s=15.0).wait_s(ends) == wait_s
