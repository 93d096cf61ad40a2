"""Bulk: what `ledgerctl feed --bulk` sends and says.

Owns: the choice between one command and one an item, and the rows of what was refused.
Never: reads or checks an item itself; the SDK does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from ingress.sdk import BulkAnswers, BulkItem, Result, WalletCommand, one_by_one, whole


@dataclass(frozen=True, slots=True)
class Bulk:
    """A file of items: the id they go by, whose they are, and whether all or none happen."""

    bulk_id: str
    wallet_id: str
    is_whole: bool


def bulk_of(bulk_id: str | None, wallet_id: str | None, *, is_whole: bool) -> Bulk | None:
    """Return what the options say; None where the file holds commands."""
    if bulk_id is None and wallet_id is None and not is_whole:
        return None
    if bulk_id is None or wallet_id is None:
        raise click.UsageError("--bulk and --wallet-id go together, and --whole with them")
    return Bulk(bulk_id, wallet_id, is_whole)


def commands_of(bulk: Bulk, items: Sequence[BulkItem]) -> list[WalletCommand]:
    """Return one command for all items, or one for each."""
    if bulk.is_whole:
        return [whole(bulk.bulk_id, bulk.wallet_id, items)]
    return one_by_one(bulk.bulk_id, bulk.wallet_id, items)


class Answers:
    """What became of a bulk, of either form."""

    def __init__(self, bulk: Bulk, items: Sequence[BulkItem]) -> None:
        self._whole = bulk.is_whole
        self._each = BulkAnswers(items, bulk.bulk_id)
        self._rows: list[dict[str, object]] = []

    def take(self, result: Result) -> None:
        """Hear one FINAL result."""
        if not self._whole:
            self._each.take(result)
        elif result.reason is not None:
            self._rows.append(_row("all", "", result.reason.name, result.detail))

    def refused(self) -> list[dict[str, object]]:
        """Return a row for every item that was refused, or one for a refused whole."""
        return [*self._rows, *(_row(*each) for each in self._each.refused)]


def _row(place: object, reference: str, reason: str, detail: str) -> dict[str, object]:
    return {"item": str(place), "reference": reference, "reason": reason, "detail": detail}
