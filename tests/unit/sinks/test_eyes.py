"""Lanes as metrics, and what ready means for a sink."""

from types import SimpleNamespace

from prometheus_client import CollectorRegistry

from sinks.eyes import SinkEyes


def lane(halted="", waiting=False):
    return SimpleNamespace(
        partition=0, halted=halted, waiting=waiting, written=5, retries=2, position=10, queued=7
    )


class Fed:
    name = "redis"

    def __init__(self, lane):
        self.lanes, self.turns, self.ends = {0: lane}, 1, {0: 14}

    @property
    def halted(self):
        return {number: each.halted for number, each in self.lanes.items() if each.halted}


def watching(lane):
    now, runner = [0.0], Fed(lane)
    eyes = SinkEyes(lambda: now[0])
    eyes.watch(runner)
    return now, runner, eyes


def sample(eyes, name):
    registry = CollectorRegistry()
    registry.register(eyes.page())
    return registry.get_sample_value(name, {"store": "redis", "partition": "0"})


def test_a_lane_is_on_the_page():
    _, _, eyes = watching(lane())
    assert sample(eyes, "ledger_sink_written_total") == 5
    assert sample(eyes, "ledger_sink_retries_total") == 2
    assert sample(eyes, "ledger_sink_position") == 10
    assert sample(eyes, "ledger_sink_lag") == 4
    assert sample(eyes, "ledger_sink_halted") == 0


def test_no_lag_is_told_before_the_end_of_the_log_is_known():
    _, runner, eyes = watching(lane())
    runner.ends = {}
    assert sample(eyes, "ledger_sink_lag") is None


def test_ready_once_it_polls_and_not_when_halted():
    _, runner, eyes = watching(lane())
    runner.turns = 0
    assert "not started: redis" in eyes.unready()
    runner.turns = 1
    assert eyes.unready() == ""
    runner.lanes[0].halted = "bug"
    assert "halted: redis 0" in eyes.unready()


def test_records_that_wait_have_to_get_on():
    now, runner, eyes = watching(lane(waiting=True))
    for now[0] in range(0, 40, 10):
        runner.turns += 1
        eyes.unready()
    now[0] = 31.0
    runner.turns += 1
    assert "stalled: redis 0" in eyes.unready()
    assert eyes.dead() == ""
    runner.lanes[0].position += 1
    assert eyes.unready() == ""


def test_a_runner_that_no_longer_polls_is_dead():
    now, _, eyes = watching(lane())
    assert eyes.dead() == ""
    now[0] = 31.0
    assert eyes.dead() == "no longer polling: redis"
