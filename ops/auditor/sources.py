"""Sources: features that look at where a wallet's money came from.

Owns: FR10, FR11, FR23 and FR24, by a look at every credit again.
Never: keeps a list of its own; knows bands, weights or actions.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.books import Wallet
from ops.auditor.history import Received
from ops.auditor.limits import DAY_US, HOUR_US

SENDERS: Final = 24
CARDS: Final = 8


def sources(wallet: Wallet, at: int, small: int) -> dict[str, int | None]:
    """Return the features; each of them always has a value."""
    senders = list(_since(wallet, "sender", at - DAY_US).values())[:SENDERS]
    similar = [sum(1 for other in senders if _is_near(other, each)) for each in senders]
    return {
        "senders_24h": len(senders),
        "similar_senders_24h": max(similar, default=0),
        "instruments_24h": min(len(_since(wallet, "instrument", at - DAY_US)), CARDS),
        "instruments_7d": min(len(_since(wallet, "instrument", at - 7 * DAY_US)), CARDS),
        "top_up_after_trial_1h": _after_trial(wallet, at, small),
    }


def _since(wallet: Wallet, what: str, since: int) -> dict[str, Received]:
    """Return the latest credit by each sender or instrument since then, the last of all first."""
    found: dict[str, Received] = {}
    for each in reversed(wallet.received):
        if each.at <= since:
            break
        name = each.sender if what == "sender" else each.instrument
        if name:
            found.setdefault(name, each)
    return found


def _is_near(other: Received, one: Received) -> bool:
    return abs(other.minor - one.minor) * 10 <= one.minor


def _after_trial(wallet: Wallet, at: int, small: int) -> int:
    cards = [each for each in wallet.received if each.card][-CARDS:]
    found = [0]
    for place, each in enumerate(cards):
        trials = [one for one in cards[:place] if one.minor < small]
        if each.at > at - HOUR_US and any(one.at > each.at - HOUR_US for one in trials):
            found.append(each.minor)
    return max(found)
