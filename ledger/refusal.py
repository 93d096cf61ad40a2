"""A refusal by rule: what guards, limits and fraud rules return, and the verdicts made of it.

Owns: `Refusal` and the short ways to say accepted and rejected.
Never: decides which refusal wins; the pipeline's order does.
"""

from __future__ import annotations

from typing import Final, final

from ledger.verdict import Verdict
from schemas.messages.decisions import Event, RiskAssessment
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage


@final
class Refusal:
    """Why an input is refused; `detail` names the field, window or wallet the reason is about."""

    __slots__ = ("detail", "reason")

    def __init__(self, reason: RejectionReason, detail: str = "") -> None:
        self.reason: Final = reason
        self.detail: Final = detail


def rejected(
    refusal: Refusal, events: tuple[Event, ...] = (), risk: RiskAssessment | None = None
) -> Verdict:
    """Return the verdict of a refusal; events say what a refused attempt leaves behind."""
    return Verdict(
        Outcome.REJECTED, events, refusal.reason, refusal.detail, Stage.FINAL, None, risk
    )


def accepted(
    events: tuple[Event, ...], stage: Stage = Stage.FINAL, risk: RiskAssessment | None = None
) -> Verdict:
    """Return the verdict of an input that had its effects."""
    return Verdict(Outcome.ACCEPTED, events, None, "", stage, None, risk)
