"""What the risk job tells a wallet: taken from the job alone, once, and while it holds."""

import pytest

from ledger.flags import FLAG_LIFE_US, FLAGGER, FLAGS_KEPT
from schemas.messages.commands import WalletSequenceIs
from schemas.messages.control import RiskFlag
from schemas.messages.vocabulary import FlagKind, RejectionReason, StatusAction, Tier
from tests.support.builders import DAY, NOON, SECOND, Rig, policy
from tests.support.flag_days import flag
from tests.support.given import (
    accepted,
    given,
    happened,
    opened,
    pay,
    rejected,
    set_status,
    set_tier,
    topped_up,
    waited,
)


def told(value=3, wallet_id="alice", control_id="flag", issuer=FLAGGER, *, ago=0, **more):
    """The risk job says so; `ago` it was so."""

    def step(rig):
        said = flag(value, as_of=rig.at - ago, **more)
        return rig.control(RiskFlag(wallet_id, said), control_id, issuer=issuer, approver="")

    return step


def knows(*values, wallet_id="alice"):
    """The wallet's flags have these values, the latest last."""

    def check(then):
        row = then.rig.view.profiles.get(wallet_id)
        assert [each.value for each in (() if row is None else row.flags)] == list(values)

    return check


def unchanged(then):
    """Nothing but the head moved."""
    happened()(then)


def test_a_flag_is_kept():
    start = given(opened("alice"))
    decision = start.when(told()).then(accepted(), happened("RiskFlagged"), knows(3))
    (event,) = decision.events
    assert (event.wallet_id, event.flag) == ("alice", flag(3, as_of=NOON))


def test_one_pair_of_eyes_is_enough_where_two_must_see_documents():
    start = given(opened("alice"), rig=Rig(policy_=policy(control_four_eyes=True)))
    start.when(told()).then(accepted(), knows(3))


@pytest.mark.parametrize("issuer", ["ops", "", "Risk-job"])
def test_from_nobody_but_the_job(issuer):
    start = given(opened("alice"))
    refusal = rejected(RejectionReason.MALFORMED_FIELD, "issuer")
    start.when(told(issuer=issuer)).then(refusal, unchanged, knows())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"control_id": "?"}, "control_id"),
        ({"wallet_id": "?"}, "wallet_id"),
        ({"kind": FlagKind.NONE}, "flag.kind"),
        ({"subject": "g" * 32}, "flag.subject"),
        ({"subject": "a" * 31}, "flag.subject"),
        ({"value": -1}, "flag.value"),
        ({"value": 1_000_001}, "flag.value"),
        ({"window_s": 0}, "flag.window_s"),
        ({"window_s": 35 * 86_400 + 1}, "flag.window_s"),
        ({"lasts": 0}, "flag.expires_at"),
        ({"lasts": FLAG_LIFE_US + 1}, "flag.expires_at"),
    ],
)
def test_malformed(wrong, field):
    start = given(opened("alice"))
    start.when(told(**wrong)).then(rejected(RejectionReason.MALFORMED_FIELD, field), knows())


@pytest.mark.parametrize(
    "just", [{"value": 0}, {"value": 1_000_000}, {"window_s": 1}, {"lasts": FLAG_LIFE_US}]
)
def test_just_well_formed(just):
    given(opened("alice")).when(told(**just)).then(accepted(), happened("RiskFlagged"))


@pytest.mark.parametrize(
    ("wallet_id", "reason"),
    [("bob", RejectionReason.UNKNOWN_WALLET), ("bob-1", RejectionReason.MISROUTED)],
)
def test_a_wallet_that_is_not_here(wallet_id, reason):
    start = given(opened("alice"))
    start.when(told(wallet_id=wallet_id)).then(rejected(reason, wallet_id))


def test_the_key_is_the_partition():
    rig = given(opened("alice")).rig
    body = RiskFlag("alice", flag(as_of=rig.at))
    decision = rig.control(body, "flag", key=b"alice", issuer=FLAGGER)
    assert (decision.reason, decision.detail) == (RejectionReason.KEY_MISMATCH, "key")


@pytest.mark.parametrize("ago", [0, 1, DAY])
def test_the_same_or_an_older_one_changes_nothing(ago):
    start = given(opened("alice"), told(5))
    start.when(told(6, ago=ago)).then(accepted(), unchanged, knows(5))


def test_a_later_one_takes_its_place():
    start = given(opened("alice"), told(5), told(7, name="tablet"), waited(1))
    start.when(told(2, control_id="other")).then(happened("RiskFlagged"), knows(7, 2))


def test_kinds_and_subjects_are_told_apart():
    start = given(opened("alice"), told(5), told(6, name="tablet"))
    start.when(told(4, kind=FlagKind.INSTRUMENT_PARTIES)).then(knows(5, 6, 4))
    subject = flag().subject
    again = told(9, kind=FlagKind.INSTRUMENT_PARTIES, subject=subject)
    start.when(again).then(happened("RiskFlagged"), knows(5, 6, 4, 9))


@pytest.mark.parametrize(("ago", "values"), [(DAY - 1, (3,)), (DAY, ()), (DAY + 1, ())])
def test_one_that_is_over_is_not_taken(ago, values):
    given(opened("alice")).when(told(ago=ago, lasts=DAY)).then(accepted(), knows(*values))


@pytest.mark.parametrize(("later", "values"), [(DAY - 1, (3, 4)), (DAY, (4,))])
def test_what_is_over_leaves_with_the_next(later, values):
    start = given(opened("alice"), told(lasts=DAY), waited(later))
    start.when(told(4, name="tablet")).then(knows(*values))


def test_no_more_than_16_are_kept():
    start = given(opened("alice"), *[told(each, name=f"d{each}") for each in range(FLAGS_KEPT)])
    start.when(told(99)).then(knows(*range(1, FLAGS_KEPT), 99))


def test_no_sequence_of_the_wallet_counts_it():
    start = given(opened("alice", "bob"), topped_up("alice", 10), told())
    row = start.rig.view.wallets.get("alice")
    start.when(told(4, name="tablet")).then(accepted())
    assert start.rig.view.wallets.get("alice") == row
    assert WalletSequenceIs(row.sequence) == WalletSequenceIs(2)


def test_flags_outlast_payments_and_tiers():
    start = given(opened("alice", "bob"), topped_up("alice", 10), told())
    start.when(pay("alice", "bob", 1)).then(accepted(), knows(3))
    start.when(set_tier("alice", Tier.ENHANCED)).then(accepted(), knows(3))


def test_a_closed_wallet_is_told_as_well():
    start = given(opened("alice"), set_status("alice", StatusAction.CLOSE), waited(SECOND))
    start.when(told()).then(accepted(), knows(3))
