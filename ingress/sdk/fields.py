"""Fields: what each field of each command must look like before it is sent.

Owns: the check of a built command, by the table of `bodies.py`.
Never: looks at balances or states. Whether a command is allowed is the ledger's to decide, and
its answer comes as a result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ingress.sdk.bodies import BODIES, FieldSpec, Kind
from ingress.sdk.errors import CommandRefusedError
from schemas.messages import commands as messages
from schemas.messages.vocabulary import Authentication
from schemas.values import COUNTRY, CURRENCIES, ID_LENGTH_MAX, MCC, WALLET_ID
from schemas.wire import INT_MAX, LONG_MAX

CURRENCIES_MAX: Final = 16
CONDITIONS_MAX: Final = 8
TEXT_MAX: Final = 64
_ORIGINS: Final = (
    ("country", COUNTRY, "two capital letters"),
    ("mcc", MCC, "four digits"),
)


def check_command(command: messages.WalletCommand) -> None:
    """Refuse a command that cannot be one. Raises `CommandRefusedError` naming the first field."""
    check_id("wallet_id", command.wallet_id)
    check_id("command_id", command.command_id)
    if command.issued_at.__class__ is not int or not 0 < command.issued_at <= LONG_MAX:
        raise CommandRefusedError("issued_at", "microseconds since 1970-01-01 UTC, a whole number")
    _conditions(command.conditions)
    _flag(FieldSpec("dry_run", Kind.FLAG), command.dry_run)
    _origin(command.origin)
    body = command.body
    spec = BODIES.get(body.__class__.__name__)
    if spec is None or spec.message is not body.__class__:
        known = ", ".join(BODIES)
        raise CommandRefusedError("body", f"{type(body).__name__} is not a command; known: {known}")
    for field in spec.fields:
        value = getattr(body, field.name)
        if field.optional and (value is None or value == ""):
            continue
        _CHECKS[field.kind](field, value)


def check_id(name: str, value: object) -> None:
    """Refuse what is not an id."""
    if value == "":
        raise CommandRefusedError(name, "is empty; it is the record's key and needs 1 character")
    if not isinstance(value, str) or not WALLET_ID.fullmatch(value):
        raise CommandRefusedError(
            name,
            f"{value!r:.80} is not an id: 1 to {ID_LENGTH_MAX} ASCII letters, digits and . _ - # : "
            "starting with a letter or digit",
        )


def _conditions(conditions: object) -> None:
    if not isinstance(conditions, tuple) or len(conditions) > CONDITIONS_MAX:
        raise CommandRefusedError("conditions", f"at most {CONDITIONS_MAX}, as a tuple")
    for place, each in enumerate(conditions):
        name = f"conditions[{place}]"
        if isinstance(each, messages.AvailableAtLeast):
            _currency(FieldSpec(f"{name}.currency", Kind.CURRENCY), each.currency)
            _seconds(FieldSpec(f"{name}.amount", Kind.SECONDS), each.amount)
        elif isinstance(each, messages.WalletSequenceIs):
            _seconds(FieldSpec(f"{name}.sequence", Kind.SECONDS), each.sequence)
        elif isinstance(each, messages.ScheduleIsActive):
            check_id(f"{name}.schedule_id", each.schedule_id)
        else:
            raise CommandRefusedError(name, f"{type(each).__name__} is not a condition")


def _origin(origin: object) -> None:
    if origin is None:
        return
    if not isinstance(origin, messages.Origin):
        raise CommandRefusedError("origin", f"{type(origin).__name__} is not an Origin")
    for name in ("instrument", "device_id"):
        if getattr(origin, name) != "":
            _text(FieldSpec(f"origin.{name}", Kind.TEXT), getattr(origin, name))
    for name, form, what in _ORIGINS:
        said = getattr(origin, name)
        if said != "" and (not isinstance(said, str) or not form.fullmatch(said)):
            raise CommandRefusedError(f"origin.{name}", f"{said!r:.40} is not {what}")
    how = FieldSpec("origin.authentication", Kind.SYMBOL, Authentication)
    _symbol(how, origin.authentication)


def _id(field: FieldSpec, value: object) -> None:
    check_id(field.name, value)


def _payment(field: FieldSpec, value: object) -> None:
    payer, slash, command_id = value.partition("/") if isinstance(value, str) else ("", "", "")
    if not slash:
        raise CommandRefusedError(field.name, f"{value!r:.80} is not payer/command id")
    check_id(field.name, payer)
    check_id(field.name, command_id)


def _count(field: FieldSpec, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= INT_MAX:
        raise CommandRefusedError(field.name, f"{value!r:.40} is not a whole number from 0 on")


def _text(field: FieldSpec, value: object) -> None:
    if not isinstance(value, str) or not 0 < len(value) <= TEXT_MAX or not value.isprintable():
        raise CommandRefusedError(
            field.name, f"{value!r:.80} is not text of 1 to {TEXT_MAX} printable characters"
        )


def _currency(field: FieldSpec, value: object) -> None:
    if not isinstance(value, str) or value not in CURRENCIES:
        raise CommandRefusedError(field.name, f"{value!r:.40} is not a known currency code")


def _currencies(field: FieldSpec, value: object) -> None:
    if not isinstance(value, tuple) or not 0 < len(value) <= CURRENCIES_MAX:
        raise CommandRefusedError(field.name, f"1 to {CURRENCIES_MAX} currency codes, as a tuple")
    for code in value:
        _currency(field, code)
    if len(set(value)) != len(value):
        raise CommandRefusedError(field.name, "a currency is named twice")


def _amount(field: FieldSpec, value: object) -> None:
    if value == 0:
        raise CommandRefusedError(field.name, "0 is not above 0")
    _minor(field, value)


def _minor(field: FieldSpec, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise CommandRefusedError(
            field.name, f"minor units are a whole number (int), not a {type(value).__name__}"
        )
    if value < 0:
        least = "0 or more" if field.kind is Kind.LIMIT else "above 0"
        raise CommandRefusedError(field.name, f"{value} is not {least}")
    if value > LONG_MAX:
        raise CommandRefusedError(field.name, f"{value} exceeds 64 bits")


def _seconds(field: FieldSpec, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONG_MAX:
        unit = " of seconds" if field.name.endswith("_s") else ", 0 or more"
        raise CommandRefusedError(field.name, f"{value!r:.40} is not a whole number{unit}")


def _number(field: FieldSpec, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= INT_MAX:
        raise CommandRefusedError(field.name, f"{value!r:.40} is not a whole number from 1")


def _flag(field: FieldSpec, value: object) -> None:
    if not isinstance(value, bool):
        raise CommandRefusedError(field.name, f"{value!r:.40} is neither true nor false")


def _symbol(field: FieldSpec, value: object) -> None:
    assert field.symbols is not None, "a SYMBOL field names its enum"
    if not isinstance(value, field.symbols):
        known = ", ".join(field.symbols.__members__)
        raise CommandRefusedError(
            field.name, f"{value!r:.40} is not a {field.symbols.__name__} ({known})"
        )


def _items(field: FieldSpec, value: object) -> None:
    if not isinstance(value, tuple) or not value:
        raise CommandRefusedError(field.name, "1 item or more, as a tuple")
    for place, each in enumerate(value):
        name = f"{field.name}[{place}]"
        if not isinstance(each, messages.BulkItem):
            raise CommandRefusedError(name, f"{type(each).__name__} is not an item")
        check_id(f"{name}.to_wallet_id", each.to_wallet_id)
        _currency(FieldSpec(f"{name}.currency", Kind.CURRENCY), each.currency)
        _amount(FieldSpec(f"{name}.amount", Kind.AMOUNT), each.amount)
        _text(FieldSpec(f"{name}.reference", Kind.TEXT), each.reference)
    if len({each.reference for each in value}) != len(value):
        raise CommandRefusedError(field.name, "a reference is named twice")


_CHECKS: Final[Mapping[Kind, Callable[[FieldSpec, object], None]]] = MappingProxyType(
    {
        Kind.ID: _id,
        Kind.PAYMENT: _payment,
        Kind.TEXT: _text,
        Kind.CURRENCY: _currency,
        Kind.CURRENCIES: _currencies,
        Kind.AMOUNT: _amount,
        Kind.LIMIT: _minor,
        Kind.SECONDS: _seconds,
        Kind.NUMBER: _number,
        Kind.FLAG: _flag,
        Kind.COUNT: _count,
        Kind.SYMBOL: _symbol,
        Kind.ITEMS: _items,
    }
)
