"""JSON lines: commands as text a person can write, one JSON object a line.

    {"type":"Transfer","wallet_id":"w-1","to_wallet_id":"w-2","currency":"EUR","amount":"12.50"}

Owns: this form, reading and writing. Empty lines and lines that begin with # are skipped.
Never: reads an amount that is not decimal text: a JSON number is a float to half of the world.

`command_id` and `issued_at` (microseconds, a whole number) may be left out: the id is then new and
the time now. So may `dry_run`, `conditions` and `origin`, which `conditions.py` and `origin.py`
read. CaptureHold and ReleaseEscrow carry no currency on the wire; here they need one, to read
their amount.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NoReturn

from ingress.sdk.bodies import BODIES, BodySpec, FieldSpec, Kind
from ingress.sdk.conditions import conditions_from, conditions_to
from ingress.sdk.errors import CommandRefusedError, LineRefusedError
from ingress.sdk.fields import check_command
from ingress.sdk.items import items_from, items_to
from ingress.sdk.origin import origin_from, origin_to
from ingress.sdk.producer import stamp
from schemas.messages.commands import Command, WalletCommand
from schemas.values import CURRENCIES, Money

ENVELOPE: Final = (
    *("type", "wallet_id", "command_id", "issued_at", "conditions", "dry_run", "origin"),
)
MONEY: Final = frozenset({Kind.AMOUNT, Kind.LIMIT})
LINE_MAX: Final = 65_536  # the ledger takes no longer value either


def read_lines(lines: Iterable[str], file: str) -> Iterator[WalletCommand]:
    """Yield the commands of a JSON-lines text; `LineRefusedError` names file, line and field."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            yield read_line(text)
        except CommandRefusedError as error:
            raise LineRefusedError(file, number, error.field, error.why) from error


def read_line(text: str) -> WalletCommand:
    """Return the command of one line. Raises `CommandRefusedError` naming the field."""
    if len(text) > LINE_MAX:
        raise CommandRefusedError("line", f"{len(text)} characters, at most {LINE_MAX} are taken")
    try:
        document = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise CommandRefusedError("line", f"not JSON: {error.msg} at {error.colno}") from error
    if not isinstance(document, dict):
        raise CommandRefusedError("line", "a command is a JSON object")
    return from_document(document)


def from_document(document: Mapping[str, Any]) -> WalletCommand:
    """Return the command a dictionary describes, stamped and checked."""
    name = document.get("type")
    spec = BODIES.get(name) if isinstance(name, str) else None
    if spec is None:
        raise CommandRefusedError("type", f"{name!r:.80} is not one of {', '.join(BODIES)}")
    body = _body(spec, document)
    command = stamp(
        _needed(document, "wallet_id"),
        body,
        command_id=document.get("command_id"),
        issued_at_us=document.get("issued_at"),
        conditions=conditions_from(document.get("conditions", [])),
        dry_run=document.get("dry_run", False),
        origin=origin_from(document.get("origin")),
    )
    check_command(command)
    return command


def to_line(command: WalletCommand, currency: str = "") -> str:
    """Return the line of a command. `currency` is needed where the body carries none."""
    body = command.body
    spec = BODIES[type(body).__name__]
    shown: dict[str, object] = {
        "type": type(body).__name__,
        "wallet_id": command.wallet_id,
        "command_id": command.command_id,
    }
    if command.conditions:
        shown["conditions"] = conditions_to(command.conditions)
    if command.dry_run:
        shown["dry_run"] = True
    if command.origin is not None:
        shown["origin"] = origin_to(command.origin)
    for field in spec.fields:
        value = getattr(body, field.name)
        if value is None:
            continue
        if field.kind in MONEY:
            code = str(getattr(body, field.currency, currency))
            shown[field.currency] = code
            shown[field.name] = Money(value, CURRENCIES[code]).format()
        elif field.kind is Kind.ITEMS:
            shown[field.name] = items_to(value)
        else:
            shown[field.name] = value
    return json.dumps(shown)


def _body(spec: BodySpec, document: Mapping[str, Any]) -> Command:
    names = {field.name for field in spec.fields}
    currencies = {field.currency for field in spec.fields if field.kind in MONEY}
    known = (*ENVELOPE, *sorted(names | currencies))
    for name in document:
        if name not in known:
            raise CommandRefusedError(name, f"unknown here; known: {', '.join(known)}")
    values = {
        field.name: _value(field, document)
        for field in spec.fields
        if field.name in document or not field.optional
    }
    build: Callable[..., Command] = spec.message
    return build(**values)


def _value(field: FieldSpec, document: Mapping[str, Any]) -> object:
    given = _needed(document, field.name)
    if field.kind in MONEY:
        return _amount(field, given, document)
    if field.kind is Kind.ITEMS:
        return items_from(given)
    if field.kind is Kind.CURRENCIES:
        return tuple(given) if isinstance(given, list) else given
    if field.kind is Kind.SYMBOL:
        assert field.symbols is not None, "a SYMBOL field names its enum"
        found = field.symbols.__members__.get(given) if isinstance(given, str) else None
        return found or given  # what is none is refused by the check, by name
    return given


def _amount(field: FieldSpec, given: object, document: Mapping[str, Any]) -> int:
    code = _needed(document, field.currency)
    found = CURRENCIES.get(code) if isinstance(code, str) else None
    if found is None:
        raise CommandRefusedError(field.currency, f"{code!r:.40} is not a known currency code")
    try:
        return Money.parse(given, found, field=field.name).minor
    except ValueError as error:
        raise CommandRefusedError(field.name, _after_field(str(error))) from error


def _after_field(text: str) -> str:
    return text.partition(": ")[2] or text


def _needed(document: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    if name not in document:
        _refuse_missing(name)
    return document[name]


def _refuse_missing(name: str) -> NoReturn:
    raise CommandRefusedError(name, "is missing")


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object's fields; a field given twice is refused: the parser takes the last."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise CommandRefusedError(name, "is given twice")
        found[name] = value
    return found
