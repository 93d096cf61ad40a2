"""Write-offs: who may give up how much. Never one person alone.

Owns: the authority matrix as data, and the four-eyes rule.
Never: posts: the journal entry is asked of the ledger as an adjustment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


def refused(
    amount: int,
    currency: str,
    people: tuple[str, Sequence[Approval]],
    authorities: Sequence[Authority],
) -> str:
    """Say why an amount may not be written off by these people; nothing when it may."""
    maker, approvals = people
    fitting = [each for each in authorities if each.currency == currency and amount <= each.up_to]
    if not fitting:
        return f"nobody may write off {amount} {currency} in minor units"
    authority = min(fitting, key=lambda each: (each.up_to, each.approvals, each.role))
    actors = {each.actor for each in approvals}
    if maker in actors:
        return f"{maker} may not approve what {maker} asked for"
    if len(actors) < max(1, authority.approvals):
        return f"{authority.approvals} approvals are needed, there are {len(actors)}"
    if authority.role not in {each.role for each in approvals}:
        return f"an approval of a {authority.role} is needed"
    return ""
