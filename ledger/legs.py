"""Legs: the messages of a transfer between partitions, numbered per ordered pair.

Owns: the next number and `final_below` of a leg, and the content of each kind.
Never: writes the pair's row; `ledger.evolving.pairs` does, when the LegSent event is applied.

`final_below` is the lowest number not yet final at the sender, and never above the first number of
the sending transaction before this one: that one may be sent again on recovery, and the receiver
must still know its numbers to see a repeat.
"""

from __future__ import annotations

from ledger.evolving.pairs import NO_PAIR_OUT, in_current_group
from ledger.place import Place
from ledger.view import PartitionView
from schemas.messages.events import LegSent, TransferDebited
from schemas.messages.legs import Leg
from schemas.messages.rows import SagaRow
from schemas.messages.vocabulary import LegKind, RejectionReason


def next_number(view: PartitionView, partition: int) -> int:
    """Return the number of the next leg to a partition."""
    return (view.pairs_out.get(partition) or NO_PAIR_OUT).next


def credit(view: PartitionView, place: Place, event: TransferDebited) -> LegSent:
    """Carry a debited amount to its recipient's partition."""
    return LegSent(
        Leg(
            LegKind.CREDIT,
            place.partition,
            event.to_partition,
            event.credit_seq,
            _final_below(view, event.to_partition),
            event.credit_seq,
            event.transfer_id,
            event.purpose,
            event.from_wallet_id,
            event.to_wallet_id,
            event.currency,
            event.amount,
            None,
            event.about,
        )
    )


def cancel(view: PartitionView, place: Place, key: tuple[str, str], saga: SagaRow) -> LegSent:
    """Ask the recipient's partition what became of a CREDIT."""
    wallet_id, transfer_id = key
    partition = saga.to_partition
    return LegSent(
        Leg(
            LegKind.CANCEL,
            place.partition,
            partition,
            next_number(view, partition),
            _final_below(view, partition),
            saga.credit_seq,
            transfer_id,
            saga.purpose,
            wallet_id,
            saga.to_wallet_id,
            saga.currency,
            saga.amount,
            None,
            saga.about,
        )
    )


def answer(view: PartitionView, place: Place, leg: Leg, refused: RejectionReason | None) -> LegSent:
    """Answer a CREDIT or CANCEL: NACK with the reason of a refusal, else ACK."""
    partition = leg.src_partition
    return LegSent(
        Leg(
            LegKind.ACK if refused is None else LegKind.NACK,
            place.partition,
            partition,
            next_number(view, partition),
            _final_below(view, partition),
            leg.credit_seq,
            leg.transfer_id,
            leg.purpose,
            leg.from_wallet_id,
            leg.to_wallet_id,
            leg.currency,
            leg.amount,
            refused,
            leg.about,
        )
    )


def _final_below(view: PartitionView, partition: int) -> int:
    pair = in_current_group(view, view.pairs_out.get(partition) or NO_PAIR_OUT)
    return min(pair.lowest_open, pair.floor)
