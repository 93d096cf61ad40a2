"""Check 3: every journal entry, every partition and the whole ledger sum to zero.

Owns: trial balances by partition and currency, money between partitions, itemised.
Never: trusts a balance that a Decision states; postings are added up and it is compared.
"""

from __future__ import annotations

from collections import defaultdict

from ops.audit.totals import Totals
from ops.checker.report import Result


def check_balance(totals: Totals, result: Result) -> None:
    """Report what does not add up, after the whole log was added."""
    result.looked_at += totals.entries
    for finding in totals.findings:
        result.add("log", finding)
    for (partition, currency), minor in sorted(totals.trial_balance().items()):
        if minor:
            result.add(f"partition {partition}", f"its accounts in {currency} sum to {minor}")
    open_by_currency: defaultdict[str, int] = defaultdict(int)
    for (wallet_id, transfer_id), (currency, amount) in totals.open_transfers.items():
        open_by_currency[currency] += amount
        result.note(f"in flight: {amount} {currency}, {transfer_id} of {wallet_id}")
    flight = totals.in_flight()
    for currency in sorted(flight.keys() | open_by_currency.keys()):
        found, expected = flight.get(currency, 0), open_by_currency[currency]
        if found != expected:
            what = f"{found} {currency} between partitions, open transfers explain {expected}"
            result.add("ledger", what)
