"""Risk: what the rules of the ruleset say about an outgoing movement.

Owns: bands, scores and the strongest action; the explanation that goes into the Decision.
Never: computes a feature (`ledger.fraud`), knows what an action does to money.

All rules are evaluated. A feature without a value takes the rule's missing weight, never silently
0, and is listed. The action is the strongest of the bands' hard actions, that of the score of all
rules, and those of the typologies' scores: a typology adds up shares of the rules that name it.
"""

from __future__ import annotations

from typing import Final

from ledger.outgoing import Outgoing
from ledger.programme import Programme
from schemas.messages.decisions import FiredRule, RiskAssessment, TypologyScore
from schemas.messages.policy import Band, Rule, Ruleset, Typology
from schemas.messages.vocabulary import RejectionReason, RiskAction

PERCENT: Final = 100
REASONS: Final = {
    RiskAction.BLOCK: RejectionReason.RISK_BLOCKED,
    RiskAction.REVIEW: RejectionReason.RISK_REVIEW,
    RiskAction.STEP_UP: RejectionReason.STEP_UP_REQUIRED,
}


def assess(programme: Programme, outgoing: Outgoing) -> RiskAssessment:
    """Return score, action and what fired."""
    strongest = RiskAction.ALLOW
    fired: list[FiredRule] = []
    missing: list[str] = []
    for lowest, rule, feature in programme.rules:
        value = feature(outgoing)
        if value is None:
            missing.append(rule.feature)
            if rule.missing_weight != 0:
                fired.append(_fired(rule, None, rule.missing_weight, RiskAction.ALLOW))
        elif value >= lowest:
            band = band_of(rule, value)
            if band is not None:
                strongest = _stronger(strongest, band.action)
                fired.append(_fired(rule, value, band.weight, band.action))
    if not fired:
        return RiskAssessment(strongest, 0, (), tuple(missing))
    return _weighed(programme.ruleset, strongest, fired, missing)


def _weighed(
    ruleset: Ruleset, strongest: RiskAction, fired: list[FiredRule], missing: list[str]
) -> RiskAssessment:
    """Return the scores of what fired, and the strongest action."""
    score = sum([each.weight for each in fired])
    strongest = _stronger(strongest, _action_of(score, ruleset))
    scores: list[TypologyScore] = []
    for typology in ruleset.typologies:
        part = _score_of(typology, fired)
        strongest = _stronger(strongest, _action_of(part, typology))
        if part > 0:
            scores.append(TypologyScore(typology.typology_id, part))
    return RiskAssessment(strongest, score, tuple(fired), tuple(missing), tuple(scores))


def _score_of(typology: Typology, fired: list[FiredRule]) -> int:
    """Return what the rules that fired add to a typology, each share rounded down."""
    score = 0
    for each in fired:
        for share in typology.shares:
            if share.feature == each.feature:
                score += each.weight * share.percent // PERCENT
    return score


def band_of(rule: Rule, value: int) -> Band | None:
    """Return the band of a rule that a value is in."""
    for band in rule.bands:
        if value >= band.low and (band.high is None or value < band.high):
            return band
    return None


def _fired(rule: Rule, value: int | None, weight: int, action: RiskAction) -> FiredRule:
    return FiredRule(rule.rule_id, rule.feature, value, weight, action)


def _stronger(one: RiskAction, other: RiskAction) -> RiskAction:
    return one if one.index >= other.index else other


def _action_of(score: int, thresholds: Ruleset | Typology) -> RiskAction:
    if score >= thresholds.block_at:
        return RiskAction.BLOCK
    if score >= thresholds.review_at:
        return RiskAction.REVIEW
    if score >= thresholds.step_up_at:
        return RiskAction.STEP_UP
    return RiskAction.ALLOW
