"""Control rows: policy, rulesets, rate table, last cut; which control records were taken."""

from __future__ import annotations

from ledger.heads import head_of
from ledger.view import ONE, PartitionView
from schemas.messages.events import (
    ActRecorded,
    CutTaken,
    PolicyActivated,
    RatesSet,
    RulesetActivated,
)
from schemas.messages.rows import CandidateRow, ControlRow, CutRow
from schemas.messages.vocabulary import ActivationMode


def activated(
    view: PartitionView,
    event: PolicyActivated | RulesetActivated | RatesSet | CutTaken | ActRecorded,
) -> None:
    """Put a document in force from the next Decision on, or remember the cut."""
    if isinstance(event, PolicyActivated):
        view.policy.put(ONE, event.policy)
    elif isinstance(event, RulesetActivated):
        _ruleset(view, event)
    elif isinstance(event, CutTaken):
        view.cuts.put(ONE, CutRow(event.k))
    elif isinstance(event, RatesSet):
        view.rates.put(ONE, event.row)
    # An act changes nothing but this row, so that it is in the log once.
    # The head still stands at the Decision before this one, live and in replay.
    view.controls.put(event.control_id, ControlRow(head_of(view).sequence + 1))


def _ruleset(view: PartitionView, event: RulesetActivated) -> None:
    """Put a ruleset in force, which ends every trial, or on trial in the place of another."""
    if event.mode is ActivationMode.LIVE:
        view.ruleset.put(ONE, event.ruleset)
        if view.candidate.get(ONE) is not None:
            view.candidate.delete(ONE)
        return
    view.candidate.put(ONE, CandidateRow(event.ruleset, event.mode, event.canary_percent))
