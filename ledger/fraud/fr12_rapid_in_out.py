"""FR12: Money out since the latest run of credits began, in percent of the run.

Why: A mule passes on what it receives, at once and nearly all of it.
This attempt is included. A run is a series of credits each within 30 minutes of the one before; 30
minutes after its last credit, or without any credit, the value is 0. Holds and payments count, also
those that came back.
Default: from 80 250.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.profile import RATIO_MAX, RUN_GAP_US, TOTAL_MODULUS


def feature(outgoing: Outgoing) -> int | None:
    """Return `rapid_in_out`."""
    inflow = outgoing.habits.inflow
    if inflow.run_at == 0 or outgoing.at - inflow.run_at > RUN_GAP_US:
        return 0
    out = (outgoing.habits.profile.out_total - inflow.run_from) % TOTAL_MODULUS
    return min((out + outgoing.base_amount) * 100 // max(1, inflow.run_sum), RATIO_MAX)
