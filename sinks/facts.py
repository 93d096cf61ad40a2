"""Facts: what a Decision states, as plain tuples that mean the same in every store.

Owns: the canonical rows (their fields and order), from which digests are made, and what counts as
an account of a wallet. Each store has its own rows; what it holds must read back as these.
Never: I/O, and never adds money.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from schemas.messages.decisions import Decision, Event, InputSource, Source
from schemas.messages.events import (
    HoldPlaced,
    ReviewOpened,
    TransferCompleted,
    TransferCredited,
    TransferDebited,
)
from sinks.text import bounded

# partition, sequence, decided_at, source, source offset, wallet, command, outcome, reason, detail,
# stage, duplicate of
OutcomeFact = tuple[int, int, int, str, int, str, str, str, str, str, str, int]
EntryFact = tuple[int, int, int, str, int]  # partition, sequence, entry, flow, decided_at
# partition, sequence, entry, posting, account, owner, currency, amount
PostingFact = tuple[int, int, int, int, str, str, str, int]
BalanceKey = tuple[str, str, str]  # account, owner, currency
BalanceFact = tuple[int, str, str, str, int, int]  # partition, key ..., minor, owner's sequence

WALLET_CLASSES: Final = ("W.", "M.")
NO_OFFSET: Final = -1  # of a timer
DRY_RUN: Final = "DRY_RUN"  # with a reason it would have been refused, without one accepted
NO_DUPLICATE: Final = 0  # sequences start at 1

_MOVEMENTS: Final = (TransferCompleted, TransferDebited, TransferCredited)
_INTENTS: Final = (HoldPlaced, ReviewOpened)


def is_wallet_account(account: str) -> bool:
    """Tell whether the owner of the account is a wallet; else it is a system account."""
    return account.startswith(WALLET_CLASSES)


def source_of(source: Source) -> tuple[str, int]:
    """Return what a Decision answers: an input and its offset, or a timer's kind."""
    if isinstance(source, InputSource):
        return source.topic, source.offset
    return source.kind, NO_OFFSET


def outcome_of(decision: Decision) -> OutcomeFact:
    """Return what became of the input: one fact per Decision."""
    source, offset = source_of(decision.source)
    return (
        decision.partition,
        decision.sequence,
        decision.decided_at,
        source,
        offset,
        bounded(decision.wallet_id),
        bounded(decision.command_id),
        said_of(decision),
        decision.reason or "",
        bounded(decision.detail),
        decision.stage,
        decision.duplicate_of or NO_DUPLICATE,
    )


def said_of(decision: Decision) -> str:
    """Return the outcome; a dry run's is none, whatever it would have been."""
    return decision.outcome if decision.dry_run is None else DRY_RUN


def entries_of(decision: Decision) -> list[EntryFact]:
    """Return the journal entries."""
    partition, sequence, at = decision.partition, decision.sequence, decision.decided_at
    return [(partition, sequence, entry.index, entry.flow, at) for entry in decision.entries]


def postings_of(decision: Decision) -> list[PostingFact]:
    """Return the postings of every entry, numbered inside it."""
    partition, sequence = decision.partition, decision.sequence
    return [
        (
            partition,
            sequence,
            entry.index,
            number,
            line.account,
            line.owner,
            line.currency,
            line.amount,
        )
        for entry in decision.entries
        for number, line in enumerate(entry.postings)
    ]


def balance_facts(partition: int, balances: dict[BalanceKey, tuple[int, int]]) -> list[BalanceFact]:
    """Return the newest balance of every account."""
    return [
        (partition, account, owner, currency, minor, sequence)
        for (account, owner, currency), (minor, sequence) in balances.items()
    ]


def fold_balances(
    decisions: Sequence[Decision],
    into: dict[BalanceKey, tuple[int, int]] | None = None,
) -> dict[BalanceKey, tuple[int, int]]:
    """Return the last balance and owner's sequence of every account the Decisions touched."""
    newest = {} if into is None else into
    for decision in decisions:
        for after in decision.balances:
            newest[after.account, after.owner, after.currency] = (after.minor, after.owner_sequence)
    return newest


def counterparties(events: tuple[Event, ...]) -> dict[str, str]:
    """Return, for each wallet of the events, the wallet on the other side."""
    found: dict[str, str] = {}
    for event in events:
        if isinstance(event, _MOVEMENTS):
            found[event.from_wallet_id] = event.to_wallet_id
            found[event.to_wallet_id] = event.from_wallet_id
        elif isinstance(event, _INTENTS):
            found[event.wallet_id] = event.to_wallet_id
    return found
