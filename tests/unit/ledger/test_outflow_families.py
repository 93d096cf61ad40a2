"""Every command that pays takes of the limits of its family and enters the rows of behaviour."""

import pytest

from schemas.messages.commands import (
    FundEscrow,
    IncrementHold,
    Pay,
    PayBill,
    PayRequest,
    RequestMoney,
    SendToAlias,
)
from schemas.messages.events import OutflowConsumed
from schemas.messages.vocabulary import OutflowFamily, RejectionReason, WalletKind
from tests.support.bank import withdraw
from tests.support.builders import Rig, policy
from tests.support.given import (
    accepted,
    command,
    given,
    opened,
    pay,
    place_hold,
    rejected,
    topped_up,
)
from tests.unit.ledger.test_fx import BOTH, convert, rates

PAYING = {
    "transfer": (pay("alice", "bob", 100), OutflowFamily.P2P),
    "request": (command("alice", PayRequest("bob", "asked", "EUR", 100)), OutflowFamily.P2P),
    "claim": (command("alice", SendToAlias("9f", "EUR", 100)), OutflowFamily.P2P),
    "withdrawal": (withdraw("alice", 100), OutflowFamily.WITHDRAWAL),
    "hold": (place_hold("alice", "bob", 100, "more"), OutflowFamily.PAYMENT),
    "increment": (command("alice", IncrementHold("hold", 100)), OutflowFamily.PAYMENT),
    "sale": (command("alice", Pay("mart", "EUR", 100, "order")), OutflowFamily.PAYMENT),
    "escrow": (command("alice", FundEscrow("bob", "EUR", 100, None)), OutflowFamily.PAYMENT),
    "bill": (command("alice", PayBill("water", "EUR", 100, "7/26")), OutflowFamily.PAYMENT),
    "conversion": (convert(), OutflowFamily.PAYMENT),
}
NAMES = tuple(PAYING)


def start(**limits):
    """Alice has a hold, and bob asked her for money; everything else is still to come."""
    return given(
        opened("alice", currencies=BOTH),
        opened("bob"),
        opened("mart", kind=WalletKind.MERCHANT),
        rates(),
        topped_up("alice", 1_000),
        place_hold("alice", "bob", 10),
        command("bob", RequestMoney("alice", "EUR", 100, 60), "asked"),
        rig=Rig(policy_=policy(limits=limits)),
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_is_paid_enters_the_sums_and_the_rows_of_behaviour(name):
    step, family = PAYING[name]
    paying = start()
    decision = paying.when(step).then(accepted())
    (taken,) = [each for each in decision.events if isinstance(each, OutflowConsumed)]
    assert (taken.family, taken.base_amount) == (family, 100)
    view = paying.rig.view
    row, profile = view.outflows.get("alice"), view.profiles.get("alice")
    withdrawn = 100 if family is OutflowFamily.WITHDRAWAL else 0
    assert (row.day_sum, row.week_sum, row.day_count) == (110, 110, 2)
    assert row.withdrawal_day_sum == withdrawn
    assert (profile.outs, profile.out_total, profile.amounts) == (2, 110, (10, 100))
    assert view.outflow_days.get("alice").max_amounts == (100,)
    assert view.payees.get(("alice", taken.payee)).amounts[-1] == 100


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("gate", "closed"),
    [("p2p_out", OutflowFamily.P2P), ("withdrawal_out", OutflowFamily.WITHDRAWAL)],
)
def test_a_gate_stops_its_family_and_no_other(gate, closed, name):
    step, family = PAYING[name]
    refused = rejected(RejectionReason.KYC_REQUIRED, gate, attempted=True)
    start(**{gate: False}).when(step).then(refused if family is closed else accepted())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ("week_out", RejectionReason.LIMIT_WINDOW),
        ("count_out_day", RejectionReason.LIMIT_COUNT),
        ("count_out_30d", RejectionReason.LIMIT_COUNT),
    ],
)
def test_the_limits_of_all_families_hold_for_each(limit, reason, name):
    step, _ = PAYING[name]
    ceiling = 109 if limit == "week_out" else 1
    refused = rejected(reason, limit, attempted=True)
    start(**{limit: ceiling}).when(step).then(refused)
    start(**{limit: ceiling + 1}).when(step).then(accepted())
