"""The trace of a run: one line per operation, and one digest over all of them.

Owns: the form of a line. Two runs with the same digest did the same things in the same order.
Never: influences a run.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import Final, final

from ops.simulate.blows import Blow


@final
class Trace:
    """Every line counts for the digest; the lines themselves are kept when asked for."""

    def __init__(self) -> None:
        self.lines: list[str] | None = None
        self.operations: Final[Counter[str]] = Counter()
        self._digest: Final = sha256()

    def note(self, step: int, now: float, who: str, operation: str, blow: Blow | None) -> None:
        """Note an operation and what strikes it."""
        self.operations[operation] += 1
        struck = "" if blow is None else f"  <- {blow.harm} {blow.moment} it"
        self.say(step, now, who, operation + struck)

    def say(self, step: int, now: float, who: str, what: str) -> None:
        """Note anything else."""
        line = f"{step:6} {now:9.3f} {who:<12} {what}"
        self._digest.update(line.encode())
        if self.lines is not None:
            self.lines.append(line)

    def digest(self) -> str:
        """Return the digest so far."""
        return self._digest.hexdigest()
