"""Facts: what a Decision states, as plain tuples that mean the same in every store.

Owns: the canonical rows (their fields and order), from which digests are made, and what counts as
an account of a wallet. Each store has its own rows; what it holds must read back as these.
Never: I/O, and never adds money.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ledger.text import bounded
from schemas.messages.decisions import Decision, Event, InputSource, Source
from schemas.messages.events import (
    HoldCaptured,
    HoldExtended,
    HoldIncremented,
    HoldPlaced,
    HoldReleased,
    ReviewOpened,
    TransactionMoved,
    TransferCompensated,
    TransferCompleted,
    TransferCredited,
    TransferDebited,
)
from schemas.messages.rows import TransactionRow

# partition, sequence, decided_at, source, source offset, wallet, command, outcome, reason, detail,
# stage, duplicate of
OutcomeFact = tuple[int, int, int, str, int, str, str, str, str, str, str, int]
EntryFact = tuple[int, int, int, str, int]  # partition, sequence, entry, flow, decided_at
# partition, sequence, entry, posting, account, owner, currency, amount
PostingFact = tuple[int, int, int, int, str, str, str, int]
BalanceKey = tuple[str, str, str]  # account, owner, currency
BalanceFact = tuple[int, str, str, str, int, int]  # partition, key ..., minor, owner's sequence
# partition, sequence, step, wallet, transaction, kind, before, state, reason, actor, decided_at
TransactionStepFact = tuple[int, int, int, str, str, str, str, str, str, str, int]
TransactionKey = tuple[str, str]  # wallet, transaction
# kind, state, currency, amount, fee, done, refunded, fee_refunded, reserve, disputed,
# other currency, other amount, maker, counterparty, rail, reference, due
TransactionColumns = tuple[
    str, str, str, int, int, int, int, int, int, int, str, int, str, str, str, str, int
]
HoldKey = tuple[str, str]  # wallet, hold
HoldEvent = (
    HoldPlaced | HoldIncremented | HoldExtended | HoldCaptured | HoldReleased | TransferCompensated
)

WALLET_CLASSES: Final = ("W.", "M.", "PTS.MEMBER")
NO_OFFSET: Final = -1  # of a timer
DRY_RUN: Final = "DRY_RUN"  # with a reason it would have been refused, without one accepted
NO_DUPLICATE: Final = 0  # sequences start at 1

HOLD_EVENTS: Final = (
    HoldPlaced,
    HoldIncremented,
    HoldExtended,
    HoldCaptured,
    HoldReleased,
    TransferCompensated,
)
_MOVEMENTS: Final = (TransferCompleted, TransferDebited, TransferCredited)
_INTENTS: Final = (HoldPlaced, ReviewOpened)
_SIDED: Final = frozenset((*_MOVEMENTS, *_INTENTS, TransactionMoved))


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


def transaction_steps_of(decision: Decision) -> list[TransactionStepFact]:
    """Return every step that a transaction went, numbered by its place among the events."""
    partition, sequence, at = decision.partition, decision.sequence, decision.decided_at
    return [
        (
            partition,
            sequence,
            step,
            event.wallet_id,
            event.transaction_id,
            str(event.row.kind),
            str(event.before),
            str(event.row.state),
            bounded(event.reason),
            bounded(event.actor),
            at,
        )
        for step, event in enumerate(decision.events)
        if isinstance(event, TransactionMoved)
    ]


def columns_of(row: TransactionRow) -> TransactionColumns:
    """Return what of a transaction's row every store may tell."""
    return (
        str(row.kind),
        str(row.state),
        row.currency,
        row.amount,
        row.fee,
        row.done,
        row.refunded,
        row.fee_refunded,
        row.reserve,
        row.disputed,
        row.other_currency,
        row.other_amount,
        bounded(row.maker),
        bounded(row.counterparty),
        bounded(row.rail),
        bounded(row.reference),
        row.due,
    )


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


def hold_of(event: HoldEvent) -> HoldKey | None:
    """Return the hold that an event is about; None for a compensation that is about none."""
    if isinstance(event, TransferCompensated):
        return None if event.hold_id is None else (event.from_wallet_id, event.hold_id)
    return event.wallet_id, event.hold_id


def moved_by(
    event: HoldIncremented | HoldExtended | HoldCaptured | HoldReleased | TransferCompensated,
) -> tuple[int, int, int] | None:
    """Return what an event adds to a hold's authorised, captured and released amounts."""
    if isinstance(event, HoldExtended):
        return None
    if isinstance(event, HoldIncremented):
        return event.amount, 0, 0
    if isinstance(event, HoldCaptured):
        return 0, event.amount, event.released
    if isinstance(event, HoldReleased):
        return 0, 0, event.released
    return 0, -event.amount, event.amount  # a refused capture: captured goes back to released


def counterparties(events: tuple[Event, ...]) -> dict[str, str]:
    """Return, for each wallet of the events, who is on the other side; movements have the word."""
    found: dict[str, str] = {}
    for event in events:
        if type(event) not in _SIDED:  # most events of most Decisions
            continue
        if isinstance(event, _MOVEMENTS):
            found[event.from_wallet_id] = event.to_wallet_id
            found[event.to_wallet_id] = event.from_wallet_id
        elif isinstance(event, _INTENTS):
            found[event.wallet_id] = event.to_wallet_id
        elif isinstance(event, TransactionMoved) and event.row.counterparty:
            found.setdefault(event.wallet_id, bounded(event.row.counterparty))
    return found
