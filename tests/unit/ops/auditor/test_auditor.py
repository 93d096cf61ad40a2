"""The second model names what a Decision says wrongly: partition, sequence, wallet, both values."""

import pytest

from ops.auditor.answer import Broken
from ops.auditor.auditor import Auditor, Given
from ops.auditor.books import Books
from schemas.codec import encode
from schemas.messages.commands import (
    CaptureHold,
    ChangeWalletStatus,
    OpenWallet,
    PlaceHold,
    TopUp,
    Transfer,
    VoidHold,
)
from schemas.messages.control import ActivatePolicy
from schemas.messages.events import LegSent, OutflowConsumed
from schemas.messages.vocabulary import (
    Authority,
    LegKind,
    Outcome,
    RejectionReason,
    RiskAction,
    StatusAction,
    Tier,
    WalletKind,
)
from tests.support.builders import DAY, HOUR, NOON, Rig, fees, partition_of, policy, ruleset
from tests.support.checked import copied
from tests.unit.ops.ledger_day import day
from topics.partitioning import partition_of as murmur


def found_in(decisions, change=lambda decision: decision):
    """What the auditor says of Decisions after a change of the last one."""
    auditor = Auditor(lambda wallet_id: murmur(wallet_id, 2), policy(), ruleset())
    *before, last = decisions
    assert [each for decision in before for each in auditor.take(decision)] == []
    return auditor.take(change(last)), auditor


def up_to(command_id):
    """The day's Decisions on partition 0 up to one command."""
    decisions = day()[0].decisions
    at = next(index for index, each in enumerate(decisions) if each.command_id == command_id)
    return decisions[: at + 1]


def test_a_sound_day_has_no_difference_and_the_money_is_known():
    auditor = Auditor(lambda wallet_id: murmur(wallet_id, 2), policy(), ruleset())
    for writer in day():
        assert [each for decision in writer.decisions for each in auditor.take(decision)] == []
        assert sum(auditor.balances(writer.partition).values()) == 0
    auditor.forget(0)
    assert auditor.balances(0) == {}


@pytest.mark.parametrize(
    ("command_id", "changed", "what"),
    [
        ("near", {"outcome": Outcome.REJECTED}, {"outcome"}),
        ("near", {"reason": RejectionReason.LIMIT_COUNT}, {"reason"}),
        ("near", {"decided_at": NOON + 1}, {"decided_at"}),
        ("near", {"sequence": 99}, {"sequence"}),
        ("near", {"policy_version": "other"}, {"policy"}),
        ("near", {"entries": ()}, {"postings"}),
        ("hold", {"balances": ()}, {"balances"}),
        ("near", {"duplicate_of": 3}, {"duplicate of"}),
        ("far", {"events": ()}, {"legs", "limits used"}),
    ],
)
def test_a_field_that_is_not_as_predicted_is_named(command_id, changed, what):
    found, _ = found_in(up_to(command_id), lambda decision: copied(decision, **changed))
    assert {each.what for each in found} == what
    difference = found[0]
    assert difference.partition == 0
    assert difference.wallet_id == up_to(command_id)[-1].wallet_id
    assert f"#{difference.sequence} wallet {difference.wallet_id}: " in str(difference)


def test_a_posting_that_was_bumped_is_named_with_both_amounts():
    def bump(decision):
        (entry,) = decision.entries
        lines = (copied(entry.postings[0], amount=11), copied(entry.postings[1], amount=-11))
        return copied(decision, entries=(copied(entry, postings=lines),))

    (difference,), _ = found_in(up_to("near"), bump)
    assert sorted(difference.expected.values()) == [-10, 10]
    assert sorted(difference.found.values()) == [-11, 11]


def test_limits_given_back_and_the_score_of_the_rules_are_predicted_too():
    def spoil(decision):
        events = tuple(
            copied(each, base_amount=1) if isinstance(each, OutflowConsumed) else each
            for each in decision.events
        )
        return copied(decision, events=events, risk=copied(decision.risk, score=9))

    found, _ = found_in(up_to("hold"), spoil)
    assert [each.what for each in found] == ["limits used", "risk"]
    assert found[1].found == (RiskAction.ALLOW, 9, (), (), ())


def test_a_leg_that_says_more_is_final_than_is():
    def claim(decision):
        events = tuple(
            LegSent(copied(each.leg, final_below=each.leg.pair_seq + 1))
            if isinstance(each, LegSent)
            else each
            for each in decision.events
        )
        return copied(decision, events=events)

    (difference,), _ = found_in(up_to("far"), claim)
    assert difference.what == "final below, at most"


def test_the_record_on_the_topic_counts_and_not_the_copy_in_the_decision():
    decisions = up_to("near")
    other = next(each for each in day()[0].decisions if each.command_id == "hold")
    assert found_in(decisions)[0] == []
    auditor = Auditor(lambda wallet_id: murmur(wallet_id, 2), policy(), ruleset())
    for each in decisions[:-1]:
        auditor.take(each)
    given = Given(decisions[-1].source.append_time, decisions[-1].source.key, other.input)
    found = auditor.take(decisions[-1], given)
    assert {each.what for each in found} == {"postings", "balances", "limits used"}


def rigged(policy_=None, ruleset_=None):
    rig = Rig(0, 2, policy_, ruleset_)
    auditor = Auditor(partition_of(2), *rig.genesis)

    def differences():
        found = []
        for (decision, _), record in zip(rig.log, rig.records, strict=True):
            given = None if record is None else Given(decision.source.append_time, *record)
            found += [each for each in auditor.take(decision, given) if each.what != "policy"]
        rig.log.clear()
        rig.records.clear()
        return found

    return rig, auditor, differences


def test_a_timer_that_was_passed_over_is_a_halt_and_ends_the_partition():
    rig, _, differences = rigged()
    rig.open("ann")
    rig.command("ann", TopUp("EUR", 100, "card", "r"))
    rig.command("ann", PlaceHold("bob", "EUR", 10, 60))
    rig.wait(HOUR)
    rig.command("ann", Transfer("bob", "EUR", 1))
    rig.command("ann", Transfer("bob", "EUR", 1))
    (difference,) = differences()
    assert difference.what == "halt"
    assert "comes before this input" in str(difference)


def test_a_timer_that_nobody_set():
    rig, auditor, differences = rigged()
    rig.open("ann")
    rig.command("ann", TopUp("EUR", 100, "card", "r"))
    rig.command("ann", PlaceHold("bob", "EUR", 10, 60))
    assert differences() == []
    auditor.books(0).timers.clear()
    rig.fire()
    assert "the first timer is None" in str(differences()[0])


@pytest.mark.parametrize("changed", [{"pair_seq": 3}, {"dst_partition": 1}, {"amount": 41}])
def test_a_leg_that_no_right_ledger_takes(changed):
    """A number skipped, another partition's, or a number with other content: the ledger halts."""
    here, there = day()
    leg = next(
        event.leg for each in here.decisions for event in each.events if isinstance(event, LegSent)
    )
    assert leg.kind is LegKind.CREDIT
    auditor = Auditor(lambda wallet_id: murmur(wallet_id, 2), policy(), ruleset())
    for decision in there.decisions:
        assert auditor.take(decision) == []
    given = Given(NOON, b"", encode(copied(leg, **{"dst_partition": 1, **changed})))
    if changed == {"dst_partition": 1}:
        given = Given(NOON, b"", encode(copied(leg, dst_partition=0)))
    last = there.decisions[-1]
    (difference,) = auditor.take(copied(last, sequence=last.sequence + 1), given)
    assert difference.what == "halt"


def test_its_own_books_refuse_what_no_bookkeeping_allows():
    books = Books(0, partition_of(1), policy(), ruleset())
    with pytest.raises(Broken, match="does not balance"):
        books.post("EUR", ("W.AVL", "ann", 1))
    with pytest.raises(Broken, match="would go debit"):
        books.post("EUR", ("W.AVL", "ann", 1), ("REV.P2P", "", -1))


def test_a_bound_that_was_lowered_counts_the_attempts_that_are_still_inside():
    """The log of attempts is full by what lies in 24 hours, not by what lay there before."""
    rig, _, differences = rigged(policy(max_outflow_entries=5))
    rig.open("ann")
    for hours in (0, 3, 3, 3):
        rig.wait(hours * HOUR)
        rig.command("ann", Transfer("bob", "EUR", 1))
    rig.control(ActivatePolicy(policy(max_outflow_entries=2)))
    rig.wait(DAY - 5 * HOUR)
    refused = rig.command("ann", Transfer("bob", "EUR", 1))
    assert (refused.reason, refused.detail) == (
        RejectionReason.BOUND_EXCEEDED,
        "max_outflow_entries",
    )
    assert differences() == []


def test_what_a_closed_or_frozen_wallet_may_do():
    rig, _, differences = rigged(policy(fees=fees(100, 1)))
    rig.open("ann")
    rig.command("ann", TopUp("EUR", 100, "card", "r"), "t")
    rig.command("ann", PlaceHold("bob", "EUR", 10, None), "h")
    for action in StatusAction:
        rig.command("ann", ChangeWalletStatus(action, Authority.OPERATOR))
        rig.command("ann", Transfer("bob", "EUR", 5))
        rig.command("ann", TopUp("EUR", 10, "card", action.name))
        rig.command("ann", CaptureHold("h", 1, keep_open=True))
    rig.command("ann", VoidHold("h"))
    rig.command("zoe", OpenWallet(WalletKind.MERCHANT, Tier.UNVERIFIED, ("EUR", "USD")))
    rig.command("zoe", ChangeWalletStatus(StatusAction.CLOSE, Authority.CUSTOMER))
    rig.command("zoe", ChangeWalletStatus(StatusAction.UNFREEZE, Authority.CUSTOMER))
    rig.command("ann", Transfer("zoe", "EUR", 5))
    assert differences() == []
