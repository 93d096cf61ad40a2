"""Origins: features that look at what the caller said of where a command comes from.

Owns: FR17, FR19, FR32 and FR34, by a walk over all that the wallet paid.
Never: keeps a counter or a list; knows bands, weights or actions.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.books import Books, Wallet
from ops.auditor.limits import DAY_US, HOUR_US
from ops.auditor.money import base
from ops.auditor.wish import Wish
from schemas.messages.vocabulary import Authentication

DEVICES: Final = 8
COUNTRIES: Final = 4
LARGEST_SUM: Final = 2**62
NONE, STRONG = Authentication.NONE, Authentication.STRONG


def origins(books: Books, wallet: Wallet, wish: Wish) -> dict[str, int | None]:
    """Return the features; None = it has no value."""
    rules, said = books.rulesets.deciding, books.origin
    minor = base(books.policy, wish.currency, wish.amount)
    return {
        **_device(books, wallet, minor),
        "other_countries_2h": _other_countries(books, wallet, said.country),
        "denied_country": _denied(rules.denied_countries, said.country),
        "denied_mcc": _denied(rules.denied_mccs, said.mcc),
        "denied_rail": int(wish.rail in rules.denied_rails),
        **_unauthenticated(wallet, minor, said.authentication),
    }


def _device(books: Books, wallet: Wallet, minor: int) -> dict[str, int | None]:
    known: dict[str, int] = {}  # since when, the one that paid latest last
    for each in wallet.paid:
        if each.device_id:
            known[each.device_id] = known.pop(each.device_id, each.at)
        if len(known) > DEVICES:
            del known[next(iter(known))]
    device_id = books.origin.device_id
    if not known or not device_id:
        value = None if known else 0
        return {"unseen_device": value, "new_device_amount": value}
    unseen = device_id not in known and books.origin.authentication is not STRONG
    first = min(known, key=lambda each: known[each])
    is_old = device_id == first or known.get(device_id, books.at) <= books.at - DAY_US
    return {"unseen_device": int(unseen), "new_device_amount": 0 if is_old else minor}


def _other_countries(books: Books, wallet: Wallet, said: str) -> int | None:
    recent: list[str] = []  # the latest first
    for each in reversed(wallet.paid):
        if each.at <= books.at - 2 * HOUR_US:
            break
        if each.country not in ("", *recent):
            recent.append(each.country)
    return None if recent and not said else len(set(recent[:COUNTRIES]) - {said})


def _denied(names: tuple[str, ...], said: str) -> int | None:
    return None if names and not said else int(said in names)


def _unauthenticated(wallet: Wallet, minor: int, how: Authentication) -> dict[str, int | None]:
    names = [f"unauthenticated_{each}" for each in ("amount", "count", "sum")]
    said = [each.authentication for each in wallet.paid]
    if how is not NONE or STRONG not in said:
        return dict.fromkeys(names, 0)
    latest = max(place for place, each in enumerate(said) if each is STRONG)
    since = [each.minor for each in wallet.paid[latest:] if each.authentication is NONE]
    values = (minor, len(since) + 1, min(sum(since) + minor, LARGEST_SUM))
    return dict(zip(names, values, strict=True))
