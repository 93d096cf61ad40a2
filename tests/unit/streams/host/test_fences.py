"""Twice within a minute, and the worker waits longer each time."""

import pytest

from streams.runtime.host.fences import (
    FIRST_DELAY_S,
    LONGEST_DELAY_S,
    MEMORY_S,
    WINDOW_S,
    FenceTimes,
    backoff_s,
)


@pytest.mark.parametrize(
    ("times", "delay"),
    [
        ([], 0.0),
        ([100.0], 0.0),
        ([40.0, 100.0], FIRST_DELAY_S),
        ([39.9, 100.0], 0.0),
        ([98.0, 99.0, 100.0], 2 * FIRST_DELAY_S),
        ([float(n) for n in range(50, 101)], LONGEST_DELAY_S),
    ],
)
def test_backoff_grows_with_fences_in_a_row(times, delay):
    assert backoff_s(times, 100.0) == delay


def test_time_already_spent_counts():
    assert backoff_s([99.0, 100.0], 101.5) == FIRST_DELAY_S - 1.5
    assert backoff_s([99.0, 100.0], 100.0 + WINDOW_S) == 0.0


def test_the_file_remembers_across_processes_and_forgets(tmp_path):
    now = [1000.0]
    path = tmp_path / "wallet" / "fence-times.json"
    FenceTimes(path, lambda: now[0]).record()
    now[0] += 5
    FenceTimes(path, lambda: now[0]).record()
    assert FenceTimes(path, lambda: now[0]).delay_s() == FIRST_DELAY_S
    now[0] += MEMORY_S + 1
    assert FenceTimes(path, lambda: now[0]).delay_s() == 0.0


def test_a_damaged_file_costs_one_backoff_only(tmp_path):
    path = tmp_path / "fence-times.json"
    path.write_text("[1.0, 2")
    times = FenceTimes(path, lambda: 3.0)
    assert times.delay_s() == 0.0
    times.record()
    times.record()
    assert times.delay_s() == FIRST_DELAY_S
