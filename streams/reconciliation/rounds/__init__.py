"""Rounds: the checks that need the whole log or a whole state, so that no job can make them.

Owns: the list: RI08, RI12 and RI13, each in a file of its own. A clock or a person runs a round
(`ledgerctl recon state | limits | safeguarding`); what it finds begins as an exception.
Never: reads a topic or a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.rounds import ri08_state, ri12_limits, ri13_safeguarding
from streams.reconciliation.rounds.check import RoundCheck

ROUNDS: Final[Mapping[Kind, RoundCheck]] = MappingProxyType(
    {each.kind: each for each in (ri08_state.CHECK, ri12_limits.CHECK, ri13_safeguarding.CHECK)}
)
