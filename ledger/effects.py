"""Effects: the events of a Decision become journal entries, balances and rows.

Owns: balances and wallet sequences, live (`apply`) and from the log (`restore`); the assertions
I1 (an entry sums to zero per currency), I3 (other people's money never goes debit, W.AVL no further
than its credit limit) and 64 bits.
Never: refuses; a broken assertion is a bug: `InvariantError`, before anything is committed.

Postings touch balances only, `evolve` everything else, so both can be written in any order; a
wallet that any event of a Decision is about gets its sequence raised by one, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ledger.balances import balance_of, limit_of
from ledger.chart import AVAILABLE, INT64_MAX, INT64_MIN, NEVER_DEBIT, WALLET_ACCOUNTS
from ledger.errors import InvariantError, present
from ledger.evolve import evolve, wallets_of
from ledger.journal import entry_of
from ledger.view import AccountKey, PartitionView
from schemas.messages.decisions import Event
from schemas.messages.journal import BalanceAfter, JournalEntry
from schemas.messages.rows import AccountBalance, AccountRow, WalletRow

Balances = dict[AccountKey, int]
NOTHING: Final[tuple[tuple[JournalEntry, ...], tuple[BalanceAfter, ...]]] = ((), ())


def apply(
    view: PartitionView, events: Sequence[Event], at: int, sequence: int
) -> tuple[tuple[JournalEntry, ...], tuple[BalanceAfter, ...]]:
    """Post and evolve every event in order; return its entries and every touched balance."""
    if not events:
        return NOTHING
    entries: list[JournalEntry] = []
    after: Balances = {}
    touched: dict[str, None] = {}
    for event in events:
        _enter(view, event, entries, after)
        evolve(view, event, at)
        for wallet_id in wallets_of(event):
            touched[wallet_id] = None
    sequences = _write(view, after, touched)
    balances: list[BalanceAfter] = []
    for (account, owner, currency), minor in after.items():
        stands = sequences[owner] if account in WALLET_ACCOUNTS else sequence
        balances.append(BalanceAfter(account, owner, currency, minor, stands))
    return tuple(entries), tuple(balances)


def foreseen(
    view: PartitionView, events: Sequence[Event], sequence: int
) -> tuple[tuple[JournalEntry, ...], tuple[BalanceAfter, ...]]:
    """Return what `apply` would return, and change nothing; the same assertions hold."""
    entries: list[JournalEntry] = []
    after: Balances = {}
    for event in events:
        _enter(view, event, entries, after)
    balances = [
        BalanceAfter(*key, minor, _sequence_next(view, key, sequence))
        for key, minor in after.items()
    ]
    return tuple(entries), tuple(balances)


def _enter(view: PartitionView, event: Event, entries: list[JournalEntry], after: Balances) -> None:
    """Post the entry of an event, if it has one."""
    entry = entry_of(event, len(entries))
    if entry is not None:
        _post(view, entry, after)
        entries.append(entry)


def _sequence_next(view: PartitionView, key: AccountKey, sequence: int) -> int:
    if key[0] not in WALLET_ACCOUNTS:
        return sequence
    return present(view.wallets.get(key[1]), "wallet").sequence + 1


def restore(
    view: PartitionView, events: Sequence[Event], balances: Sequence[BalanceAfter], at: int
) -> None:
    """Evolve every event of a committed Decision and set its balances as it recorded them."""
    touched: list[str] = []
    for event in events:
        evolve(view, event, at)
        for wallet_id in wallets_of(event):
            if wallet_id not in touched:
                touched.append(wallet_id)
    owned: list[BalanceAfter] = []
    for each in balances:
        if each.account in WALLET_ACCOUNTS:
            if each.owner not in touched:
                raise InvariantError(f"wallet {each.owner} has a balance, but no event")
            owned.append(each)
        else:
            view.accounts.put((each.account, each.owner, each.currency), AccountRow(each.minor))
    for wallet_id in touched:
        _restore_wallet(view, wallet_id, owned)


def _restore_wallet(view: PartitionView, wallet_id: str, owned: Sequence[BalanceAfter]) -> None:
    """Write a touched wallet as its Decision recorded it."""
    mine = [
        AccountBalance(each.account, each.currency, each.minor)
        for each in owned
        if each.owner == wallet_id
    ]
    sequence = _write_wallet(view, wallet_id, mine)
    for each in owned:
        if each.owner == wallet_id and each.owner_sequence != sequence:
            raise InvariantError(
                f"wallet {wallet_id} is at sequence {sequence}, "
                f"its Decision says {each.owner_sequence}"
            )


def _post(view: PartitionView, entry: JournalEntry, after: Balances) -> None:
    postings = entry.postings
    sums: dict[str, int] = {}
    for posting in postings:
        currency = posting.currency
        amount = posting.amount
        sums[currency] = sums.get(currency, 0) + amount
        key = (posting.account, posting.owner, currency)
        minor = after.get(key)
        if minor is None:
            minor = _balance_before(view, key)
        minor += amount
        # Only a posting that makes it so is asked: what comes in may leave an account overdrawn.
        if (
            minor > 0
            and posting.account in NEVER_DEBIT
            and amount > 0
            and minor > _credit_of(view, key)
        ):
            raise InvariantError(f"{key} would go debit by {minor} in {entry.flow}")
        if not INT64_MIN <= minor <= INT64_MAX:
            raise InvariantError(f"{key} would leave 64 bits in {entry.flow}")
        after[key] = minor
    if any(sums.values()):
        raise InvariantError(f"{entry.flow} does not balance: {sums}")


def _credit_of(view: PartitionView, key: AccountKey) -> int:
    """Return how far an account of somebody else may go debit."""
    account, owner, currency = key
    return limit_of(_wallet(view, owner), currency) if account == AVAILABLE else 0


def _balance_before(view: PartitionView, key: AccountKey) -> int:
    account, owner, currency = key
    if account not in WALLET_ACCOUNTS:
        system = view.accounts.get(key)
        return 0 if system is None else system.minor
    return balance_of(_wallet(view, owner), account, currency)


def _wallet(view: PartitionView, owner: str) -> WalletRow:
    wallet = view.wallets.get(owner)
    if wallet is None:
        raise InvariantError(f"posting to wallet {owner}, which is not here")
    return wallet


def _write(view: PartitionView, after: Balances, touched: dict[str, None]) -> dict[str, int]:
    """Write what was touched; return the new sequence of every wallet among it."""
    sequences: dict[str, int] = {}
    for wallet_id in touched:
        mine: list[AccountBalance] = []
        for (account, owner, currency), minor in after.items():
            if owner == wallet_id and account in WALLET_ACCOUNTS:
                mine.append(AccountBalance(account, currency, minor))
        sequences[wallet_id] = _write_wallet(view, wallet_id, mine)
    for key, minor in after.items():
        if key[0] not in WALLET_ACCOUNTS:
            view.accounts.put(key, AccountRow(minor))
    return sequences


def _write_wallet(view: PartitionView, wallet_id: str, mine: list[AccountBalance]) -> int:
    """Write a touched wallet's new balances and sequence; return the sequence."""
    row = view.wallets.get(wallet_id)
    if row is None:
        raise InvariantError(f"wallet {wallet_id} is touched, but not here")
    sequence = row.sequence + 1
    view.wallets.put(
        wallet_id,
        WalletRow(
            row.kind,
            row.tier,
            row.status,
            row.debit_blocked,
            row.credit_blocked,
            row.opened_at,
            sequence,
            row.currencies,
            row.active_holds,
            row.open_movements,
            row.payees,
            _balances_with(row.balances, mine),
            row.credit_limits,
        ),
    )
    return sequence


def _balances_with(
    before: tuple[AccountBalance, ...], mine: list[AccountBalance]
) -> tuple[AccountBalance, ...]:
    """Return the balances with the new ones in their places, and unknown accounts behind them."""
    if not mine:
        return before
    balances = list(before)
    for new in mine:
        for place, old in enumerate(before):
            if old.account == new.account and old.currency == new.currency:
                balances[place] = new
                break
        else:
            balances.append(new)
    return tuple(balances)
