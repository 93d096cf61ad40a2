"""Items: how a person writes the transfers of a bulk.

    "items":[{"to_wallet_id":"w-2","currency":"EUR","amount":"12.50","reference":"May 2026, ann"}]

Owns: this form, reading and writing; amounts are decimal text, as everywhere.
Never: checks what was read (`fields.py`), but for what it needs to read an amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ingress.sdk.errors import CommandRefusedError
from schemas.messages.commands import BulkItem
from schemas.values import CURRENCIES, Money

FIELDS: Final = ("to_wallet_id", "currency", "amount", "reference")


def items_from(listed: object) -> tuple[BulkItem, ...]:
    """Return the items of a document. Raises `CommandRefusedError` naming the one."""
    if not isinstance(listed, list):
        raise CommandRefusedError("items", "is a list")
    return tuple([item_from(f"items[{place}]", each) for place, each in enumerate(listed)])


def item_from(name: str, given: object) -> BulkItem:
    """Return one item, called `name` if it is none."""
    if not isinstance(given, Mapping) or set(given) != set(FIELDS):
        raise CommandRefusedError(name, f"is an object of {', '.join(FIELDS)}")
    code = given["currency"]
    currency = CURRENCIES.get(code) if isinstance(code, str) else None
    if currency is None:
        raise CommandRefusedError(f"{name}.currency", f"{code!r:.40} is not a known currency code")
    try:
        amount = Money.parse(given["amount"], currency, field="amount")
    except ValueError as error:
        why = str(error).partition(": ")[2] or str(error)
        raise CommandRefusedError(f"{name}.amount", why) from error
    return BulkItem(given["to_wallet_id"], currency.code, amount.minor, given["reference"])


def items_to(items: Iterable[BulkItem]) -> list[dict[str, object]]:
    """Return the same form of items."""
    return [
        {
            "to_wallet_id": each.to_wallet_id,
            "currency": each.currency,
            "amount": Money(each.amount, CURRENCIES[each.currency]).format(),
            "reference": each.reference,
        }
        for each in items
    ]
