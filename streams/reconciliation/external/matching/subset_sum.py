"""Subset sums: which of up to 24 amounts add up to one, exactly.

Owns: meet in the middle, and the number of solutions up to two.
Never: approximates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

MANY: Final = 2
ITEMS_MAX: Final = 24


def subsets(amounts: Sequence[int], target: int) -> tuple[int, tuple[int, ...]]:
    """Return how many subsets reach the target (0, 1, or 2 for more) and the places of one."""
    if len(amounts) > ITEMS_MAX:
        raise ValueError(f"{len(amounts)} amounts; an exact search takes at most {ITEMS_MAX}")
    half = len(amounts) // 2
    left = _sums(amounts[:half])
    count, solution = 0, 0
    for mask, total in enumerate(_totals(amounts[half:])):
        ways, other = left.get(target - total, (0, 0))
        if target == 0 and mask == 0:
            ways = max(0, ways - 1)  # taking nothing is no solution
        if ways:
            count += ways
            solution = solution or other | mask << half
        if count >= MANY:
            break
    return min(count, MANY), _places(solution, len(amounts))


def _sums(amounts: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many ways lead to each sum, and the last of them."""
    sums: dict[int, tuple[int, int]] = {}
    for mask, total in enumerate(_totals(amounts)):
        sums[total] = (sums.get(total, (0, 0))[0] + 1, mask)
    return sums


def _totals(amounts: Sequence[int]) -> list[int]:
    """Return the sum of every subset, at the place whose bits name its members."""
    totals = [0]
    for amount in amounts:
        totals += [total + amount for total in totals]
    return totals


def _places(mask: int, size: int) -> tuple[int, ...]:
    return tuple(at for at in range(size) if mask >> at & 1)
