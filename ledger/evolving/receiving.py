"""Inflow rows: incoming sums of calendar periods, the latest credits and who brought them.

Owns: inflow rows.
Never: decides a limit.

A run is a series of credits, each within 30 minutes of the one before. What was paid out since it
began is the difference of the profile's running total to what it was then. What is given back
leaves the sums and counts of its day and month; a run stays as it came, and so do its sources.
"""

from __future__ import annotations

from ledger.chart import INT64_MAX
from ledger.days import inflow_before, less
from ledger.errors import present
from ledger.profile import NO_INFLOW, NO_PROFILE, RUN_GAP_US
from ledger.sources import with_card, with_instrument, with_sender
from ledger.view import PartitionView
from schemas.messages.events import InflowConsumed, InflowGivenBack
from schemas.messages.rows import InflowRow


def received(view: PartitionView, event: InflowConsumed, at: int) -> None:
    """An incoming movement enters the calendar sums, the run of credits and perhaps its card."""
    wallet_id = event.wallet_id
    row = view.inflows.get(wallet_id) or NO_INFLOW
    today = row.day == event.day
    past_counts, past_sums = inflow_before(event.day, row)
    amount = event.base_amount
    goes_on = row.run_at > 0 and at - row.run_at <= RUN_GAP_US
    # Only where a run begins: most wallets that are paid have no profile, and no cache knows that.
    run_from = row.run_from if goes_on else _paid_so_far(view, wallet_id)
    card = (amount, at) if event.card else (row.card_sum, row.card_at)
    view.inflows.put(
        wallet_id,
        InflowRow(
            event.day,
            (row.day_sum if today else 0) + amount,
            event.month,
            (row.month_sum if row.month == event.month else 0) + amount,
            (row.day_count if today else 0) + 1,
            past_counts,
            past_sums,
            min((row.run_sum if goes_on else 0) + amount, INT64_MAX),
            at,
            run_from,
            *card,
            with_sender(row, event, at),
            with_card(row, event, at),
            with_instrument(row, event, at),
        ),
    )


def given_back(view: PartitionView, event: InflowGivenBack) -> None:
    """An incoming movement leaves the day and the month it once entered."""
    row = present(view.inflows.get(event.wallet_id), "inflow row")
    ago = row.day - event.day
    amount = event.base_amount
    view.inflows.put(
        event.wallet_id,
        InflowRow(
            row.day,
            max(0, row.day_sum - amount) if ago == 0 else row.day_sum,
            row.month,
            max(0, row.month_sum - amount) if row.month == event.month else row.month_sum,
            max(0, row.day_count - 1) if ago == 0 else row.day_count,
            less(row.past_counts, ago, 1),
            less(row.past_sums, ago, amount),
            row.run_sum,
            row.run_at,
            row.run_from,
            row.card_sum,
            row.card_at,
            row.senders,
            row.cards,
            row.instruments,
        ),
    )


def _paid_so_far(view: PartitionView, wallet_id: str) -> int:
    return (view.profiles.get(wallet_id) or NO_PROFILE).out_total
