"""What an answer means, when it is tried again, when an endpoint is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.webhooks.schedule import (
    ATTEMPTS_MAX,
    CEILING_S,
    OPEN_MAX_S,
    REFUSALS_MAX,
    TRIPS_AT,
    Answer,
    Schedule,
    State,
    open_s,
)

PACE = Schedule()
DUE, DONE, DEAD = State.DUE, State.DONE, State.DEAD


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_any_success_is_done(status):
    assert PACE.judge(Answer(status), 1, "m").state is DONE


def test_gone_disables_the_subscription_at_once():
    verdict = PACE.judge(Answer(410), 1, "m")
    assert (verdict.state, verdict.disables, verdict.fails) == (DEAD, True, False)


@pytest.mark.parametrize("status", [None, 408, 425, 429, 500, 502, 503, 504])
def test_an_endpoint_in_trouble_is_tried_to_the_end_and_counts_for_its_breaker(status):
    for attempt in range(1, ATTEMPTS_MAX):
        verdict = PACE.judge(Answer(status), attempt, "m")
        assert (verdict.state, verdict.fails, verdict.disables) == (DUE, True, False)
    assert PACE.judge(Answer(status), ATTEMPTS_MAX, "m").state is DEAD


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 405, 422])
def test_a_request_the_endpoint_does_not_like_is_dead_sooner_and_trips_nothing(status):
    states = [PACE.judge(Answer(status), each, "m") for each in range(1, REFUSALS_MAX + 1)]
    assert [each.state for each in states] == [DUE] * (REFUSALS_MAX - 1) + [DEAD]
    assert not any(each.fails for each in states)


@given(st.integers(1, 100), st.text(max_size=40))
def test_a_wait_is_the_same_for_the_same_and_within_its_bounds(attempt, seed):
    wait = PACE.wait_s(attempt, seed)
    full = min(CEILING_S, 2.0 * 4.0 ** min(attempt - 1, ATTEMPTS_MAX))
    assert wait == PACE.wait_s(attempt, seed)
    assert full / 2 <= wait <= full


def test_many_that_failed_together_do_not_come_back_together():
    waits = {PACE.wait_s(5, f"msg_{number}") for number in range(200)}
    assert len(waits) == 200
    assert max(waits) - min(waits) > 0.9 * 2.0 * 4.0**4 / 2


def test_all_attempts_together_last_more_than_a_day():
    assert 86_400 < sum(PACE.wait_s(each, "m") for each in range(1, ATTEMPTS_MAX)) < 2 * 86_400


@pytest.mark.parametrize(("asked", "least"), [(120.0, 120.0), (10.0**9, CEILING_S), (0.0, 1.0)])
def test_an_endpoint_may_ask_for_a_longer_wait_up_to_a_bound(asked, least):
    wait = PACE.judge(Answer(429, retry_after_s=asked), 1, "m").wait_s
    assert least <= wait <= CEILING_S


def test_a_breaker_opens_after_failures_in_a_row_and_longer_every_time():
    assert [open_s(each) for each in range(TRIPS_AT)] == [0.0] * TRIPS_AT
    opens = [open_s(TRIPS_AT + each) for each in range(10)]
    assert opens[:3] == [10.0, 20.0, 40.0]
    assert opens == sorted(opens)
    assert opens[-1] == open_s(10_000) == OPEN_MAX_S
