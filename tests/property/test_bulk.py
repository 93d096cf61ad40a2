"""Bulks: what is accepted is the same as one by one, what is refused does nothing."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.fold import fold
from schemas.messages.commands import BulkItem, BulkTransfer, TopUp, Transfer
from schemas.messages.vocabulary import Outcome, Tier
from tests.support.builders import DAY, HOUR, SECOND, Rig
from tests.support.looking import rows_of, trial_balance
from tests.support.strategies import POLICY, RULES, World, days

PAYEES = ("bob", "carl", "dora", "nobody")
# What an accepted bulk and the same transfers have to leave alike; names of movements are not.
ALIKE = (
    *("accounts", "outflows", "outflow_entries", "outflow_days", "payees"),
    *("profiles", "inflows", "holds", "timers", "liens"),
)
# What a refusal itself says: an attempt in the log, its answer, and that it was about the wallet.
SAID = ("head", "identities", "outflows", "outflow_entries", "wallets")

amounts = st.sampled_from((1, 20, 100, 500, 3_000))
payments = st.lists(st.tuples(st.sampled_from(PAYEES), amounts), min_size=1, max_size=5)
pauses = st.sampled_from((0, SECOND, 5 * SECOND, HOUR, DAY))
histories = st.lists(st.tuples(pauses, payments), min_size=1, max_size=6)


def funded():
    rig = Rig(policy_=POLICY, ruleset_=RULES)
    for wallet_id in ("alice", *PAYEES[:-1]):
        rig.open(wallet_id, Tier.BASIC, ("EUR",))
    rig.command("alice", TopUp("EUR", 9_000, "card", "ref"))
    return rig.wait(2 * DAY)


def bulk_of(items):
    return BulkTransfer(
        tuple(BulkItem(to, "EUR", amount, f"r{n}") for n, (to, amount) in enumerate(items))
    )


def copied(rig):
    other = Rig(policy_=POLICY, ruleset_=RULES, at=rig.at)
    for decision, _ in rig.log:
        fold(other.view, decision)
    return other


def balances(rig):
    return {wallet_id: row.balances for wallet_id, row in rig.view.wallets.rows.items()}


@given(histories)
def test_a_bulk_is_the_same_transfers_one_by_one_or_nothing(history):
    rig = funded()
    for number, (pause, items) in enumerate(history):
        rig.wait(pause)
        single, before = copied(rig), rows_of(rig.view)
        decision = rig.command("alice", bulk_of(items), f"b{number}")
        answers = [
            single.command("alice", Transfer(to, "EUR", amount), f"b{number}.{place}")
            for place, (to, amount) in enumerate(items)
        ]
        held = [each for each in answers if each.reason is not None or each.stage.name != "FINAL"]
        assert (decision.outcome is Outcome.ACCEPTED) is (not held)
        assert set(trial_balance(rig.view).values()) <= {0}
        assert rows_of(rig.replayed()) == rows_of(rig.view)
        if held:
            refused_for_the_same(decision, answers)
            left_alone(before, rows_of(rig.view), len(decision.events))
        else:
            ours, theirs = rows_of(rig.view), rows_of(single.view)
            assert [name for name in ALIKE if ours[name] != theirs[name]] == []
            assert balances(rig) == balances(single)


def refused_for_the_same(decision, answers):
    """The first transfer that is not simply done refuses the bulk; the place is that of it."""
    place, first = next(
        (place, each)
        for place, each in enumerate(answers)
        if each.reason is not None or each.stage.name != "FINAL"
    )
    wanted = "RISK_REVIEW" if first.reason is None else first.reason.name
    name = f"items[{place}]"
    words = f"{name}: {first.detail}" if first.detail else name
    assert (decision.reason.name, decision.detail) == (wanted, words)


def left_alone(before, after, attempts):
    assert [name for name in after if name not in SAID and after[name] != before[name]] == []
    for wallet_id, row in after["wallets"].items():
        told = before["wallets"][wallet_id]
        assert row.balances == told.balances
        assert row.sequence - told.sequence == (attempts if wallet_id == "alice" else 0)
    old, new = before["outflows"].get("alice"), after["outflows"].get("alice")
    if attempts:
        sums = [name for name in new.__match_args__ if "sum" in name or "payee" in name]
        assert all(getattr(new, n) == getattr(old, n) for n in sums if old is not None)
    else:
        assert old == new


@given(days)
def test_bulks_of_any_day_move_money_within_their_partition(day):
    for rig in World().run(day).rigs:
        for decision, _ in rig.log:
            moved = [each for each in decision.events if "/" in getattr(each, "transfer_id", "")]
            local = [each for each in moved if type(each).__name__ == "TransferCompleted"]
            if local and decision.command_id == local[0].transfer_id.partition("/")[0]:
                assert {each.from_wallet_id for each in local} == {decision.wallet_id}
                assert len(local) == len(decision.entries)
