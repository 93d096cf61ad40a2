"""Holds that change: incremented, extended, captured beyond what was reserved."""

import pytest

from schemas.messages.commands import ExtendHold, IncrementHold
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import HoldStatus, RejectionReason, RiskAction, StatusAction
from tests.support.builders import DAY, MINUTE, NOON, Rig, policy, ruleset
from tests.support.given import (
    accepted,
    capture,
    command,
    given,
    opened,
    place_hold,
    rejected,
    set_status,
    timer,
    topped_up,
    void,
    waited,
)
from tests.support.looking import balance

NOT_ACTIVE = rejected(RejectionReason.HOLD_NOT_ACTIVE, "hold_id")


def increment(amount, hold_id="hold", command_id="more"):
    return command("alice", IncrementHold(hold_id, amount), command_id)


def extend(ttl_s, hold_id="hold"):
    return command("alice", ExtendHold(hold_id, ttl_s), "longer")


def holding(*steps, **changed):
    rig = Rig(policy_=policy(**changed))
    return given(
        opened("alice", "bob"),
        topped_up("alice", 200),
        place_hold("alice", "bob", 120),
        *steps,
        rig=rig,
    )


def hold_of(then):
    return then.rig.view.holds.get(("alice", "hold"))


def reserved(amount, available):
    def check(then):
        assert balance(then.rig.view, "alice", "W.RSV") == amount
        assert balance(then.rig.view, "alice") == available

    return check


def posted(flow, *lines):
    """The entry of a flow among those of the Decision: account and amount, EUR."""

    def check(then):
        entry = next(each for each in then.decision.entries if each.flow == flow)
        assert [(each.account, each.amount) for each in entry.postings] == list(lines)

    return check


def test_an_increment_reserves_more():
    decision = (
        holding()
        .when(increment(10))
        .then(
            accepted(),
            reserved(130, 70),
            posted("F7.2", ("W.AVL", 10), ("W.RSV", -10)),
        )
    )
    assert decision.risk is not None


def test_an_increment_counts_like_a_payment():
    then = holding().when(increment(10))
    row = then.rig.view.outflows.get("alice")
    assert (row.day_24h.base_sum, row.day_24h.count) == (130, 2)


@pytest.mark.parametrize("amount", [0, -1])
def test_an_increment_is_above_zero(amount):
    holding().when(increment(amount)).then(
        rejected(RejectionReason.AMOUNT_NOT_POSITIVE, "amount"), reserved(120, 80)
    )


def test_an_increment_needs_funds_and_counts_as_an_attempt():
    then = holding().when(increment(81))
    then.then(rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR"), reserved(120, 80))
    assert then.rig.view.outflows.get("alice").day_24h.attempts == 2


def test_an_increment_meets_the_limits():
    holding(limits={"per_tx_out": 120}).when(increment(80)).then(accepted())
    holding(limits={"day_out": 129}).when(increment(10)).then(
        rejected(RejectionReason.LIMIT_WINDOW, "day_out")
    )


def test_an_increment_that_the_fraud_rules_would_review_is_refused():
    often = Rule("FR01", "out_attempts_10m", (Band(2, None, 500, RiskAction.ALLOW),), 0)
    rig = Rig(ruleset_=ruleset(often))
    start = given(
        opened("alice", "bob"),
        topped_up("alice", 200),
        place_hold("alice", "bob", 120),
        rig=rig,
    )
    start.when(increment(10)).then(
        rejected(RejectionReason.RISK_REVIEW, attempted=True), reserved(120, 80)
    )


def test_increments_of_a_hold_are_bounded():
    holding(increment(1), max_hold_increments=1).when(increment(1, command_id="again")).then(
        rejected(RejectionReason.BOUND_EXCEEDED, "max_hold_increments")
    )


def test_a_wallet_that_may_not_pay_reserves_no_more():
    holding(set_status("alice", StatusAction.FREEZE_DEBIT)).when(increment(1)).then(
        rejected(RejectionReason.DEBIT_BLOCKED)
    )


def test_a_hold_that_was_captured_in_part_takes_no_increment():
    holding(capture("alice", 60, keep_open=True)).when(increment(1)).then(
        rejected(RejectionReason.INVALID_TRANSITION, "PARTIALLY_CAPTURED")
    )


@pytest.mark.parametrize("change", [increment(1), extend(60), increment(1, "unknown")])
def test_a_hold_that_is_not_open_takes_no_change(change):
    holding(void("alice")).when(change).then(NOT_ACTIVE)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (increment(1, hold_id=""), "hold_id"),
        (extend(60, hold_id="a b"), "hold_id"),
        (extend(-1), "ttl_s"),
        (extend(366 * 86_400 + 1), "ttl_s"),
    ],
)
def test_malformed_changes_name_their_field(change, field):
    holding().when(change).then(rejected(RejectionReason.MALFORMED_FIELD, field))


def test_an_extended_hold_expires_at_its_new_time():
    then = holding().when(extend(60))
    then.then(accepted())
    assert hold_of(then).expires_at == then.rig.at + MINUTE
    assert [row.due for row in then.rig.view.timers.rows.values()] == [then.rig.at + MINUTE]


def test_a_hold_extended_for_ever_has_no_timer():
    then = holding().when(extend(0))
    assert hold_of(then).expires_at == 0
    assert then.rig.view.timers.rows == {}


def test_a_hold_captured_in_part_may_be_extended():
    holding(capture("alice", 60, keep_open=True)).when(extend(60)).then(accepted())


def test_a_void_gives_every_part_back_to_its_own_entry():
    """The hold of yesterday goes back to yesterday, its increment of today to today."""
    then = holding(waited(DAY), increment(10)).when(void("alice"))
    then.then(accepted(), reserved(0, 200))
    given_back = [
        (each.entry, each.base_amount, each.day, each.whole)
        for each in then.decision.events
        if type(each).__name__ == "OutflowGivenBack"
    ]
    first = then.rig.log[2][0].decided_at
    assert first < NOON + MINUTE
    assert [(entry, amount, whole) for entry, amount, _, whole in given_back] == [
        (0, 120, True),
        (1, 10, True),
    ]
    assert given_back[1][2] == given_back[0][2] + 1
    row = then.rig.view.outflows.get("alice")
    assert (row.day_24h.base_sum, row.day_24h.count, row.day_sum) == (0, 0, 0)


def test_what_was_reserved_first_is_released_first():
    then = holding(increment(10)).when(capture("alice", 5))
    then.then(accepted(), reserved(0, 195))
    assert [
        (each.entry, each.base_amount, each.whole)
        for each in then.decision.events
        if type(each).__name__ == "OutflowGivenBack"
    ] == [(0, 120, False), (1, 5, False)]


def test_a_tip_comes_out_of_the_available_balance():
    then = holding(over_capture_bp=2_000).when(capture("alice", 144))
    then.then(
        accepted(),
        reserved(0, 56),
        posted("F7.2", ("W.AVL", 24), ("W.RSV", -24)),
        posted("F7.5", ("W.RSV", 144), ("W.AVL", -144)),
    )
    row = hold_of(then)
    assert (row.authorized, row.captured, row.released) == (144, 144, 0)
    assert row.status is HoldStatus.CAPTURED


def test_a_capture_beyond_the_tip_that_the_policy_allows_is_refused():
    holding(over_capture_bp=2_000).when(capture("alice", 145)).then(
        rejected(RejectionReason.HOLD_EXCEEDED, "amount"), reserved(120, 80)
    )


def test_a_tip_without_funds_is_refused_and_nothing_is_captured():
    given(
        opened("alice", "bob"),
        topped_up("alice", 130),
        place_hold("alice", "bob", 120),
        rig=Rig(policy_=policy(over_capture_bp=2_000)),
    ).when(capture("alice", 131)).then(
        rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR"), reserved(120, 10)
    )


def test_a_tip_for_a_payee_who_takes_nothing_is_refused():
    holding(set_status("bob", StatusAction.FREEZE_CREDIT), over_capture_bp=2_000).when(
        capture("alice", 144)
    ).then(rejected(RejectionReason.RECIPIENT_REFUSED, "CREDIT_BLOCKED"), reserved(120, 80))


def test_an_incremented_hold_expires_whole():
    holding(increment(10), waited(8 * DAY)).when(timer()).then(accepted(), reserved(0, 200))
