"""Write-offs: who may give up how much. Never one person alone.

Owns: the authority matrix as data, what a proposal needs, and the four-eyes rule.
Never: posts: the journal entry is asked of the ledger as an adjustment.

What a proposal needs is written on it, so a matrix that changes later changes no proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.messages.vocabulary import AdjustmentDirection


@dataclass(frozen=True, slots=True)
class Authority:
    """Up to which amount of a currency how many approvals are enough, one of them of a role."""

    currency: str
    up_to: int  # minor units, included
    approvals: int
    role: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's yes."""

    actor: str
    role: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of the ledger, and who must agree."""

    wallet_id: str
    account: str
    direction: AdjustmentDirection
    approvals: int
    role: str


def authority_for(amount: int, currency: str, authorities: Sequence[Authority]) -> Authority | None:
    """Return the narrowest line that covers an amount; None when nobody may give it up."""
    fitting = [each for each in authorities if each.currency == currency and amount <= each.up_to]
    return min(fitting, key=lambda each: (each.up_to, each.approvals, each.role), default=None)


def short_of(terms: Terms, maker: str, approvals: Sequence[Approval]) -> str:
    """Say what a proposal still lacks; nothing when it may be booked."""
    actors = {each.actor for each in approvals}
    if maker in actors:
        return f"{maker} may not approve what {maker} asked for"
    # A matrix that asks for no approval is still asked for one: never one person alone.
    needed = max(1, terms.approvals)
    if len(actors) < needed:
        return f"{needed} approvals are needed, there are {len(actors)}"
    if terms.role not in {each.role for each in approvals}:
        return f"an approval of a {terms.role} is needed"
    return ""
