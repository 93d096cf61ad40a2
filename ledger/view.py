"""The rows a partition of the ledger decides by: typed tables behind one small Protocol.

Owns: the names of the tables, their key and row types, and `PartitionView`, which bundles them.
Never: I/O, encoding, transactions. A real view is an overlay over RocksDB
(`streams/runtime/overlay.py`); `memory_view` is the same thing over dictionaries, for tests and for
tools that fold a log.

Rows are immutable messages of `schemas.messages.rows`: a change is a new row put under the same
key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar, final

from schemas.messages.policy import Policy, Ruleset
from schemas.messages.rows import (
    AccountRow,
    AdjustmentRow,
    CandidateRow,
    ControlRow,
    CutRow,
    EvidenceRow,
    ExternalRefRow,
    HeadRow,
    HoldRow,
    IdentityRow,
    InboxRow,
    InflowRow,
    InterestRow,
    LienRow,
    MerchantTermsRow,
    OpenCreditRow,
    OutflowDaysRow,
    OutflowEntryRow,
    OutflowRow,
    PairInRow,
    PairOutRow,
    PayeeRow,
    ProfileRow,
    RatesRow,
    ReviewRow,
    SagaRow,
    ScheduleCountRow,
    ScheduleRow,
    StandingRow,
    SuspendedSaleRow,
    TimerRow,
    TradeRow,
    TransactionRow,
    WalletRow,
)

K = TypeVar("K")
Key_contra = TypeVar("Key_contra", contravariant=True)
R = TypeVar("R")


class Rows(Protocol[Key_contra, R]):
    """One table: rows by key, with reads-your-writes."""

    def get(self, key: Key_contra, /) -> R | None:
        """Return the row under `key`, or None."""
        ...

    def put(self, key: Key_contra, row: R, /) -> None:
        """Write `row` under `key`."""
        ...

    def delete(self, key: Key_contra, /) -> None:
        """Remove the row under `key`; nothing happens when there is none."""
        ...


class SortedRows(Rows[K, R], Protocol[K, R]):
    """A table that can be read in key order."""

    def first(self, limit: int, /) -> list[tuple[K, R]]:
        """Return at most `limit` rows, lowest keys first."""
        ...


WalletKey = tuple[str, str]  # wallet id, id inside the wallet
AccountKey = tuple[str, str, str]  # account code, owner, currency
PairKey = tuple[int, int]  # peer partition, pair_seq
TimerKey = tuple[int, int, str, str]  # due, kind index, wallet id, timer id
ONE: Final = ""  # the key of a table that holds one row


@final
@dataclass(frozen=True, kw_only=True)
class PartitionView:
    """Every table of one ledger partition."""

    head: Rows[str, HeadRow]
    policy: Rows[str, Policy]
    ruleset: Rows[str, Ruleset]
    wallets: Rows[str, WalletRow]
    accounts: Rows[AccountKey, AccountRow]
    holds: Rows[WalletKey, HoldRow]
    outflows: Rows[str, OutflowRow]
    outflow_entries: Rows[tuple[str, int], OutflowEntryRow]
    inflows: Rows[str, InflowRow]
    payees: Rows[WalletKey, PayeeRow]
    sagas: Rows[WalletKey, SagaRow]
    reviews: Rows[WalletKey, ReviewRow]
    identities: Rows[WalletKey, IdentityRow]
    external_refs: Rows[WalletKey, ExternalRefRow]
    inbox: Rows[PairKey, InboxRow]
    pairs_in: Rows[int, PairInRow]
    pairs_out: Rows[int, PairOutRow]
    open_credits: Rows[PairKey, OpenCreditRow]
    timers: SortedRows[TimerKey, TimerRow]
    controls: Rows[str, ControlRow]
    transactions: Rows[WalletKey, TransactionRow]
    adjustments: Rows[WalletKey, AdjustmentRow]
    interest: Rows[WalletKey, InterestRow]  # wallet id, currency
    rates: Rows[str, RatesRow]
    merchant_terms: Rows[str, MerchantTermsRow]
    outflow_days: Rows[str, OutflowDaysRow]
    profiles: Rows[str, ProfileRow]
    suspended_sales: Rows[str, SuspendedSaleRow]
    liens: Rows[WalletKey, LienRow]  # wallet id, currency
    evidence: Rows[WalletKey, EvidenceRow]
    candidate: Rows[str, CandidateRow]
    schedules: Rows[WalletKey, ScheduleRow]
    schedule_counts: Rows[str, ScheduleCountRow]
    standings: Rows[str, StandingRow]
    cuts: Rows[str, CutRow]
    trades: Rows[str, TradeRow]


@final
class MemoryRows(Generic[K, R]):
    """A table in a dictionary; satisfies `SortedRows`."""

    def __init__(self) -> None:
        self.rows: Final[dict[K, R]] = {}

    def get(self, key: K, /) -> R | None:
        """Return the row under `key`, or None."""
        return self.rows.get(key)

    def put(self, key: K, row: R, /) -> None:
        """Write `row` under `key`."""
        self.rows[key] = row

    def delete(self, key: K, /) -> None:
        """Remove the row under `key`."""
        self.rows.pop(key, None)

    def first(self, limit: int, /) -> list[tuple[K, R]]:
        """Return at most `limit` rows, lowest keys first."""
        ordered: list[K] = sorted(self.rows)  # type: ignore[type-var]
        return [(key, self.rows[key]) for key in ordered[:limit]]


def memory_view() -> PartitionView:
    """Build a view over dictionaries."""
    return PartitionView(
        head=MemoryRows(),
        policy=MemoryRows(),
        ruleset=MemoryRows(),
        wallets=MemoryRows(),
        accounts=MemoryRows(),
        holds=MemoryRows(),
        outflows=MemoryRows(),
        outflow_entries=MemoryRows(),
        inflows=MemoryRows(),
        payees=MemoryRows(),
        sagas=MemoryRows(),
        reviews=MemoryRows(),
        identities=MemoryRows(),
        external_refs=MemoryRows(),
        inbox=MemoryRows(),
        pairs_in=MemoryRows(),
        pairs_out=MemoryRows(),
        open_credits=MemoryRows(),
        timers=MemoryRows(),
        controls=MemoryRows(),
        transactions=MemoryRows(),
        adjustments=MemoryRows(),
        interest=MemoryRows(),
        rates=MemoryRows(),
        merchant_terms=MemoryRows(),
        outflow_days=MemoryRows(),
        profiles=MemoryRows(),
        suspended_sales=MemoryRows(),
        liens=MemoryRows(),
        evidence=MemoryRows(),
        candidate=MemoryRows(),
        schedules=MemoryRows(),
        schedule_counts=MemoryRows(),
        standings=MemoryRows(),
        cuts=MemoryRows(),
        trades=MemoryRows(),
    )
