"""Wish: what somebody wants to pay, as limits and fraud rules ask about it.

Owns: one record, which every family fills in once.
Never: an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.messages.vocabulary import OutflowFamily


@dataclass(frozen=True, slots=True)
class Wish:
    """Pay `amount` to a payee who need not be a wallet; `total` is what W.AVL gives for it."""

    wallet_id: str
    payee: str
    currency: str
    amount: int
    total: int
    family: OutflowFamily = OutflowFamily.PAYMENT
    rail: str = ""
