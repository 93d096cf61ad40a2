"""Split: one bill, several people, one request for money each.

    for share in split_equally("dinner-7", "w-1", Money(100_00, CURRENCIES["EUR"]), ["w-2", "w-3"]):
        ledger.send("w-1", share.body, command_id=share.command_id)

Owns: shares by largest remainder, which add up to the bill to the last minor unit, and ids made
from the bill's, so that a bill split again is the same commands again and asks nobody twice.
Never: sends; moves money: each payer decides with a PayRequest.

Whoever paid the bill may be among those who share it: that share is counted, and asked of nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ingress.sdk.errors import CommandRefusedError
from ingress.sdk.fields import check_id
from schemas.messages.commands import RequestMoney
from schemas.values import Money

WEEK_S: Final = 7 * 86_400


@dataclass(frozen=True, slots=True)
class SplitRequest:
    """One share of a bill: the request and its command id, to be sent for the requester."""

    command_id: str
    body: RequestMoney


def split_bill(
    bill_id: str,
    requester: str,
    total: Money,
    weights: Mapping[str, int],
    *,
    ttl_s: int = WEEK_S,
) -> tuple[SplitRequest, ...]:
    """Split `total` by the weight of each wallet, in the order given; nobody is asked for 0.

    Raises `CommandRefusedError` naming `bill_id`, `total` or `weights`.
    """
    if total.minor <= 0:
        raise CommandRefusedError("total", f"{total.format()} is not above 0")
    for weight in weights.values():
        if weight.__class__ is not int or weight < 0:
            raise CommandRefusedError("weights", f"{weight!r:.40} is not a whole number from 0")
    if sum(weights.values()) == 0:
        raise CommandRefusedError("weights", "nobody shares the bill")
    shares = total.allocate(tuple(weights.values()))
    return tuple(
        SplitRequest(
            _id_of(bill_id, number),
            RequestMoney(payer, share.currency.code, share.minor, ttl_s),
        )
        for number, (payer, share) in enumerate(zip(weights, shares, strict=True), 1)
        if payer != requester and share.minor > 0
    )


def split_equally(
    bill_id: str,
    requester: str,
    total: Money,
    wallets: Iterable[str],
    *,
    ttl_s: int = WEEK_S,
) -> tuple[SplitRequest, ...]:
    """Split `total` equally; what does not divide goes to the first, a minor unit each."""
    return split_bill(bill_id, requester, total, dict.fromkeys(wallets, 1), ttl_s=ttl_s)


def _id_of(bill_id: str, number: int) -> str:
    command_id = f"{bill_id}.{number}"
    check_id("bill_id", command_id)
    return command_id
