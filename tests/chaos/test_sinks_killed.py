"""Sinks killed in the middle of a batch: the store and its position never come apart."""

import signal

import pytest

from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, MID_BATCH
from tests.support.load import Load


@pytest.mark.parametrize("point", [MID_BATCH, BEFORE_OFFSET, AFTER_OFFSET])
def test_all_three_sinks_killed_at(point, ledger):
    since = {name: ledger.process(name).report().restarts for name in ledger.sinks}
    with Load(ledger) as load:
        for name in ledger.sinks:
            ledger.rearm(name, LEDGER_CRASH_POINT=f"{point}:5")
        for name, restarts in since.items():
            assert ledger.ends_by_itself(name, restarts) == -signal.SIGKILL
        load.more()
    ledger.quiesce()
