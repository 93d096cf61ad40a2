"""What `decide` says: the events of an input, or the first refusal of the pipeline.

Owns: `Verdict`. Never: changes state; that is `effects.apply` on its events.
"""

from __future__ import annotations

from typing import Final, final

from schemas.messages.decisions import Event, RiskAssessment
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage


@final
class Verdict:
    """Outcome of one input.

    A rejection may carry events too: an attempt counts, a refused leg is answered.
    """

    __slots__ = ("detail", "duplicate_of", "events", "outcome", "reason", "risk", "stage")

    def __init__(  # noqa: PLR0913 - the fields of a Decision that the core fills
        self,
        outcome: Outcome,
        events: tuple[Event, ...] = (),
        reason: RejectionReason | None = None,
        detail: str = "",
        stage: Stage = Stage.FINAL,
        duplicate_of: int | None = None,
        risk: RiskAssessment | None = None,
    ) -> None:
        self.outcome: Final = outcome
        self.events: Final = events
        self.reason: Final = reason
        self.detail: Final = detail
        self.stage: Final = stage
        self.duplicate_of: Final = duplicate_of
        self.risk: Final = risk
