"""More money than 64 bits hold: every single amount fits, what they add up to does not."""

import pytest

from schemas.messages.commands import TopUp
from streams.reconciliation.internal.sums import wrapped
from tests.support.builders import policy
from tests.unit.streams.reconciliation.internal.valley import ALICE, BOB, Valley, followed

MUCH = 2**62
CAROL = "carol-0"
LIMITS = (
    *("per_tx_in", "day_in", "month_in", "balance_cap"),
    *("per_tx_out", "day_out", "month_out", "rolling_24h_out"),
)


@pytest.mark.parametrize(
    ("total", "kept"),
    [
        (0, 0),
        (2**63 - 1, 2**63 - 1),
        (2**63, -(2**63)),
        (-(2**63), -(2**63)),
        (-(2**63) - 1, 2**63 - 1),
        (2**64, 0),
        (-(2**64) + 7, 7),
    ],
)
def test_a_sum_wraps_at_64_bits(total, kept):
    assert wrapped(total) == kept


def filled():
    """A day on which either wallet has put 2^62 on its card."""
    valley = Valley(policy(limits=dict.fromkeys(LIMITS, 2**64)))
    for rig, wallet_id in zip(valley.rigs, (ALICE, BOB), strict=True):
        valley.done(rig.command(wallet_id, TopUp("EUR", MUCH, "card", f"much-{wallet_id}")))
    return valley


def test_balances_of_a_class_that_add_up_to_more_than_a_balance_can_be():
    valley = filled()
    valley.rigs[0].open(CAROL)
    valley.pay(MUCH, payer=BOB, payee=CAROL)
    valley.deliver()
    k = valley.cut()
    found = followed(valley.logs())
    assert (found.opened, found.proofs[k].equal) == ([], True)
    held = {each.account: each.minor for each in found.proofs[k].sums}
    assert held["W.AVL"] == wrapped(-2 * MUCH - 18_000) > 0


def test_more_money_has_travelled_between_two_partitions_than_there_is():
    valley = filled()
    valley.pay(MUCH)
    valley.deliver()
    valley.pay(MUCH, payer=BOB, payee=ALICE)
    valley.deliver()
    valley.pay(MUCH)
    flying = valley.cut()
    valley.deliver()
    landed = valley.cut()
    found = followed(valley.logs())
    assert found.opened == []
    assert {k: each.equal for k, each in found.proofs.items()} == {flying: True, landed: True}
    (money,) = found.proofs[flying].money
    assert (money.trial, money.in_flight, money.between) == (0, MUCH, -MUCH)
