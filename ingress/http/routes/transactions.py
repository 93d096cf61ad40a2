"""Transactions: how what takes more than one step stands, and the steps it went.

Owns: these reads.
Never: asks more than one question a request.
"""

from fastapi import APIRouter

from ingress.http.asking import BEFORE, LIMIT, READING, WALLET, admitted
from ingress.http.models import Page, StepView, TransactionView
from schemas.wire import LONG_MAX


def add_reads(router: APIRouter) -> None:
    """Add the transactions of a wallet."""

    @router.get(
        "/v1/wallets/{wallet_id}/transactions",
        operation_id="list-transactions",
        dependencies=admitted("list-transactions"),
    )
    async def transactions(
        wallet_id: WALLET, reading: READING, limit: LIMIT = 50, before: BEFORE = LONG_MAX
    ) -> Page[TransactionView]:
        """The transactions of a wallet that changed last."""
        found = await reading.journal(lambda reads: reads.transactions(wallet_id, limit, before))
        return Page(
            items=[TransactionView.model_validate(each) for each in found],
            next_before=found[-1].changed_sequence if len(found) == limit else None,
        )

    @router.get(
        "/v1/wallets/{wallet_id}/transactions/{transaction_id}/steps",
        operation_id="list-steps",
        dependencies=admitted("list-steps"),
    )
    async def steps(wallet_id: WALLET, transaction_id: WALLET, reading: READING) -> list[StepView]:
        """The steps a transaction went, the first ones first."""
        found = await reading.journal(
            lambda reads: reads.transaction_steps(wallet_id, transaction_id)
        )
        return [StepView.model_validate(each) for each in found]
