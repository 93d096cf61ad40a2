"""Limits: the caps of a KYC tier, one file each.

Owns: the two lists of rules; their order is the order of precedence.
Never: writes a row, sees another rule, knows which command asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ledger.limits import (
    balance_cap,
    count_out_30d,
    count_out_day,
    count_out_hour,
    day_in,
    day_out,
    month_in,
    month_out,
    new_payees_day,
    p2p_out,
    per_tx_in,
    per_tx_out,
    rolling_24h_out,
    transfer_out,
    week_out,
    withdrawal_day_out,
    withdrawal_out,
)
from ledger.outgoing import Incoming, Outgoing
from ledger.refusal import Refusal

OutgoingRule = Callable[[Outgoing], Refusal | None]
IncomingRule = Callable[[Incoming], Refusal | None]

RULES: Final[tuple[tuple[OutgoingRule, ...], tuple[IncomingRule, ...]]] = (
    (
        per_tx_out.check,
        day_out.check,
        week_out.check,
        month_out.check,
        rolling_24h_out.check,
        count_out_hour.check,
        count_out_day.check,
        count_out_30d.check,
        new_payees_day.check,
        withdrawal_day_out.check,
        transfer_out.check,
        p2p_out.check,
        withdrawal_out.check,
    ),
    (
        per_tx_in.check,
        day_in.check,
        month_in.check,
        balance_cap.check,
    ),
)
OUTGOING, INCOMING = RULES


def outgoing_refusal(outgoing: Outgoing) -> Refusal | None:
    """Return the first refusal of the outgoing limits."""
    for check in OUTGOING:
        refusal = check(outgoing)
        if refusal is not None:
            return refusal
    return None


def incoming_refusal(incoming: Incoming) -> Refusal | None:
    """Return the first refusal of the incoming limits."""
    for check in INCOMING:
        refusal = check(incoming)
        if refusal is not None:
            return refusal
    return None
