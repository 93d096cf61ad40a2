"""Flags: what the risk job said of devices and cards that several wallets use.

Owns: the names of the job and of a subject, how many flags a wallet keeps, and which of them hold.
Never: counts across wallets (`streams/risk`); decides a rule.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from schemas.messages.rows import LiveFlag
from schemas.messages.vocabulary import FlagKind

FLAGGER: Final = "risk-job"  # the only issuer of flags
FLAGS_KEPT: Final = 16  # more devices and cards than a wallet's other lists remember
SUBJECT_BYTES: Final = 16
FLAG_LIFE_US: Final = 35 * 86_400_000_000  # no flag holds longer
NOTHING: Final[tuple[LiveFlag, ...]] = ()


def subject_of(kind: FlagKind, name: str) -> str:
    """Return what a device or card is called where others may read it."""
    return sha256(f"{kind.value}\0{name}".encode()).digest()[:SUBJECT_BYTES].hex()


def known(flags: tuple[LiveFlag, ...], kind: FlagKind, subject: str) -> LiveFlag | None:
    """Return what was said of a subject, if anything was."""
    for each in flags:
        if each.subject == subject and each.kind is kind:
            return each
    return None


def with_flag(flags: tuple[LiveFlag, ...], flag: LiveFlag, at: int) -> tuple[LiveFlag, ...]:
    """Return the flags that hold with one more, in the place of an earlier one of its subject."""
    others = [
        each
        for each in flags
        if each.expires_at > at and (each.subject != flag.subject or each.kind is not flag.kind)
    ]
    return (*others, flag)[-FLAGS_KEPT:]


def values(flags: tuple[LiveFlag, ...], kind: FlagKind, at: int) -> list[int]:
    """Return the values of all flags of a kind that hold."""
    return [each.value for each in flags if each.kind is kind and each.expires_at > at]
