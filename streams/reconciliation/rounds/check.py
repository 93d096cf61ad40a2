"""What every check of a round is: its kind, how bad a break of it is, and what that asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from schemas.messages.vocabulary import ReconAction, ReconSeverity
from streams.reconciliation.external.exceptions.kinds import Kind


@final
@dataclass(frozen=True, slots=True)
class RoundCheck:
    """One check; its file says what it compares."""

    kind: Kind
    severity: ReconSeverity
    action: ReconAction
