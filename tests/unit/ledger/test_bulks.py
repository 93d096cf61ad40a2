"""A bulk: all its transfers happen, or none and the first that is refused says why."""

import pytest

from ledger.results import results_of
from schemas.messages.commands import (
    AvailableAtLeast,
    BulkItem,
    BulkTransfer,
    OpenWallet,
    Transfer,
)
from schemas.messages.policy import Band, FeeRule, Rule
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
    RiskAction,
    Stage,
    StatusAction,
    Tier,
    WalletKind,
)
from tests.support.builders import INT64_MAX, SECOND, Rig, policy, ruleset
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    has,
    opened,
    pay,
    rejected,
    set_status,
    topped_up,
)
from tests.support.looking import rows_of, system_balance

FEE = (FeeRule(FeeFlow.TRANSFER, 0, 2),)


def bulk(*items):
    """A bulk of (recipient, amount), and where it matters reference and currency."""
    return BulkTransfer(tuple(item(place, *each) for place, each in enumerate(items)))


def item(place, to, amount, reference=None, currency="EUR"):
    return BulkItem(to, currency, amount, f"r{place}" if reference is None else reference)


def paid(*items, command_id="bulk", **envelope):
    return command("alice", bulk(*items), command_id, **envelope)


def start(funds=100, **changed):
    rig = Rig(policy_=policy(**changed))
    return given(opened("alice", "bob", "carl"), topped_up("alice", funds), rig=rig)


def but_for_the_attempt(counted=1):
    """Nothing changed but the attempt, and what every refusal leaves."""

    def check(then):
        after = rows_of(then.rig.view)
        row = after["outflows"].get("alice")
        before = then.before["outflows"].get("alice")
        assert row.next_entry - (0 if before is None else before.next_entry) == counted
        sequence = then.before["wallets"]["alice"].sequence
        assert after["wallets"]["alice"].sequence == sequence + counted
        assert balances(after) == balances(then.before)
        changing = ("head", "identities", "outflows", "outflow_entries", "wallets")
        for name in after.keys() - set(changing):
            assert after[name] == then.before[name], name

    return check


def balances(rows):
    return {wallet_id: row.balances for wallet_id, row in rows["wallets"].items()}


def test_all_items_are_one_decision():
    begun = start(fees=FEE)
    decision = begun.when(paid(("bob", 40), ("carl", 20), ("bob", 10))).then(
        accepted(), has("alice", 24), has("bob", 50), has("carl", 20)
    )
    assert [entry.flow for entry in decision.entries] == ["F4.1"] * 3
    assert [entry.index for entry in decision.entries] == [0, 1, 2]
    names = [
        event.transfer_id
        for event in decision.events
        if type(event).__name__ == "TransferCompleted"
    ]
    assert names == ["bulk/0", "bulk/1", "bulk/2"]
    assert system_balance(begun.rig.view, "REV.P2P") == -6
    (result,) = results_of(decision)
    assert (result.command_id, result.stage) == ("bulk", Stage.FINAL)
    assert begun.rig.view.wallets.get("alice").sequence == 3  # opened, topped up, the bulk


def test_an_item_sees_what_those_before_it_did():
    refused = rejected(RejectionReason.INSUFFICIENT_FUNDS, "items[2]: EUR")
    start().when(paid(("bob", 60), ("carl", 40), ("bob", 1))).then(
        refused, happened("AttemptCounted"), but_for_the_attempt(), has("alice", 100)
    )


def test_a_recipient_may_not_pay_the_payer_within_it():
    """Items have one payer: money that an item brings somebody is not spent by another."""
    start().when(paid(("bob", 100), ("carl", 100))).then(
        rejected(RejectionReason.INSUFFICIENT_FUNDS, "items[1]: EUR")
    )


@pytest.mark.parametrize(
    ("limits", "detail"),
    [
        ({"per_tx_out": 30}, "items[1]: per_tx_out"),
        ({"day_out": 50}, "items[1]: day_out"),
        ({"rolling_24h_out": 50}, "items[1]: rolling_24h_out"),
        ({"count_out_hour": 2}, "items[2]: count_out_hour"),
        ({"count_out_day": 1}, "items[1]: count_out_day"),
        ({"new_payees_day": 1}, "items[1]: new_payees_day"),
        ({"p2p_out": False}, "items[0]: p2p_out"),
    ],
)
def test_limits_count_the_items_before(limits, detail):
    decision = (
        start(limits=limits)
        .when(paid(("bob", 20), ("carl", 31), ("bob", 5)))
        .then(but_for_the_attempt(), happened("AttemptCounted"))
    )
    assert decision.detail.partition(" until ")[0] == detail


def test_the_cap_of_a_recipient_counts_the_items_before():
    begun = start(limits={"balance_cap": 100})
    begun.when(topped_up("bob", 50)).then(accepted())
    refused = rejected(RejectionReason.RECIPIENT_REFUSED, "items[1]: LIMIT_BALANCE_CAP")
    begun.when(paid(("bob", 30), ("bob", 21))).then(refused, but_for_the_attempt())
    begun.when(paid(("bob", 30), ("bob", 20), command_id="b2")).then(accepted(), has("bob", 100))


@pytest.mark.parametrize(
    ("items", "reason", "detail"),
    [
        ((), "BOUND_EXCEEDED", "bulk_max_items"),
        ((("bob", 1),) * 4, "BOUND_EXCEEDED", "bulk_max_items"),
        ((("bob", 1), ("b b", 1)), "MALFORMED_FIELD", "items[1]: to_wallet_id"),
        ((("bob", 1), ("alice", 1)), "SELF_TRANSFER", "items[1]: to_wallet_id"),
        ((("bob", 0),), "AMOUNT_NOT_POSITIVE", "items[0]: amount"),
        ((("bob", INT64_MAX),), "AMOUNT_OVERFLOW", "items[0]: amount"),
        ((("bob", 1, "r", "XXX"),), "UNKNOWN_CURRENCY", "items[0]: XXX"),
        ((("bob", 1, ""),), "MALFORMED_FIELD", "items[0]: reference"),
        ((("bob", 1, "r"), ("carl", 1, "r")), "MALFORMED_FIELD", "items[1]: reference"),
        ((("bob", 1), ("dora-1", 1)), "RECIPIENT_ELSEWHERE", "items[1]: dora-1"),
        ((("bob", 1), ("bob", 1, "r", "USD")), "CURRENCY_NOT_HELD", "items[1]: USD"),
    ],
)
def test_what_is_refused_before_anything_is_counted(items, reason, detail):
    refused = rejected(RejectionReason[reason], detail)
    fees_take_some = (FeeRule(FeeFlow.TRANSFER, 0, 1),)
    start(bulk_max_items=3, fees=fees_take_some).when(paid(*items)).then(refused, nothing_counted)


def nothing_counted(then):
    assert then.decision.events == ()
    after = rows_of(then.rig.view)
    assert {**after, "head": 0, "identities": 0} == {**then.before, "head": 0, "identities": 0}


def test_a_programme_may_have_no_bulks():
    refused = rejected(RejectionReason.BOUND_EXCEEDED, "bulk_max_items")
    start(bulk_max_items=0).when(paid(("bob", 1))).then(refused)


def test_nobody_here_is_refused_as_by_a_transfer():
    refused = rejected(RejectionReason.RECIPIENT_REFUSED, "items[1]: UNKNOWN_WALLET")
    start().when(paid(("bob", 1), ("nobody", 1))).then(refused, but_for_the_attempt())


def test_a_status_refuses_it_whole():
    begun = start()
    begun.when(set_status("alice", StatusAction.RESTRICT)).then(accepted())
    refused = rejected(RejectionReason.STEP_UP_REQUIRED, "items[0]: RESTRICTED")
    begun.when(paid(("bob", 1))).then(refused, nothing_counted)


def test_a_treasury_wallet_sends_none():
    begun = given(opened("bob"))
    begun.when(command("bank", OpenWallet(WalletKind.TREASURY, Tier.BASIC, ("EUR",)))).then()
    refused = rejected(RejectionReason.UNKNOWN_ACCOUNT, "TREASURY")
    begun.when(command("bank", bulk(("bob", 1)))).then(refused)


@pytest.mark.parametrize(("entries", "detail", "counted"), [(2, "items[2]", 0), (1, "items[1]", 0)])
def test_a_full_log_refuses_and_counts_nothing(entries, detail, counted):
    refused = rejected(RejectionReason.BOUND_EXCEEDED, f"{detail}: max_outflow_entries")
    begun = start(max_outflow_entries=entries)
    decision = begun.when(paid(("bob", 1), ("bob", 2), ("bob", 3))).then(refused)
    assert len(decision.events) == counted


def second_at_once(weight):
    bands = (Band(0, 1, weight, RiskAction.ALLOW),)
    return ruleset(
        Rule("FR05", "first_payment", (Band(1, None, 10, RiskAction.ALLOW),), 0),
        Rule("FR07", "seconds_since_previous_out", bands, 0),
    )


@pytest.mark.parametrize(
    ("weight", "reason"),
    [(290, "STEP_UP_REQUIRED"), (490, "RISK_REVIEW"), (690, "RISK_BLOCKED")],
)
def test_a_fraud_rule_refuses_the_whole(weight, reason):
    begun = given(
        opened("alice", "bob", "carl"),
        topped_up("alice", 100),
        rig=Rig(ruleset_=second_at_once(weight)),
    )
    refused = rejected(RejectionReason[reason], "items[1]")
    decision = begun.when(paid(("bob", 1), ("carl", 1))).then(refused, but_for_the_attempt())
    assert decision.risk.score == weight + 10


def test_the_gravest_assessment_stands_in_the_decision():
    begun = given(
        opened("alice", "bob", "carl"),
        topped_up("alice", 100),
        rig=Rig(ruleset_=second_at_once(40)),
    )
    decision = begun.when(paid(("bob", 1), ("carl", 2), ("bob", 3))).then(accepted())
    assert (decision.risk.action, decision.risk.score) == (RiskAction.ALLOW, 50)
    begun.rig.wait(SECOND)
    refused = rejected(RejectionReason.INSUFFICIENT_FUNDS, "items[1]: EUR")
    decision = begun.when(paid(("bob", 1), ("carl", 100), command_id="b2")).then(refused)
    assert decision.risk.score == 0  # the first item was asked, and is not forgotten


def test_a_repeat_is_told_the_same_and_other_items_are_another_content():
    begun = start()
    decision = begun.when(paid(("bob", 1), ("carl", 2))).then(accepted())
    begun.when(paid(("bob", 1), ("carl", 2))).then(duplicate(decision.sequence))
    mismatch = rejected(RejectionReason.IDEMPOTENCY_MISMATCH, "items")
    begun.when(paid(("bob", 1), ("carl", 3))).then(mismatch)


def test_a_command_may_have_the_name_of_a_bulk_with_its_place():
    begun = start()
    begun.when(paid(("bob", 1))).then(accepted())
    begun.when(pay("alice", "bob", 1, "bulk.0")).then(accepted())
    refused = rejected(RejectionReason.MALFORMED_FIELD, "command_id")
    begun.when(pay("alice", "bob", 1, "bulk/0")).then(refused)


def test_an_unmet_condition_is_one_attempt():
    unmet = (AvailableAtLeast("EUR", 101),)
    refused = rejected(RejectionReason.CONDITION_FAILED, attempted=True)
    start().when(paid(("bob", 1), ("carl", 1), conditions=unmet)).then(
        refused, but_for_the_attempt()
    )
    met = (AvailableAtLeast("EUR", 100),)
    start().when(paid(("bob", 1), ("carl", 1), conditions=met)).then(accepted())


def test_a_dry_run_says_all_that_would_be_posted():
    decision = start().when(paid(("bob", 1), ("carl", 2), dry_run=True)).then(accepted())
    assert decision.events == ()
    assert [entry.flow for entry in decision.dry_run.entries] == ["F4.1", "F4.1"]
    stands = {each.owner: each.minor for each in decision.dry_run.balances}
    assert stands == {"alice": -97, "bob": -1, "carl": -2}


def test_one_by_one_is_the_same():
    one, other = start(fees=FEE), start(fees=FEE)
    items = (("bob", 10), ("carl", 20), ("bob", 5))
    one.when(paid(*items)).then(accepted())
    for to, amount in items:
        other.when(command("alice", Transfer(to, "EUR", amount))).then(accepted())
    for name in ("outflows", "outflow_entries", "outflow_days", "payees", "profiles", "inflows"):
        assert rows_of(one.rig.view)[name] == rows_of(other.rig.view)[name]
    assert balances(rows_of(one.rig.view)) == balances(rows_of(other.rig.view))
