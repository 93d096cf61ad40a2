"""Two minutes in which everything goes wrong at random times, and nothing may be broken after."""

import sys

from ops.chaos.report import document_of, page_of, summary_of
from ops.chaos.run import chaos
from ops.chaos.schedule import BRIEF, Kind, pace_of
from tests.support.aloud import say_aloud
from tests.support.stack import stack_folder

SECONDS = 110.0
# The load sends about 80 records a second; a third of that must get through the worst of it.
COMMANDS_AT_LEAST = 3_000
KILLS_AT_LEAST = 8


def test_two_minutes_of_chaos_break_nothing(request, tmp_path):
    seed = request.config.getoption("randomly_seed")
    with stack_folder() as root:
        outcome = chaos(root, seed, SECONDS, lambda line: sys.stderr.write(f"[chaos] {line}\n"))
    document = document_of(outcome)
    figures = "\n".join(f"{name}: {figure}" for name, figure in summary_of(document))
    say_aloud(request, f"two minutes of chaos\n{figures}\nfaults: {document['faults']}")
    assert not outcome.broken, "\n".join(outcome.broken)
    assert pace_of(SECONDS) is BRIEF
    assert {*Kind} - {*outcome.faults} == BRIEF.left_out
    assert outcome.kills >= KILLS_AT_LEAST
    assert outcome.zombies >= 1
    assert outcome.decisions >= COMMANDS_AT_LEAST
    assert f"seed {seed}" in page_of(document)
