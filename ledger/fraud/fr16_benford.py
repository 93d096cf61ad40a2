"""FR16: Chi-square of 100 first digits against Benford's law, in thousandths.

Why: Invented amounts do not begin with 1 as often as real ones.
They are of the last 100 amounts, without this one. Fewer than 50 have no value. Shares are
millionths, every digit's part is rounded down.
Default: from 15 508 (8 degrees of freedom, 5 %) 60.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from typing import Final

from ledger.outgoing import Outgoing

COUNT_MIN: Final = 50
MILLION: Final = 1_000_000
SHARES: Final = (301_030, 176_091, 124_939, 96_910, 79_181, 66_947, 57_992, 51_153, 45_757)


def feature(outgoing: Outgoing) -> int | None:
    """Return `benford`."""
    digits = outgoing.habits.profile.digits
    count = len(digits)
    if count < COUNT_MIN:
        return None
    chi_square = 0
    for digit, share in enumerate(SHARES, 1):
        expected = count * share
        off = digits.count(digit) * MILLION - expected
        chi_square += off * off * 1_000 // (expected * MILLION)
    return chi_square
