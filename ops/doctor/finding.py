"""Finding: what a check of the doctor says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Well or not, what was found, what to do. `away`: a server is missing."""

    check: str
    well: bool
    found: str
    advice: str = ""
    away: bool = False

    def line(self) -> str:
        """Return it in one line, with the cure when something is ill."""
        cure = f" - do: {self.advice}" if self.advice and not self.well else ""
        return " ".join(f"{self.found}{cure}".split())
