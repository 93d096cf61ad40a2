"""Bands: where a count begins to mean something else, by the ruleset in force.

Owns: which features look at which kind of flag.
Never: weights and actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from schemas.messages.policy import Ruleset
from schemas.messages.vocabulary import FlagKind

LOOKING: Final[Mapping[str, FlagKind]] = {
    "device_parties": FlagKind.DEVICE_PARTIES,
    "unproven_device_parties": FlagKind.DEVICE_PARTIES,
    "instrument_parties": FlagKind.INSTRUMENT_PARTIES,
}
BELOW: Final = 0  # the band below all others, of which nobody is told anything at first


@final
class Bands:
    """The lower bounds of all bands of each kind; a band that ends is followed by one without."""

    def __init__(self, ruleset: Ruleset) -> None:
        bounds: dict[FlagKind, set[int]] = {}
        for rule in ruleset.rules:
            kind = LOOKING.get(rule.feature)
            if kind is not None:
                ends = [each.high for each in rule.bands if each.high is not None]
                bounds.setdefault(kind, set()).update([each.low for each in rule.bands], ends)
        self._bounds: Final = {kind: sorted(found) for kind, found in bounds.items()}

    def band_of(self, kind: FlagKind, count: int) -> int:
        """Return the lower bound of the band that a count is in."""
        return max([each for each in self._bounds.get(kind, ()) if each <= count], default=BELOW)
