"""`bench recon --beside`: both figures are of the same Decisions, and a sound day has no break."""

from ops.bench.profiles import loads_of
from ops.bench.reconciler import measure

COMMANDS = 60


def test_the_jobs_follow_the_very_decisions_that_were_made():
    figures = measure(list(loads_of("mixed", 7, COMMANDS, 10, 2)), 2)
    assert figures["commands"] == COMMANDS
    assert figures["decisions"] >= COMMANDS
    assert figures["false_breaks"] == 0
    each = [figures[f"{job}_decisions_per_s"] for job in ("facts", "match", "stores")]
    assert min(each) >= figures["reconciler_decisions_per_s"] > 0, "together they take longer"
