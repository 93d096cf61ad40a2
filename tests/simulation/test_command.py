"""`ledgerctl simulate`: what it prints, and its exit codes."""

import json
from dataclasses import replace

from ops.cli import main
from ops.simulate import command, points_command
from ops.simulate.crashing import Boundary, Phase
from ops.simulate.schedule import FAULTS_PER_STEP
from ops.simulate.waking import Woken


def test_a_seed_that_holds_exits_0_and_counts_what_struck(capsys):
    assert main(["simulate", "--seed", "3", "--steps", "300"]) == 0
    said = capsys.readouterr().out
    assert "every invariant holds" in said
    assert "1 seeds" in said


def test_the_whole_trace_is_printed_when_asked(capsys):
    assert main(["simulate", "--seed", "3", "--steps", "300", "--trace"]) == 0
    assert "produce.log" in capsys.readouterr().out


def test_json_names_seed_digest_and_schedule(capsys):
    assert main(["simulate", "--seed", "3", "--steps", "300", "--trace", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["seed"] == 3
    assert len(said["digest"]) == 64
    assert len(said["schedule"]) == int(300 * FAULTS_PER_STEP)


def test_a_broken_invariant_exits_1_with_its_seed_and_the_fewest_faults(capsys, monkeypatch):
    real = command.simulate

    def broken(seed, steps, schedule=None, *, traced=False):
        """A run that fails whenever its schedule has a fault of an even step."""
        done = real(seed, steps, schedule, traced=traced)
        bad = [each for each in done.schedule if each.step % 2 == 0]
        return replace(done, findings=("planted",) if bad else ())

    monkeypatch.setattr(command, "simulate", broken)
    monkeypatch.setattr("ops.simulate.campaign.simulate", broken)
    assert main(["simulate", "--seed", "3", "--steps", "300"]) == 1
    said = capsys.readouterr()
    assert "seed 3: the fewest faults that still fail:" in said.out
    assert said.out.count("  step ") == 1
    assert "broken: planted" in said.err


def test_a_long_run_takes_seeds_on_all_cores_until_the_time_is_over(capsys):
    assert main(["simulate", "--long", "--minutes", "0", "--steps", "100", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seeds"] >= 4


def test_the_table_of_crash_points_is_shown_and_a_broken_cell_exits_1(capsys, monkeypatch):
    found = points_command.boundaries((0,))
    fence = Boundary(Phase.RECOVERY, "fence")
    monkeypatch.setattr(points_command, "boundaries", lambda: {fence: found[fence]})
    assert main(["simulate", "--crash-points", "table"]) == 0
    said = capsys.readouterr().out
    assert "recovery: fence" in said
    assert "12 of 12 cells struck (100 %)" in said
    broken = Woken(3, "bounds", ("planted",))
    monkeypatch.setattr(points_command, "every_wake", lambda: iter([broken]))
    assert main(["simulate", "--crash-points", "wakes"]) == 1
    assert "woken at bounds: planted" in capsys.readouterr().err
    assert main(["simulate", "--crash-points", "wakes", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["broken"] == [["wake at bounds", "planted"]]
