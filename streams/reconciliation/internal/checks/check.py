"""What every check is: its code, how bad a break of it is, and what that asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity


@final
@dataclass(frozen=True, slots=True)
class Check:
    """One check; its file says what it compares."""

    code: ReconCheck
    severity: ReconSeverity
    action: ReconAction
