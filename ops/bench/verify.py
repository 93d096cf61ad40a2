"""`--verify`: a figure counts only when what was measured was right.

Owns: the call of every check of the log, the auditor's second opinion among them, after a bench.
Never: part of what is measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.checker.apart import check_apart
from ops.checker.targets import Targets

if TYPE_CHECKING:
    from ops.stack import Stack


def verified(stack: Stack) -> dict[str, Any]:
    """Return how many Decisions were checked, and every difference in words."""
    report = check_apart(Targets(kafka=stack.endpoints.kafka))
    return {
        "verified_decisions": report.decisions,
        "differences": [str(each) for each in report.findings],
    }
