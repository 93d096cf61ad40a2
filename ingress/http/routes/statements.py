"""Statements: the journal entries of a wallet, and everything it ever asked for.

Owns: these reads.
Never: asks more than one question a request.
"""

from fastapi import APIRouter

from ingress.http.asking import BEFORE, LIMIT, READING, WALLET, admitted
from ingress.http.models import EntryView, HistoryView, Page, PostingView
from schemas.wire import LONG_MAX
from sinks.postgres.reads import Entry


def add_reads(router: APIRouter) -> None:
    """Add entries and history."""

    @router.get(
        "/v1/wallets/{wallet_id}/entries",
        operation_id="list-entries",
        dependencies=admitted("list-entries"),
    )
    async def entries(
        wallet_id: WALLET, reading: READING, limit: LIMIT = 50, before: BEFORE = LONG_MAX
    ) -> Page[EntryView]:
        """The newest journal entries that touched a wallet, each with all of its lines."""
        found = await reading.journal(lambda reads: reads.entries(wallet_id, limit, before))
        return Page(
            items=[_entry(each) for each in found],
            next_before=found[-1].sequence if len(found) == limit else None,
        )

    @router.get(
        "/v1/wallets/{wallet_id}/history",
        operation_id="list-history",
        dependencies=admitted("list-history"),
    )
    async def history(
        wallet_id: WALLET, reading: READING, limit: LIMIT = 50, before: BEFORE = LONG_MAX
    ) -> Page[HistoryView]:
        """The newest Decisions about a wallet, accepted or not."""
        found = await reading.history(wallet_id, limit, before)
        return Page(
            items=[HistoryView.model_validate(each) for each in found],
            next_before=found[-1].sequence if len(found) == limit else None,
        )


def _entry(entry: Entry) -> EntryView:
    return EntryView(
        partition=entry.partition,
        sequence=entry.sequence,
        entry=entry.entry,
        flow=entry.flow,
        decided_at=entry.decided_at,
        postings=[
            PostingView(
                account=line.account,
                owner=line.owner,
                currency=line.currency,
                minor=line.amount,
            )
            for line in entry.lines
        ],
    )
