"""Tally: compared commands become the numbers of a report, per rule and in all.

Owns: what counts as stopped, the overlap of two sets, precision and recall.
Never: reads a log, draws a table.

A set stops a command when its action is not ALLOW. A rule is one line of the ruleset, named by its
id and feature; its line says what the whole candidate set did to the commands on which it fired.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.backtest.beside import Compared
from schemas.messages.decisions import RiskAssessment
from schemas.messages.policy import Ruleset
from schemas.messages.vocabulary import RiskAction

Labels = Mapping[tuple[str, str], bool]  # wallet id and command id: was it fraud
RuleName = tuple[str, str]  # rule id, feature


@dataclass(slots=True)
class Line:
    """What one rule did, or the whole set: `both` and its neighbours compare it with the live set.

    For a rule they count where it fired in each set; for a set what each set stopped.
    """

    fired: int = 0
    actions: Counter[RiskAction] = field(default_factory=Counter)
    both: int = 0
    only_live: int = 0
    only_candidate: int = 0
    stake: Counter[str] = field(default_factory=Counter)
    caught: int = 0
    labelled: int = 0  # among what it caught, those with a label
    frauds: int = 0

    @property
    def precision(self) -> float | None:
        """Of what it caught and somebody labelled, the part that was fraud."""
        return self.caught / self.labelled if self.labelled else None

    @property
    def recall(self) -> float | None:
        """Of the labelled frauds that the rules were asked about, the part that it caught."""
        return self.caught / self.frauds if self.frauds else None

    def overlap(self, *, live: bool, candidate: bool) -> None:
        """Count one command for the two sets."""
        self.both += live and candidate
        self.only_live += live and not candidate
        self.only_candidate += candidate and not live

    def judge(self, *, is_fraud: bool | None, caught: bool) -> None:
        """Count one command's label; None is a command without one."""
        if is_fraud is None:
            return
        self.frauds += is_fraud
        self.labelled += caught
        self.caught += caught and is_fraud

    def document(self, *, labels: bool) -> dict[str, Any]:
        """Return the line for programs."""
        document: dict[str, Any] = {
            "fired": self.fired,
            "would_block": self.actions[RiskAction.BLOCK],
            "would_review": self.actions[RiskAction.REVIEW],
            "would_step_up": self.actions[RiskAction.STEP_UP],
            "both": self.both,
            "only_live": self.only_live,
            "only_candidate": self.only_candidate,
            "at_stake_minor": dict(sorted(self.stake.items())),
        }
        if labels:
            document |= {"precision": self.precision, "recall": self.recall}
        return document


@dataclass(slots=True)
class Tally:
    """The report: `live` is what the sets in force did, `candidate` what this one would have."""

    asked: int = 0
    live: Line = field(default_factory=Line)
    candidate: Line = field(default_factory=Line)
    rules: dict[RuleName, Line] = field(default_factory=dict)
    labels_used: int = 0


def tally(compared: Iterable[Compared], candidate: Ruleset, labels: Labels) -> Tally:
    """Count everything. A rule that never fired has a line too."""
    report = Tally()
    for rule in candidate.rules:
        report.rules.setdefault((rule.rule_id, rule.feature), Line())
    # A rule that only the live set has may fire before or after its line is known.
    kept = list(compared)
    for each in kept:
        for fired in each.live.fired:
            report.rules.setdefault((fired.rule_id, fired.feature), Line())
    for each in kept:
        _add(report, each, labels.get((each.wallet_id, each.command_id)))
    return report


def fired_in(risk: RiskAssessment) -> set[RuleName]:
    """Return which rules fired."""
    return {(each.rule_id, each.feature) for each in risk.fired}


def _add(report: Tally, each: Compared, is_fraud: bool | None) -> None:  # noqa: FBT001 - a label
    report.asked += 1
    report.labels_used += is_fraud is not None
    stops = {"live": _stops(each.live), "candidate": _stops(each.candidate)}
    _set(report.live, each, each.live, is_fraud=is_fraud)
    _set(report.candidate, each, each.candidate, is_fraud=is_fraud)
    report.live.overlap(**stops)
    report.candidate.overlap(**stops)
    live, candidate = fired_in(each.live), fired_in(each.candidate)
    for name, line in report.rules.items():
        line.overlap(live=name in live, candidate=name in candidate)
        line.judge(is_fraud=is_fraud, caught=name in candidate)
        if name in candidate:
            line.fired += 1
            line.actions[each.candidate.action] += 1
            line.stake[each.currency] += each.amount


def _set(line: Line, each: Compared, risk: RiskAssessment, *, is_fraud: bool | None) -> None:
    """Count one command for a whole set; at stake is what it stops."""
    line.fired += bool(risk.fired)
    line.actions[risk.action] += 1
    line.judge(is_fraud=is_fraud, caught=_stops(risk))
    if _stops(risk):
        line.stake[each.currency] += each.amount


def _stops(risk: RiskAssessment) -> bool:
    return risk.action is not RiskAction.ALLOW
