"""Doing several things side by side."""

import threading

import pytest

from ops.stack import parallel


def test_all_are_done_and_counted():
    done = []
    counts = list(parallel.each((lambda n=n: done.append(n) for n in range(20)), width=4))
    assert sorted(done) == list(range(20))
    assert counts == list(range(1, 21))


def test_nothing_to_do_is_fine():
    parallel.run((), width=0)


def test_a_failure_does_not_wait_for_the_others():
    never = threading.Event()

    def fail():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        parallel.run((never.wait, fail), width=2)
    never.set()
