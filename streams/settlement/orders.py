"""Orders: the commands that the settlement job gives, with ids that a repetition gives again.

Owns: the ids of payouts, of the commands about them and of batches, and references for rails.
Never: decides when.

The id of a payout is its cut-off and currency, so that the same cut-off asks once, however often it
is asked again; references are unique on their rail, since two merchants may share a cut-off.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from ledger.calendar import in_words
from schemas.messages.commands import (
    CancelPayout,
    Command,
    FreezePayout,
    SubmitPayout,
    WalletCommand,
)
from streams.job_commands import commanded
from streams.runtime.job import Output

REFERENCE_CHARS: Final = 24
SUBMIT: Final = "-submit"
SHARD: Final = "#"  # what follows it in a wallet id tells sub-accounts of one merchant apart


def payout_id(cut_at: int, currency: str) -> str:
    """Return the id of a merchant's payout of one cut-off."""
    return f"settle-{cut_at}-{currency}"


def submission_id(payout: str) -> str:
    """Return the id of the command that hands a payout over."""
    return payout + SUBMIT


def submitted_by(command_id: str) -> str:
    """Return the payout that a command hands over."""
    return command_id.removesuffix(SUBMIT)


def reference_of(wallet_id: str, payout: str) -> str:
    """Return what a payout is called on its rail."""
    return sha256(f"{wallet_id}\0{payout}".encode()).hexdigest()[:REFERENCE_CHARS]


def batch_id(partition: int, cut_at: int, rail: str, currency: str) -> str:
    """Return the batch of a payout: what one partition hands over to one rail at one cut-off."""
    return f"{in_words(cut_at)}-{rail}-{currency}-{partition}"


def merchant_of(wallet_id: str) -> str:
    """Return the merchant whom sub-accounts `m#1`, `m#2` have in common."""
    return wallet_id.partition(SHARD)[0]


def freeze(partition: int, wallet_id: str, cut_at: int, currency: str) -> Output:
    """Ask for all that is payable."""
    body = FreezePayout(currency)
    return _order(partition, wallet_id, payout_id(cut_at, currency), cut_at, body)


def submit(partition: int, wallet_id: str, payout: str, rail: str, at: int) -> Output:
    """Ask to hand a payout over."""
    body = SubmitPayout(payout, rail, reference_of(wallet_id, payout))
    return _order(partition, wallet_id, submission_id(payout), at, body)


def cancel(partition: int, wallet_id: str, payout: str, at: int) -> Output:
    """Ask to call a payout off."""
    return _order(partition, wallet_id, f"{payout}-cancel", at, CancelPayout(payout))


def _order(partition: int, wallet_id: str, command_id: str, at: int, body: Command) -> Output:
    return commanded(partition, WalletCommand(command_id, wallet_id, at, body))
