"""History rows: one row for each wallet that a Decision touched or was addressed to.

Owns: the shape of a history row and its partition key, wallet and month.
Never: I/O; sums.

A row is keyed (wallet, month; sequence, ledger partition): misrouted commands are answered by a
partition that is not the wallet's own, so a sequence alone would not be unique. Rows come from one
Decision each and never change, hence writing one twice is writing it once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from ledger.facts import counterparties, is_wallet_account, said_of
from ledger.text import bounded
from ledger.words import words_of
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Outcome

Lines = list[tuple[str, str, int]]  # account, currency, amount or balance
# wallet, month, sequence, partition, decided_at, command, outcome, reason, detail, stage, flow,
# counterparty, what, postings, balances
HistoryRow = tuple[str, int, int, int, int, str, str, str, str, str, str, str, str, Lines, Lines]
HistoryKey = tuple[str, int]  # wallet, month: what the store keeps together

DAY_US: Final = 86_400_000_000
DAYS_CACHED: Final = 64
ANSWERED: Final = "PARTITION ANSWERED"  # a leg that neither moved money nor changed a thing


def history_of(decision: Decision) -> list[HistoryRow]:
    """Return the rows of a Decision, one for each wallet."""
    sides = _sides_of(decision)
    if decision.wallet_id:
        _side_of(sides, bounded(decision.wallet_id))
    words: dict[str, str] = {}
    others: dict[str, str] = {}
    if decision.events:
        words, others = words_of(decision.events), counterparties(decision.events)
        for wallet in words:
            _side_of(sides, wallet)
    said = said_of(decision)
    unsaid = ANSWERED if said == Outcome.ACCEPTED and not decision.entries else ""
    month = month_of(decision.decided_at)
    command, detail = bounded(decision.command_id), bounded(decision.detail)
    return [
        (
            wallet,
            month,
            decision.sequence,
            decision.partition,
            decision.decided_at,
            command,
            said,
            decision.reason or "",
            detail,
            decision.stage,
            "+".join(side.flows) if side.flows else _flows_of(decision),
            others.get(wallet, ""),
            words.get(wallet) or unsaid,
            side.postings,
            side.balances,
        )
        for wallet, side in sides.items()
    ]


def group_by_key(decisions: Iterable[Decision]) -> dict[HistoryKey, list[HistoryRow]]:
    """Return the rows of a batch by the key under which the store keeps them together."""
    grouped: dict[HistoryKey, list[HistoryRow]] = defaultdict(list)
    for decision in decisions:
        for row in history_of(decision):
            grouped[row[0], row[1]].append(row)
    return grouped


def month_of(micros: int) -> int:
    """Return the UTC month as a number such as 202611."""
    return _month_of_day(micros // DAY_US)


@lru_cache(DAYS_CACHED)
def _month_of_day(day: int) -> int:
    date = datetime.fromtimestamp(day * 86_400, UTC)
    return date.year * 100 + date.month


class _Side:
    """What a Decision did to one wallet."""

    __slots__ = ("balances", "flows", "postings")

    def __init__(self) -> None:
        self.postings: Final[Lines] = []
        self.flows: Final[list[str]] = []
        self.balances: Final[Lines] = []


def _sides_of(decision: Decision) -> dict[str, _Side]:
    """Return the wallets that the Decision posted to, in its order."""
    sides: dict[str, _Side] = {}
    for entry in decision.entries:
        flow = entry.flow
        for line in entry.postings:
            if is_wallet_account(line.account):
                side = _side_of(sides, line.owner)
                side.postings.append((line.account, line.currency, line.amount))
                if flow not in side.flows:
                    side.flows.append(flow)
    for after in decision.balances:
        if is_wallet_account(after.account):
            side = _side_of(sides, after.owner)
            side.balances.append((after.account, after.currency, after.minor))
    return sides


def _flows_of(decision: Decision) -> str:
    """Return the flows of entries that touched others, for a wallet that the Decision is about."""
    return "+".join(dict.fromkeys([entry.flow for entry in decision.entries]))


def _side_of(sides: dict[str, _Side], wallet: str) -> _Side:
    side = sides.get(wallet)
    if side is None:
        side = sides[wallet] = _Side()
    return side
