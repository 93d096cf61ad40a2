"""Effects: the events of a Decision become journal entries, balances and rows.

Owns: balances and wallet sequences, live (`apply`) and from the log (`restore`); the assertions
I1 (an entry sums to zero per currency), I3 (other people's money never goes debit) and 64 bits.
Never: refuses; a broken assertion is a bug: `InvariantError`, before anything is committed.

Postings touch balances only, `evolve` everything else, so both can be written in any order; a
wallet that any event of a Decision is about gets its sequence raised by one, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ledger.chart import INT64_MAX, INT64_MIN, NEVER_DEBIT, WALLET_ACCOUNTS
from ledger.errors import InvariantError
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
        entry = entry_of(event, len(entries))
        if entry is not None:
            _post(view, entry, after)
            entries.append(entry)
        evolve(view, event, at)
        for wallet_id in wallets_of(event):
            touched[wallet_id] = None
    sequences = _write(view, after, touched)
    balances: list[BalanceAfter] = []
    for (account, owner, currency), minor in after.items():
        stands = sequences[owner] if account in WALLET_ACCOUNTS else sequence
        balances.append(BalanceAfter(account, owner, currency, minor, stands))
    return tuple(entries), tuple(balances)


def restore(
    view: PartitionView, events: Sequence[Event], balances: Sequence[BalanceAfter], at: int
) -> None:
    """Evolve every event of a committed Decision and set its balances as it recorded them."""
    touched: dict[str, None] = {}
    for event in events:
        evolve(view, event, at)
        for wallet_id in wallets_of(event):
            touched[wallet_id] = None
    after: Balances = {(each.account, each.owner, each.currency): each.minor for each in balances}
    sequences = _write(view, after, touched)
    for recorded in balances:
        if recorded.account not in WALLET_ACCOUNTS:
            continue
        if sequences[recorded.owner] != recorded.owner_sequence:
            raise InvariantError(
                f"wallet {recorded.owner} is at sequence {sequences[recorded.owner]}, "
                f"its Decision says {recorded.owner_sequence}"
            )


def balance_of(row: WalletRow, account: str, currency: str) -> int:
    """Return the balance of one of a wallet's accounts, debit positive."""
    for each in row.balances:
        if each.account == account and each.currency == currency:
            return each.minor
    return 0


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
        if minor > 0 and posting.account in NEVER_DEBIT:
            raise InvariantError(f"{key} would go debit by {minor} in {entry.flow}")
        if not INT64_MIN <= minor <= INT64_MAX:
            raise InvariantError(f"{key} would leave 64 bits in {entry.flow}")
        after[key] = minor
    if any(sums.values()):
        raise InvariantError(f"{entry.flow} does not balance: {sums}")


def _balance_before(view: PartitionView, key: AccountKey) -> int:
    account, owner, currency = key
    if account not in WALLET_ACCOUNTS:
        system = view.accounts.get(key)
        return 0 if system is None else system.minor
    wallet = view.wallets.get(owner)
    if wallet is None:
        raise InvariantError(f"posting to wallet {owner}, which is not here")
    return balance_of(wallet, account, currency)


def _write(view: PartitionView, after: Balances, touched: dict[str, None]) -> dict[str, int]:
    """Write what was touched; return the new sequence of every wallet among it."""
    sequences: dict[str, int] = {}
    for wallet_id in touched:
        sequences[wallet_id] = _write_wallet(view, wallet_id, after)
    for key, minor in after.items():
        if key[0] not in WALLET_ACCOUNTS:
            view.accounts.put(key, AccountRow(minor))
    return sequences


def _write_wallet(view: PartitionView, wallet_id: str, after: Balances) -> int:
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
            _balances_with(row, wallet_id, after),
        ),
    )
    return sequence


def _balances_with(row: WalletRow, wallet_id: str, after: Balances) -> tuple[AccountBalance, ...]:
    mine: dict[tuple[str, str], int] = {}
    for key, minor in after.items():
        if key[1] == wallet_id and key[0] in WALLET_ACCOUNTS:
            mine[key[0], key[2]] = minor
    if not mine:
        return row.balances
    balances: list[AccountBalance] = []
    for each in row.balances:
        changed = mine.pop((each.account, each.currency), None)
        if changed is None:
            balances.append(each)
        else:
            balances.append(AccountBalance(each.account, each.currency, changed))
    for (account, currency), minor in mine.items():
        balances.append(AccountBalance(account, currency, minor))
    return tuple(balances)
