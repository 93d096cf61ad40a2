"""The real step posts what the design's rows say, for top-ups by bank, withdrawals, chargebacks."""

import pytest

from schemas.messages.policy import FeeRule
from schemas.messages.vocabulary import FeeFlow
from tests.support.bank import (
    brought_back,
    cancelled,
    charged_back,
    cleared,
    handed_over,
    resolved,
    returned,
    settled,
    submitted,
    withdraw,
)
from tests.support.builders import Rig, policy
from tests.support.given import given, opened, pay, topped_up
from tests.support.looking import system_balance
from tests.unit.ledger.catalogue_rows import BANK, lines_of

# Flow -> the steps of it; each posts the row it names, or none of these rows.
OUT_AND_AWAY = (("F3c.1", withdraw("s", 100_00)), ("F3c.2", handed_over("s")))
FLOWS = {
    "F2": (
        ("F2.1", submitted("s", 200_00)),
        ("F2.2", cleared("s", 50_00)),
        ("F2.3", cleared("s", 150_00)),
        (None, settled("s", "top")),
    ),
    "F2b": (("F2b.1", submitted("s", 70_00)), ("F2b.2", returned("s"))),
    "F2c": (
        (None, submitted("x", 70_00)),
        (None, cleared("x", 70_00)),
        ("F2c.3", pay("x", "s", 40_00)),
        ("F2c.4", returned("x", reason_code="R10")),
        ("F2c.7", topped_up("x", 15_00)),
    ),
    "F3": (
        ("F3.1", withdraw("s", 100_00)),
        ("F3.2", handed_over("s")),
        (None, settled("s")),
    ),
    "F3b": (("F3b.1", withdraw("s", 100_00)), ("F3b.2", cancelled("s"))),
    "F3c": (*OUT_AND_AWAY, (None, settled("s")), ("F3c.5", brought_back("s"))),
    "F3c, before it is settled": (*OUT_AND_AWAY, ("F3c.5", brought_back("s"))),
    "F10": (
        ("F10.1", charged_back("s", 100_00)),
        ("F10.5", resolved("s", won=False)),
    ),
    "F10b": (
        ("F10b.1", charged_back("s", 100_00)),
        ("F10b.4", resolved("s", won=True)),
    ),
}
# What the accounts of rails hold at the end of a flow; the rest is the treasury's to clear.
LEFT = {
    "F2": {("RAIL.RCV", "ach"): 200_00},
    "F3": {("RAIL.PAY", "ach"): -100_00},
    "F10": {("RAIL.CHB", "card"): -100_00},
}
RAILS = (("RAIL.RCV", "ach"), ("RAIL.PAY", "ach"), ("RAIL.CHB", "card"))


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_posts_its_rows(flow):
    rig = Rig(policy_=policy(fees=(FeeRule(FeeFlow.WITHDRAWAL, 100, 0),)))
    given(opened("s", "x"), topped_up("s", 101_00, ext_ref="card1"), rig=rig)
    for row, step in FLOWS[flow]:
        decision = step(rig)
        assert decision.reason is None, (row, decision.reason, decision.detail)
        if row is not None:
            (entry,) = decision.entries
            found = {(each.account, each.owner): each.amount for each in entry.postings}
            assert found == lines_of(*BANK[row]), row
    for account, owner in RAILS:
        left = LEFT.get(flow, {}).get((account, owner), 0)
        assert system_balance(rig.view, account, owner) == left


def test_every_row_is_driven():
    driven = {row for steps in FLOWS.values() for row, _ in steps if row is not None}
    assert driven == set(BANK)
