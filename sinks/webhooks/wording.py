"""Wording: what a person reads of an event.

Owns: kinds that a person chooses, which of them cannot wait, title and text.
Never: tells why the fraud rules did what they did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from schemas.values import CURRENCIES, Money

KINDS: Final = {
    "low-balance": ("notice.low-balance",),
    "security": ("attempt.blocked", "attempt.review", "attempt.step_up"),
}
# Whoever's money is at stake is told at night as well.
URGENT: Final = frozenset(KINDS["security"])
TITLES: Final = {
    "attempt.blocked": "A payment was stopped",
    "attempt.review": "A payment is being reviewed",
    "attempt.step_up": "A payment needs to be confirmed",
}


def wording(kind: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """Return title and text of a notice."""
    if title := TITLES.get(kind):
        return title, _payment(data)
    if kind.startswith("notice."):
        return f"Notice: {data['code']}", _balance(data)
    wallet = data.get("wallet_id", data.get("owner", ""))
    return kind, f"{kind} of wallet {wallet}"


def _payment(data: Mapping[str, Any]) -> str:
    amount = _money(data.get("amount_minor"), data.get("currency"))
    what = f"{data['asked']} of {amount}" if amount else str(data["asked"])
    return (
        f"{what} from wallet {data['wallet_id']}. If it was not you, freeze the wallet. "
        f"Reference {data['command_id']}."
    )


def _balance(data: Mapping[str, Any]) -> str:
    text = f"{data['account']} of {data['owner']} is {_money(data['balance'], data['currency'])}."
    if data.get("amount"):
        text += f" {_money(data['amount'], data['currency'])} bring it to its level."
    return text


def _money(minor: int | None, currency: str | None) -> str:
    if minor is None or currency is None:
        return ""
    found = CURRENCIES.get(currency)
    return f"{Money(minor, found).format() if found else minor} {currency}"
