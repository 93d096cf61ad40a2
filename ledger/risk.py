"""Risk: what the rules of the ruleset say about an outgoing movement.

Owns: bands, scores and the strongest action; the explanation that goes into the Decision.
Never: computes a feature (`ledger.fraud`), knows what an action does to money.

All rules are evaluated. A feature without a value takes the rule's missing weight, never silently
0, and is listed. The action is the strongest of the bands' hard actions and that of the score.
"""

from __future__ import annotations

from typing import Final

from ledger.outgoing import Outgoing
from ledger.programme import Programme
from schemas.messages.decisions import FiredRule, RiskAssessment
from schemas.messages.policy import Band, Rule, Ruleset
from schemas.messages.vocabulary import RejectionReason, RiskAction

REASONS: Final = {
    RiskAction.BLOCK: RejectionReason.RISK_BLOCKED,
    RiskAction.REVIEW: RejectionReason.RISK_REVIEW,
    RiskAction.STEP_UP: RejectionReason.STEP_UP_REQUIRED,
}


def assess(programme: Programme, outgoing: Outgoing) -> RiskAssessment:
    """Return score, action and what fired."""
    score = 0
    strongest = RiskAction.ALLOW
    fired: list[FiredRule] = []
    missing: list[str] = []
    for rule, feature in programme.rules:
        value = feature(outgoing)
        if value is None:
            missing.append(rule.feature)
            if rule.missing_weight != 0:
                score += rule.missing_weight
                fired.append(_fired(rule, None, rule.missing_weight, RiskAction.ALLOW))
            continue
        band = _band_of(rule, value)
        if band is not None:
            score += band.weight
            strongest = _stronger(strongest, band.action)
            fired.append(_fired(rule, value, band.weight, band.action))
    action = _stronger(strongest, _action_of(programme.ruleset, score))
    return RiskAssessment(action, score, tuple(fired), tuple(missing))


def _band_of(rule: Rule, value: int) -> Band | None:
    for band in rule.bands:
        if value >= band.low and (band.high is None or value < band.high):
            return band
    return None


def _fired(rule: Rule, value: int | None, weight: int, action: RiskAction) -> FiredRule:
    return FiredRule(rule.rule_id, rule.feature, value, weight, action)


def _stronger(one: RiskAction, other: RiskAction) -> RiskAction:
    return one if one.index >= other.index else other


def _action_of(ruleset: Ruleset, score: int) -> RiskAction:
    if score >= ruleset.block_at:
        return RiskAction.BLOCK
    if score >= ruleset.review_at:
        return RiskAction.REVIEW
    if score >= ruleset.step_up_at:
        return RiskAction.STEP_UP
    return RiskAction.ALLOW
