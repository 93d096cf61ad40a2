"""I9, as far as one Decision can keep it: what customers have is covered, flow by flow.

Safeguarded money and what rails owe us stand against what we owe to customers. Whether they are
enough is known at a day's close; what a Decision may do is know: only flows of the table below,
which give something of our own away or move a loss to our books, may lower the cover.
"""

from ledger.catalogue import CREDIT, DEBIT, FLOWS
from ledger.chart import CHART, Nature
from tests.support.invariants import on_any_day

COVER = {"BANK.SAFE", "RAIL.RCV"}
# Client money, and what is under way between partitions; points and interest to come are not money
# of a customer yet.
OWED = {
    *(each.code for each in CHART.values() if each.never_debit),
    *("BILLER", "SUSP", "UNCLAIMED", "RAIL.PAY", "IB"),
}
LOWERS = {
    "F0.1": "an opening balance against our equity",
    "F1.2": "the rail keeps its fee",
    "F2c.4": "a returned debit becomes a customer's debt",
    "F3c.5": "a withdrawal's fee is given back",
    "F8.1": "a refund beyond what a merchant has becomes its debt",
    "F9.1": "a dispute beyond what a merchant has becomes its debt",
    "F10.2": "a scheme takes a chargeback",
    "F10.6": "our fees leave the safeguarding account",
    "F10b.2": "a scheme takes a chargeback back",
    "F11.2r": "an escrow's fee is given back",
    "F14b.2": "a bill's fee is given back",
    "F14b.2u": "a bill's fee is given back, to a wallet that is closed",
    "F15.1": "a conversion sells one currency for another",
    "F15.2": "a hedge buys one currency for another",
    "F18.2": "interest is paid",
    "F20.1": "an adjustment, by four eyes",
    "F22.1": "our own money leaves the safeguarding account",
}


def lowered_by(entry):
    """The flow's effect on the cover of each currency; negative where it falls."""
    moved = {}
    for posting in entry.postings:
        if posting.account in COVER or posting.account in OWED:
            moved[posting.currency] = moved.get(posting.currency, 0) + posting.amount
    return moved


@on_any_day
def test_only_flows_of_our_own_money_lower_what_covers_the_customers(world):
    """I9."""
    for rig in world.rigs:
        for decision, _ in rig.log:
            for entry in decision.entries:
                assert entry.flow in LOWERS or min(lowered_by(entry).values(), default=0) >= 0


def test_what_is_owed_to_customers_is_a_liability():
    natures = {CHART[code].nature for code in OWED} - {CHART["IB"].nature}
    assert natures == {Nature.LIABILITY}


def test_the_table_names_every_flow_that_could_do_so():
    """A flow lowers the cover where its debit is ours and its credit is a customer's."""
    could = {
        flow
        for flow, lines in FLOWS.items()
        if any(is_ours(each) for each in lines if each.side == DEBIT)
        and not all(is_ours(each) for each in lines if each.side == CREDIT)
    }
    # The accounts of an adjustment are chosen by who proposes it.
    assert could | {"F20.1"} == set(LOWERS)


def is_ours(line):
    return line.account not in COVER and line.account not in OWED
