"""Rulesets: the one in force, the one on trial, and which of them decides an input.

Owns: the choice by a wallet's hash, and how Decisions name a ruleset.
Never: judges a document; that is `documents.py`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, final

from schemas.codec import encode
from schemas.messages.control import ActivateRuleset
from schemas.messages.policy import Ruleset
from schemas.messages.vocabulary import ActivationMode

NAMES_KEPT: Final = 4


@final
class Rulesets:
    """What one partition decides by; `deciding` is that of the input at hand."""

    def __init__(self, genesis: Ruleset) -> None:
        self._live = genesis
        self._trial: ActivateRuleset | None = None
        self._named: list[tuple[Ruleset, bytes]] = []
        self.deciding = genesis

    def take(self, body: ActivateRuleset) -> None:
        """Take a good document, from the next input on."""
        if body.mode is ActivationMode.LIVE:
            self._live, self._trial = body.ruleset, None
        else:
            self._trial = body

    def choose(self, wallet_id: str) -> None:
        """Let a canary decide, if the wallet is in one of its hundredths; nobody's input is not."""
        self.deciding, trial = self._live, self._trial
        if trial is None or trial.mode is ActivationMode.SHADOW or wallet_id == "":
            return
        number = sha256(wallet_id.encode()).hexdigest()[:16]
        if int(number, 16) % 100 < trial.canary_percent:
            self.deciding = trial.ruleset

    def name(self) -> bytes:
        """Return how Decisions name the ruleset that decides."""
        for ruleset, name in self._named:
            if ruleset is self.deciding:
                return name
        name = sha256(encode(self.deciding)).digest()[:16]
        self._named = [*self._named[1 - NAMES_KEPT :], (self.deciding, name)]
        return name


def percents(mode: ActivationMode) -> range:
    """Return for how many of a hundred wallets an activation may be."""
    return range(1, 100) if mode is ActivationMode.CANARY else range(1)
