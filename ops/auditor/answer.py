"""Answers: what the auditor says a Decision must say, and how a rule says no.

Owns: the form of a prediction's outcome.
Never: knows a rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.messages.vocabulary import Outcome, RejectionReason, RiskAction, Stage

AccountKey = tuple[str, str, str]  # account, owner, currency
Fired = tuple[str, int | None, int]  # feature, value, weight
# Action, score, scores of typologies, what fired, features without a value.
Assessed = tuple[RiskAction, int, tuple[tuple[str, int], ...], tuple[Fired, ...], tuple[str, ...]]
Foreseen = tuple[Stage, dict[AccountKey, int], dict[AccountKey, tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The predicted outcome. `detail` None = the words are not predicted."""

    outcome: Outcome
    reason: RejectionReason | None = None
    detail: str | None = None
    stage: Stage = Stage.FINAL
    duplicate_of: int | None = None


class Refused(Exception):
    """A rule says no."""

    def __init__(self, reason: RejectionReason, detail: str | None = None) -> None:
        super().__init__(reason.name)
        self.reason = reason
        self.detail = detail

    def answer(self) -> Answer:
        """Return the refusal as an answer."""
        return Answer(Outcome.REJECTED, self.reason, self.detail)


class Broken(Exception):
    """No Decision can exist here: a right ledger halts its partition before the commit."""


ACCEPTED = Answer(Outcome.ACCEPTED)
PENDING = Answer(Outcome.ACCEPTED, stage=Stage.PENDING)
