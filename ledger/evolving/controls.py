"""Control rows: policy, ruleset and rate table in force, and which control records were taken."""

from __future__ import annotations

from ledger.heads import head_of
from ledger.view import ONE, PartitionView
from schemas.messages.events import PolicyActivated, RatesSet, RulesetActivated
from schemas.messages.rows import ControlRow


def activated(view: PartitionView, event: PolicyActivated | RulesetActivated | RatesSet) -> None:
    """Put a document in force from the next Decision on."""
    if isinstance(event, PolicyActivated):
        view.policy.put(ONE, event.policy)
    elif isinstance(event, RulesetActivated):
        view.ruleset.put(ONE, event.ruleset)
    else:
        view.rates.put(ONE, event.row)
    # The head still stands at the Decision before this one, live and in replay.
    view.controls.put(event.control_id, ControlRow(head_of(view).sequence + 1))
