"""`ledgerctl recon open`: a difference that a person saw, as an exception.

Owns: options, and the event by which an exception begins.
Never: opens twice what is the same: its id is made of what it is about.
"""

from __future__ import annotations

from typing import Final

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, json_option
from ops.delivery import deliver, producer_for
from ops.errors import DocumentError
from ops.operations import reason_option
from ops.per_partition import Record
from ops.recon.acting import Asked, show
from ops.recon.reading import read_found
from ops.settings import read_settings
from schemas.codec import encode
from schemas.messages.recon import ExceptionOpened, ReconEvent
from schemas.values import CURRENCIES, Money, ValueRefused
from streams.reconciliation.external.exceptions.kinds import INTERNAL, Kind, case_id_of
from topics.catalog import RECON_EVENTS
from topics.partitioning import partition_of_key

OUTSIDE: Final = tuple(sorted(set(Kind) - INTERNAL))


@click.command("open")
@click.option("--kind", required=True, type=click.Choice(OUTSIDE, case_sensitive=False))
@click.option("--account", required=True, help="Account outside.")
@click.option("--about", required=True, help="Line, statement or transaction it is about.")
@click.option("--amount", default="", help="At stake, such as 12.50.")
@click.option("--currency", default="", help="Of the amount.")
@reason_option
@execute_option
@json_option
def open_(  # noqa: PLR0913 - one parameter per option
    kind: str,
    account: str,
    about: str,
    amount: str,
    currency: str,
    reason: str,
    *,
    execute: bool,
    as_json: bool,
) -> None:
    """Open an exception; --reason says what is wrong. The same again opens nothing."""
    operations.require_reason(reason, execute=execute)
    minor = minor_of(amount, currency)
    opened = ExceptionOpened(
        case_id_of(Kind(kind.upper()), (account, about)),
        kind.upper(),
        account,
        currency if minor else "",
        minor,
        about,
        reason,
        operations.who(),
    )
    settings = read_settings()
    found, partitions = read_found(settings.broker())
    known = opened.case_id in found.cases.by_id
    lines = [] if known else [f"open {opened.case_id}: {opened.kind} of {account}, {about}"]

    def act() -> None:
        if known:
            return
        record = opening_record(opened, now_us(), partitions)
        deliver(producer_for(settings.broker()), RECON_EVENTS.name, [record])
        operations.record(settings.state_dir, lines[0], reason, subject=opened.case_id)

    show(lines, Asked(reason, execute, as_json), act)


def minor_of(amount: str, currency: str) -> int:
    """Return minor units, 0 for no amount. Raises `DocumentError` that names the option."""
    if not amount:
        return 0
    known = CURRENCIES.get(currency)
    if known is None:
        raise DocumentError(f"--currency: {currency!r} is no known currency")
    try:
        minor = Money.parse(amount, known, field="--amount").minor
    except ValueRefused as error:
        raise DocumentError(str(error)) from error
    if minor <= 0:
        raise DocumentError(f"--amount: {amount} is not above zero")
    return minor


def opening_record(opened: ExceptionOpened, at: int, partitions: int) -> Record:
    """Return the record by which an exception begins."""
    key = opened.case_id.encode()
    event = ReconEvent(f"{opened.case_id}-opened", at, opened)
    return key, encode(event), partition_of_key(key, partitions)
