"""The report: honest about what a run shows, complete on one page."""

from ops.chaos.field import Entry
from ops.chaos.report import bound_of, document_of, page_of, recovery_of, shortened
from ops.chaos.run import Outcome
from ops.chaos.schedule import BRIEF, draw
from ops.chaos.watch import recoveries

WORKERS = ("worker-1", "worker-2", "worker-3")


def outcome(**more):
    return Outcome(7, 110.0, draw(7, 110.0, WORKERS, BRIEF), **more)


def test_the_bound_claims_no_more_than_the_kills_show():
    assert bound_of(150, 0) == "0 broken in 150 worker kills: p < 3/150 = 0.02 a kill, at 95 %"
    assert bound_of(150, 2) == "2 broken in 150 worker kills"
    assert "nothing is shown" in bound_of(0, 0)


def test_a_page_names_seed_figures_and_everything_that_broke():
    page = page_of(document_of(outcome(kills=3, broken=["2 commands[1]: a <gap>"])))
    assert "seed 7" in page
    assert "something was broken" in page
    assert "a &lt;gap&gt;" in page
    assert "nothing was broken" in page_of(document_of(outcome()))


def test_a_page_names_every_way_a_process_ended():
    document = document_of(outcome(exits={"worker-1": (-9, 20, -9), "sink-redis": (2,)}))
    assert document["exits"] == {
        "worker-1": {"20 FENCED": 1, "SIGKILL": 2},
        "sink-redis": {"2": 1},
    }
    assert "20 FENCED" in page_of(document)


def test_a_recovery_lasts_until_the_last_orphan_has_a_commit():
    killed = Entry(100.0, "worker-1", "killed", frozenset({0, 1}))
    idle = Entry(100.0, "worker-2", "killed")
    # What was committed just before the kill is read just after it.
    seen = {0: [99.0, 100.2, 104.0], 1: [99.0, 105.5], 2: [200.0]}
    assert recoveries([killed, idle], seen) == [5.5]


def test_a_partition_that_never_came_back_is_no_recovery():
    killed = Entry(100.0, "worker-1", "killed", frozenset({0}))
    assert recoveries([killed], {0: [99.0]}) == []
    assert recovery_of([]) == {"count": 0, "p50": 0.0, "p99": 0.0, "max": 0.0}


def test_many_notes_are_counted_and_not_listed():
    assert shortened(["a", "b"]) == ["a", "b"]
    assert shortened([str(number) for number in range(12)])[-1] == "and 2 more"
