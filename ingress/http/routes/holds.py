"""Holds: money reserved for a payee, captured in parts or let go; and reviews of what was held.

Owns: its addresses and these reads.
Never: a rule: the ledger decides.
"""

from typing import Final

from fastapi import APIRouter

from ingress.http.asking import LIMIT, READING, WALLET, admitted
from ingress.http.models import HoldView
from ingress.http.route import Write

WRITES: Final = (
    Write("/wallets/{wallet_id}/holds", "PlaceHold", "Reserve money for a payee"),
    Write("/wallets/{wallet_id}/holds/{hold_id}/capture", "CaptureHold", "Capture all or a part"),
    Write("/wallets/{wallet_id}/holds/{hold_id}/void", "VoidHold", "Let it go"),
    Write("/wallets/{wallet_id}/holds/{hold_id}/increment", "IncrementHold", "Reserve more"),
    Write("/wallets/{wallet_id}/holds/{hold_id}/extension", "ExtendHold", "Reserve longer"),
    Write("/wallets/{wallet_id}/reviews/{review_id}/verdict", "ResolveReview", "Decide a review"),
)


def add_reads(router: APIRouter) -> None:
    """Add the list of holds."""

    @router.get(
        "/v1/wallets/{wallet_id}/holds",
        operation_id="list-holds",
        dependencies=admitted("list-holds"),
    )
    async def holds(wallet_id: WALLET, reading: READING, limit: LIMIT = 50) -> list[HoldView]:
        """The newest holds of a wallet."""
        found = await reading.journal(lambda reads: reads.holds(wallet_id, limit))
        return [HoldView.model_validate(each) for each in found]
