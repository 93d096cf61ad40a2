"""Kept: sales that no merchant could have.

Owns: what is known of one.
Never: a rule.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Suspended:
    """A sale that no merchant could have."""

    payer: str
    command_id: str
    currency: str
    amount: int
    order_ref: str
    waits: bool = True
