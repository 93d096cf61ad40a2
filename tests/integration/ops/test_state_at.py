"""A partition and a wallet as they were, on the real broker."""

from itertools import pairwise

from ingress.sdk import Transfer
from ops.reading import read_log


def test_what_was_is_told(ledger, ctl):
    payer, payee = ledger.open(fund=100_00), ledger.open()
    ledger.accepted(payer, Transfer(payee, "EUR", 5_00))
    ledger.quiesce()
    partition = ledger.partition_of(payer)
    owed = [
        (each.offset, -after.minor)  # what is owed to a wallet is a credit
        for each in read_log(ledger.stack.endpoints.kafka, [partition])
        for after in each.decision.balances
        if (after.owner, after.account) == (payer, "W.AVL")
    ]
    # A payee of another partition confirms, which is a further Decision at the payer's.
    paid = next(now[0] for then, now in pairwise(owed) if now[1] < then[1])
    last = owed[-1][0]

    def available(at):
        found = ctl("wallet", "balance", payer, "--at", str(at), "--json")
        return next(each["minor"] for each in found if each["account"] == "W.AVL")

    before, after = available(paid - 1), available(paid)
    assert [before, after, available(last)] == [100_00, dict(owed)[paid], owed[-1][1]]
    assert after <= before - 5_00
    assert "no account was touched" in ctl("wallet", "balance", "nobody-1", "--at", "0", code=1)

    place = ("state", "at", "--partition", str(partition), "--offset", str(last))
    then = ctl(*place, "--json")
    assert then == ctl(*place, "--json"), "the same log gives the same state"
    assert then["rows"]["accounts"] > 0
    earlier = ctl("state", "at", "--partition", str(partition), "--offset", "0", "--json")
    assert earlier["state_hash"] != then["state_hash"]
    assert "say --offset or --time" in ctl(*place, "--time", "2100-01-01T00:00Z", code=2)
    assert then["chain"] in ctl(*place)
