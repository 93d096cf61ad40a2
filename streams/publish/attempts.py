"""Attempts: what wallets wanted to pay, and what fraud rules and limits made of it.

Owns: the row function of `risk.attempts.v1`.
Never: shown to a customer, who sees a neutral code only.
"""

from __future__ import annotations

import json
from typing import Final

from schemas.messages.commands import Command
from schemas.messages.decisions import Decision, FiredRule, RiskAssessment
from schemas.messages.events import AttemptCounted
from schemas.messages.facts import AttemptFact
from streams.publish.stamped import Stamp, exponent_of, said

# The fields in which the bodies of commands name the other side; a body has at most one.
SIDES: Final = (
    *("to_wallet_id", "seller_wallet_id", "payer_wallet_id", "requester_wallet_id"),
    *("beneficiary", "biller", "payee"),
)


# asked, currency, exponent, amount, counterparty
Asked = tuple[str, str | None, int | None, int | None, str | None]
# action, score, fired rules, the same as JSON, missing, typologies as JSON
Assessed = tuple[str | None, int | None, str | None, str | None, str | None, str | None]
NOT_ASKED: Final[Assessed] = (None, None, None, None, None, None)


def attempt_of(decision: Decision, stamp: Stamp) -> AttemptFact | None:
    """Return the attempt that a Decision answers; None when nobody tried to pay."""
    command, risk = stamp.command, decision.risk
    counted = any(isinstance(event, AttemptCounted) for event in decision.events)
    if command is None or decision.dry_run is not None or (risk is None and not counted):
        return None
    action, score, ids, rules, missing, typologies = NOT_ASKED if risk is None else _assessed(risk)
    return AttemptFact(
        f"{decision.partition}-{decision.sequence}",
        decision.partition,
        decision.sequence,
        decision.wallet_id,
        decision.command_id,
        *_asked(command.body),
        str(decision.outcome),
        None if decision.reason is None else str(decision.reason),
        said(decision.detail),
        counted,
        action,
        score,
        ids,
        rules,
        missing,
        typologies,
        decision.ruleset_hash.hex(),
        decision.policy_version,
        command.issued_at,
        *stamp.times,
    )


def _asked(body: Command) -> Asked:
    """Return what a body asks for, as far as it has such a field."""
    currency = getattr(body, "currency", None)
    side = next((getattr(body, name) for name in SIDES if hasattr(body, name)), None)
    return (
        type(body).__name__,
        currency,
        exponent_of(currency),
        getattr(body, "amount", None),
        side,
    )


def _assessed(risk: RiskAssessment) -> Assessed:
    return (
        str(risk.action),
        risk.score,
        ",".join(rule.rule_id for rule in risk.fired),
        _json([_fired(rule) for rule in risk.fired]),
        ",".join(risk.missing),
        _json({each.typology_id: each.score for each in risk.typologies}),
    )


def _fired(rule: FiredRule) -> dict[str, str | int | None]:
    return {
        "rule_id": rule.rule_id,
        "feature": rule.feature,
        "value": rule.value,
        "weight": rule.weight,
        "action": str(rule.action),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
