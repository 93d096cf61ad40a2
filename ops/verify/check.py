"""Check: one pass over the log, everything that does not add up in words.

Owns: which rules are checked: sequence, seal and chain by `ledger.sealing`; entries that balance,
balances that follow from postings, and the trial balance by `ops.audit.totals`.
Never: reads a topic; it is fed records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.sealing import LogError
from ops.audit.totals import Totals
from ops.reading import Record, sealed


@dataclass(slots=True)
class Verdict:
    """What one pass found. `decisions` counts sealed Decisions per partition."""

    decisions: Counter[int] = field(default_factory=Counter)
    last_sequence: dict[int, int] = field(default_factory=dict)
    damage: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def differences(self) -> list[str]:
        """Everything that is wrong, damage of the log itself first."""
        return [*self.damage, *self.findings]


def verify_records(records: Iterator[Record]) -> Verdict:
    """Check records in log order; a damaged partition is left where it is damaged."""
    verdict, totals = Verdict(), Totals()

    def damaged(error: LogError) -> None:
        verdict.damage.append(str(error))

    for placed in sealed(records, damaged):
        decision = placed.decision
        totals.add(decision)
        verdict.decisions[decision.partition] += 1
        verdict.last_sequence[decision.partition] = decision.sequence
    verdict.findings = list(totals.findings)
    verdict.findings += [
        f"partition {partition} trial balance of {currency} is {minor} minor units, not 0"
        for (partition, currency), minor in sorted(totals.trial_balance().items())
        if minor
    ]
    return verdict
