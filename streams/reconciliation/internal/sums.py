"""Sums: amounts added up over many accounts or since the beginning, kept in 64 bits.

Owns: what happens to a sum that 64 bits do not hold.
Never: a single balance or amount; the writer keeps those inside.

A balance has 64 bits, so the balances of a class may come to more, and so may all that ever
travelled between two partitions. Sums wrap, as registers do: two that are equal stay equal, a zero
stays zero, and a fault is still seen unless it is an exact multiple of 2^64 minor units.
"""

from __future__ import annotations

from typing import Final

HALF: Final = 1 << 63
MASK: Final = (1 << 64) - 1


def wrapped(total: int) -> int:
    """Return a sum as a signed number of 64 bits."""
    return ((total + HALF) & MASK) - HALF
