"""Reconciled: the stream jobs that compare partitions with each other, asked at one cut.

Owns: starting them when the traffic is over, a cut through every partition, waiting for its proof.
Never: compares; the jobs `facts` and `match` do, from the log alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ingress.sdk.stamp import now_us
from ops.delivery import deliver, producer_for
from ops.operations import who
from ops.recon.cut import plan_of
from ops.recon.found import Found
from ops.recon.reading import read_found
from ops.rig import start_worker, wait_for
from topics.catalog import CONTROL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.stack import Stack
    from schemas.messages.recon import CutProved, CutReached

JOBS: Final = ("facts", "match")
PATIENCE_S: Final = 120.0


class Reconciled(NamedTuple):
    """What the jobs say of one cut, and every break they opened."""

    proof: CutProved
    reached: Sequence[CutReached]
    breaks: Sequence[str]

    @property
    def holds(self) -> bool:
        """Whether all partitions agree, and nothing differed on the way."""
        return self.proof.equal and not self.breaks


def reconcile(stack: Stack, partitions: int) -> Reconciled:
    """Start the jobs, cut the log of every partition at one number, and wait for its proof."""
    kafka = stack.endpoints.kafka
    for job in JOBS:
        start_worker(stack, job, job=job)
    plan = plan_of("", now_us(), who(), partitions)
    deliver(producer_for(kafka), CONTROL.name, plan.records())
    found = Found()

    def proved() -> bool:
        nonlocal found
        found, _ = read_found(kafka)
        return plan.body.k in found.cuts and found.cuts[plan.body.k].proved is not None

    wait_for(f"cut {plan.body.k} to be proved", proved, PATIENCE_S)
    cut = found.cuts[plan.body.k]
    assert cut.proved is not None, "that was waited for"
    breaks = [f"{each.opened.check.name} {each.opened.detail}" for each in found.breaks.values()]
    return Reconciled(cut.proved, tuple(cut.reached.values()), breaks)
