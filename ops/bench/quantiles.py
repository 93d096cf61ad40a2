"""Quantiles of measured times.

Owns: the one definition that every figure uses.
Never: interpolates.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence


ROUNDING: Final = 1e-9  # 0.07 * 100 is a little more than 7: it still means the seventh


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of all do not exceed; 0 when there are none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    wanted = ceil(share * len(ordered) - ROUNDING)
    return ordered[max(wanted, 1) - 1]
