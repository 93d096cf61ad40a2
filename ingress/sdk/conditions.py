"""Conditions: how a person writes what must hold for a command to be decided.

    "conditions":[{"available":"40.00","currency":"EUR"},{"sequence":7},{"schedule":"rent"}]

Owns: this form, reading and writing; amounts are decimal text, as everywhere.
Never: checks what was read (`fields.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ingress.sdk.errors import CommandRefusedError
from schemas.messages.commands import (
    AvailableAtLeast,
    Condition,
    ScheduleIsActive,
    WalletSequenceIs,
)
from schemas.values import CURRENCIES, Money

FORMS: Final = 'is {"available":"40.00","currency":"EUR"}, {"sequence":7} or {"schedule":"rent"}'


def conditions_from(listed: object) -> tuple[Condition, ...]:
    """Return the conditions of a document. Raises `CommandRefusedError` naming the one."""
    if not isinstance(listed, list):
        raise CommandRefusedError("conditions", "is a list")
    return tuple([_read(f"conditions[{place}]", each) for place, each in enumerate(listed)])


def conditions_to(conditions: Iterable[Condition]) -> list[dict[str, object]]:
    """Return the same form of conditions."""
    return [_written(each) for each in conditions]


def _read(name: str, given: object) -> Condition:
    if isinstance(given, Mapping) and set(given) == {"sequence"}:
        return WalletSequenceIs(given["sequence"])
    if isinstance(given, Mapping) and set(given) == {"schedule"}:
        return ScheduleIsActive(given["schedule"])
    if not isinstance(given, Mapping) or set(given) != {"available", "currency"}:
        raise CommandRefusedError(name, FORMS)
    code = given["currency"]
    currency = CURRENCIES.get(code) if isinstance(code, str) else None
    if currency is None:
        raise CommandRefusedError(f"{name}.currency", f"{code!r:.40} is not a known currency code")
    try:
        least = Money.parse(given["available"], currency, field="available")
    except ValueError as error:
        why = str(error).partition(": ")[2] or str(error)
        raise CommandRefusedError(f"{name}.available", why) from error
    return AvailableAtLeast(currency.code, least.minor)


def _written(condition: Condition) -> dict[str, object]:
    if isinstance(condition, AvailableAtLeast):
        least = Money(condition.amount, CURRENCIES[condition.currency])
        return {"available": least.format(), "currency": condition.currency}
    if isinstance(condition, ScheduleIsActive):
        return {"schedule": condition.schedule_id}
    return {"sequence": condition.sequence}
