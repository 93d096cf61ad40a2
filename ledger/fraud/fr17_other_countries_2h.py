"""FR17: Other countries that this wallet paid from in the last 2 hours, at most 4.

Why: Nobody crosses a border that fast; the other one who pays from the wallet is already there.
Accepted payments count that said their country. No country said by the caller, though the wallet
paid from one in 2 hours: no value. How far it is from one place to the other no command says.
Default: from 1 150.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.profile import COUNTRIES_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `other_countries_2h`."""
    known = outgoing.habits.profile.countries
    if not known:
        return 0
    since = outgoing.at - COUNTRIES_US
    recent = [each.country for each in known if each.at > since]
    said = outgoing.habits.origin.country
    if recent and not said:
        return None
    return len([each for each in recent if each != said])
