"""Sources: who and what brought a wallet its latest money, in short lists of its inflow row.

Owns: the bounds of those lists, and how one credit changes them.
Never: decides a rule.

Senders and instruments stand in their list once, the latest last; what is beyond the bound is the
one that was used least lately. So nobody pushes the others out by coming often.
"""

from __future__ import annotations

from typing import Final

from ledger.windows import DAY_US, HOUR_US
from schemas.messages.events import InflowConsumed
from schemas.messages.rows import CardCredit, InflowRow, InstrumentUse, Sender

SENDERS_KEPT: Final = 24  # above every band: from 20 on, more of them say nothing more
CARDS_KEPT: Final = 8
INSTRUMENTS_KEPT: Final = 8
CARDS_US: Final = 2 * HOUR_US  # a large one within the last hour, a small one within one before it
INSTRUMENTS_US: Final = 7 * DAY_US


def with_sender(row: InflowRow, event: InflowConsumed, at: int) -> tuple[Sender, ...]:
    """Return the senders of 24 hours with the one of a credit; without one they stay."""
    sender = event.from_wallet_id
    if not sender:
        return row.senders
    others = [each for each in row.senders if each.at > at - DAY_US and each.wallet_id != sender]
    return (*others, Sender(sender, event.base_amount, at))[-SENDERS_KEPT:]


def with_card(row: InflowRow, event: InflowConsumed, at: int) -> tuple[CardCredit, ...]:
    """Return the card top-ups of two hours with one more."""
    if not event.card:
        return row.cards
    others = [each for each in row.cards if each.at > at - CARDS_US]
    return (*others, CardCredit(event.base_amount, at))[-CARDS_KEPT:]


def with_instrument(row: InflowRow, event: InflowConsumed, at: int) -> tuple[InstrumentUse, ...]:
    """Return the instruments of seven days with the one of a top-up, if it is known."""
    token = event.instrument
    if not token:
        return row.instruments
    others = [
        each
        for each in row.instruments
        if each.at > at - INSTRUMENTS_US and each.instrument != token
    ]
    return (*others, InstrumentUse(token, at))[-INSTRUMENTS_KEPT:]
