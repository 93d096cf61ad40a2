"""Balance rows: the newest balance of every account a batch touched, by the hash that holds it.

Owns: key and field names; the guard's value beside each balance.
Never: I/O; sums.

    {prefix}:wallet:{wallet id}       account:currency        -> "minor sequence"
    {prefix}:system:{partition}       account:owner:currency  -> "minor sequence"
    {prefix}:offset:{partition}       next_offset, sequence, chain, topic_id

A hash names its ledger partition in the field `partition`. The sequence is the wallet's own, or the
partition's for system accounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from ledger.facts import BalanceFact, fold_balances
from ledger.units import SYSTEM, place_of
from schemas.messages.decisions import Decision

PREFIX: Final = "ledger"
PARTITION_FIELD: Final = "partition"

Arguments = list[str | int]  # field, minor, sequence; repeated


def changes_of(prefix: str, partition: int, decisions: Sequence[Decision]) -> dict[str, Arguments]:
    """Return, for each hash, the fields to set if they are newer."""
    changes: dict[str, Arguments] = defaultdict(list)
    newest = fold_balances(decisions)
    for (account, owner, currency), (minor, sequence) in newest.items():
        wallet, field = place_of(account, owner, currency)
        changes[hash_key(prefix, partition, wallet)] += (field, minor, sequence)
    return changes


def balances_in(key: str, fields: dict[str, str]) -> list[BalanceFact]:
    """Return what a hash holds as canonical balances."""
    partition = int(fields[PARTITION_FIELD])
    found: list[BalanceFact] = []
    _, kind, owner = key.split(":", 2)
    for field, value in fields.items():
        if field == PARTITION_FIELD:
            continue
        minor, sequence = value.split(" ")
        account, _, rest = field.partition(":")
        holder, _, currency = rest.rpartition(":")
        of = owner if kind == "wallet" else holder
        found.append((partition, account, of, currency, int(minor), int(sequence)))
    return found


def hash_key(prefix: str, partition: int, wallet: str) -> str:
    """Return the key of the hash of a wallet, or of a partition's system accounts."""
    return system_key(prefix, partition) if wallet == SYSTEM else wallet_key(prefix, wallet)


def wallet_key(prefix: str, wallet_id: str) -> str:
    """Return the key of a wallet's balances."""
    return f"{prefix}:wallet:{wallet_id}"


def system_key(prefix: str, partition: int) -> str:
    """Return the key of a partition's system accounts."""
    return f"{prefix}:system:{partition}"


def offset_key(prefix: str, partition: int) -> str:
    """Return the key of a partition's position."""
    return f"{prefix}:offset:{partition}"
