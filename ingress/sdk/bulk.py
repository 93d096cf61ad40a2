"""Bulk: a file of transfers from one wallet, sent whole or each by itself.

    items = read_items(open("wages.jsonl"), "wages.jsonl")
    for command in one_by_one("wages-2026-05", "w-1", items):
        ledger.post(command, delivered)

Owns: the form of the file, an item a line; ids made from the bulk's, so that the same file sent
again is the same commands again and pays nobody twice; the summary of the answers.
Never: sends. Whole, all items happen or none, and every recipient has to live on the payer's
partition; one by one, each has an answer of its own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ingress.sdk.errors import CommandRefusedError, LineRefusedError
from ingress.sdk.fields import check_command, check_id
from ingress.sdk.items import item_from
from ingress.sdk.producer import stamp
from schemas.messages.commands import BulkItem, BulkTransfer, Transfer, WalletCommand
from schemas.messages.results import Result

REFUSED_KEPT: Final = 1_000  # of a file in which everything is refused, enough to see why


@dataclass(slots=True)
class BulkAnswers:
    """What became of the items of a bulk sent one by one; `refused` names the first of them."""

    items: Sequence[BulkItem]
    bulk_id: str
    outcomes: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str, str, str]] = field(default_factory=list)  # place, reference, why

    def take(self, result: Result) -> None:
        """Count a FINAL answer."""
        self.outcomes[result.outcome.name] += 1
        place = int(result.command_id.removeprefix(f"{self.bulk_id}."))
        reason = "" if result.reason is None else result.reason.name
        if reason and len(self.refused) < REFUSED_KEPT:
            self.refused.append((place, self.items[place].reference, reason, result.detail))

    @property
    def outstanding(self) -> int:
        """Return how many items have no FINAL answer yet."""
        return len(self.items) - self.outcomes.total()


def read_items(lines: Iterable[str], file: str) -> tuple[BulkItem, ...]:
    """Return the items of a JSON-lines text; `LineRefusedError` names file, line and field."""
    items: list[BulkItem] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            items.append(item_from("item", json.loads(text)))
        except json.JSONDecodeError as error:
            why = f"not JSON: {error.msg} at {error.colno}"
            raise LineRefusedError(file, number, "line", why) from error
        except CommandRefusedError as error:
            raise LineRefusedError(file, number, error.field, error.why) from error
    return tuple(items)


def whole(bulk_id: str, wallet_id: str, items: Sequence[BulkItem]) -> WalletCommand:
    """Return the one command by which all items happen, or none."""
    command = stamp(wallet_id, BulkTransfer(tuple(items)), command_id=bulk_id)
    check_command(command)
    return command


def one_by_one(bulk_id: str, wallet_id: str, items: Sequence[BulkItem]) -> list[WalletCommand]:
    """Return a transfer an item; its id is the bulk's, a full stop and its place, from 0."""
    check_id("bulk_id", bulk_id)
    commands: list[WalletCommand] = []
    for place, each in enumerate(items):
        body = Transfer(each.to_wallet_id, each.currency, each.amount)
        command = stamp(wallet_id, body, command_id=f"{bulk_id}.{place}")
        check_command(command)
        commands.append(command)
    return commands
