"""Pair rows: the numbers of legs between this partition and each other one.

Owns: outgoing numbers, open CREDITs and the lowest of them, the inbox and how far it is kept.
Never: judges a number; the decision halts on a gap before an event exists.

Numbers advance one by one, so every loop here passes each number once in the life of a pair.
"""

from __future__ import annotations

from typing import Final

from ledger.errors import present
from ledger.heads import head_of
from ledger.view import PartitionView
from schemas.messages.events import LegReceived
from schemas.messages.legs import Leg
from schemas.messages.rows import InboxRow, OpenCreditRow, PairInRow, PairOutRow
from schemas.messages.vocabulary import LegKind

NO_PAIR_OUT: Final = PairOutRow(1, 1, 0, 1, 1)
NO_PAIR_IN: Final = PairInRow(0, 1)


def sent(view: PartitionView, leg: Leg) -> None:
    """Number a leg; a CREDIT stays open until its answer."""
    pair = in_current_group(view, view.pairs_out.get(leg.dst_partition) or NO_PAIR_OUT)
    following = leg.pair_seq + 1
    lowest_open = pair.lowest_open
    if leg.kind is LegKind.CREDIT:
        view.open_credits.put(
            (leg.dst_partition, leg.pair_seq), OpenCreditRow(leg.from_wallet_id, leg.transfer_id)
        )
    elif lowest_open == leg.pair_seq:
        lowest_open = following  # nothing is open
    view.pairs_out.put(
        leg.dst_partition,
        PairOutRow(following, lowest_open, pair.group, pair.group_first, pair.floor),
    )


def in_current_group(view: PartitionView, pair: PairOutRow) -> PairOutRow:
    """Return the row as it stands for the next leg: in a new transaction, the floor moves up.

    The floor is the first number of the sending transaction before this one: that one may be sent
    again on recovery, so the receiver must still know its numbers.
    """
    group = head_of(view).group_first_sequence
    if pair.group == group:
        return pair
    return PairOutRow(pair.next, pair.lowest_open, group, pair.next, pair.group_first)


def credit_ended(view: PartitionView, partition: int, credit_seq: int) -> None:
    """A CREDIT has its final answer; the lowest open number may move up."""
    view.open_credits.delete((partition, credit_seq))
    pair = present(view.pairs_out.get(partition), "outgoing pair")
    lowest_open = pair.lowest_open
    while lowest_open < pair.next and view.open_credits.get((partition, lowest_open)) is None:
        lowest_open += 1
    if lowest_open != pair.lowest_open:
        view.pairs_out.put(
            partition, PairOutRow(pair.next, lowest_open, pair.group, pair.group_first, pair.floor)
        )


def received(view: PartitionView, event: LegReceived) -> None:
    """Remember a leg, and forget those that are final at its sender."""
    source = event.src_partition
    pair = view.pairs_in.get(source) or NO_PAIR_IN
    if event.pair_seq < pair.kept_from:
        return  # parked: it is known to be final, and nothing is kept of it
    view.inbox.put((source, event.pair_seq), InboxRow(event.digest, event.state, event.reason))
    highest = max(pair.highest, event.pair_seq)
    kept_from = max(pair.kept_from, event.final_below)
    for number in range(pair.kept_from, kept_from):
        view.inbox.delete((source, number))
    view.pairs_in.put(source, PairInRow(highest, kept_from))
