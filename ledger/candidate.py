"""Candidate: a ruleset on trial beside the one in force.

Owns: for which wallets a canary decides, and what an activation must say about its mode.
Never: asks the candidate anything; a Decision is made by one ruleset, and that is chosen before.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from ledger.errors import ProgrammeError
from schemas.messages.control import ActivateRuleset
from schemas.messages.rows import CandidateRow
from schemas.messages.vocabulary import ActivationMode

PERCENT: Final = 100
HASH_BYTES: Final = 8


def check_mode(body: ActivateRuleset) -> None:
    """Raise `ProgrammeError` unless a canary, and nothing else, says for how many wallets."""
    least, most = (1, PERCENT - 1) if body.mode is ActivationMode.CANARY else (0, 0)
    if not least <= body.canary_percent <= most:
        raise ProgrammeError("canary_percent")


def decides(candidate: CandidateRow, wallet_id: str) -> bool:
    """Tell whether a wallet's inputs are decided by the candidate; control records never are.

    The same wallets are the first ones of every canary, so that raising the percentage adds some
    and takes none away.
    """
    if candidate.mode is not ActivationMode.CANARY or not wallet_id:
        return False
    digest = sha256(wallet_id.encode()).digest()[:HASH_BYTES]
    return int.from_bytes(digest, "big") % PERCENT < candidate.canary_percent
