"""The bench inside one process: legs find their receivers, and all three figures are of one day."""

import json

import pytest
from click.testing import CliRunner

from ops.bench.command import bench
from ops.bench.inside import GAP_US, GROUP, Desk, work_off
from ops.bench.load import Load
from streams.runtime.job import Output
from topics.catalog import COMMANDS, LEGS, RESULTS


class Neighbour:
    """Notes what it is given; answers every command with a leg for the other one, and a result."""

    def __init__(self, partition):
        self.desk = Desk(partition, self.turn)
        self.turns = []

    def turn(self, records, positions):
        self.turns.append([record.value for record in records])
        for record in records:
            if record.topic == COMMANDS.name:
                yield Output(LEGS.name, 1 - self.desk.partition, record.key, b"of " + record.value)
                yield Output(RESULTS.name, 0, record.key, b"for nobody here")


def test_a_leg_goes_to_its_partition_and_the_day_ends_when_nothing_waits():
    first, second = Neighbour(0), Neighbour(1)
    desks = [first.desk, second.desk]
    work_off(desks, [Load(b"a", b"1", 0, ""), Load(b"b", b"2", 1, "")], 1_000)
    assert first.turns == [[b"1"], [b"of 2"]]
    assert second.turns == [[b"2"], [b"of 1"]]
    assert first.desk.positions == {COMMANDS.name: 1, LEGS.name: 1}
    assert [desk.turn() for desk in desks] == [None, None]


def test_commands_come_in_groups_and_time_goes_on():
    turns = []
    desk = Desk(0, lambda records, positions: turns.append(records) or ())
    work_off([desk], [Load(b"", b"%d" % each, 0, "") for each in range(GROUP + 2)], 5)
    assert [len(turn) for turn in turns] == [GROUP, 2]
    records = [record for turn in turns for record in turn]
    assert [record.offset for record in records] == list(range(GROUP + 2))
    assert records[-1].append_time == 5 + (GROUP + 1) * GAP_US


@pytest.fixture(scope="module")
def figures():
    """The figures of the three benches over the same short day."""
    options = ["--commands", "600", "--wallets", "60", "--json"]
    runs = {name: CliRunner().invoke(bench, [name, *options]) for name in ("core", "codec", "step")}
    assert all(run.exit_code == 0 for run in runs.values()), runs
    return {name: json.loads(run.output) for name, run in runs.items()}


def test_all_three_measure_the_same_decisions(figures):
    decisions = {each["decisions"] for each in figures.values()}
    assert len(decisions) == 1
    assert decisions.pop() > 600  # a transfer across partitions is more than one


def test_the_parts_of_a_step_are_all_of_it(figures):
    parts = figures["step"]["us_per_decision_by_part"]
    assert sum(parts.values()) == pytest.approx(figures["step"]["us_per_decision"], abs=0.02)


def test_a_figure_says_where_it_comes_from(figures):
    for each in figures.values():
        assert each["code"] in {"native", "pure"}
        assert "cores" in each["machine"]
        assert "Kafka" in each["versions"]
        assert each["seed"] == 7


@pytest.mark.parametrize("name", ["rebuild", "verify"])
def test_a_partitions_log_is_read_again(name):
    options = [name, "--commands", "400", "--wallets", "40", "--json"]
    done = CliRunner().invoke(bench, options)
    assert done.exit_code == 0, done.output
    figures = json.loads(done.output)
    assert figures["decisions"] >= 400
    assert figures["decisions_per_s"] > 0
    assert figures["decisions_per_cpu_s"] > 0
    assert figures.get("rows", 1) > 0
    assert figures.get("differences", []) == []
