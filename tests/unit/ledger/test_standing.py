"""What a freeze leaves, when it ends, and who is dormant."""

import pytest

from ledger.case import Moment
from ledger.decisions import statuses
from ledger.errors import InvariantError
from schemas.messages.commands import (
    ChangeTier,
    MoveToPot,
    PayInterest,
)
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    RejectionReason,
    Tier,
    TimerKind,
)
from tests.support.builders import DAY, Rig, policy
from tests.support.looking import rows_of
from tests.unit.ledger.statuses import (
    ACTIVE,
    ASKED,
    BOTH,
    CLOSE,
    CREDIT,
    DEBIT,
    DORMANT,
    DORMANT_AFTER_S,
    FROZEN,
    LIFT,
    RESTRICT,
    REVERIFY,
    UNFREEZE,
    empty_by_office,
    looked_at,
    set_status,
    standing,
)


def by_court(rig):
    return set_status(rig, UNFREEZE, Authority.COURT)


@pytest.mark.parametrize("lifted", [by_court, lambda rig: rig.fire()])
@pytest.mark.parametrize("way", ["pending_kyc", "active", "restricted", "dormant", "closing"])
def test_a_freeze_leaves_what_it_lay_on(way, lifted):
    rig = standing(way)
    before = rig.view.wallets.get("sam").status
    kept = rig.view.standings.get("sam")
    set_status(rig, CREDIT, Authority.COURT, 60)
    assert rig.view.wallets.get("sam").status is FROZEN
    beneath = ASKED["pay"](rig).reason
    assert (
        beneath is ASKED["pay"](standing(way)).reason
    )  # a freeze of credits lets nothing more out
    assert lifted(rig).outcome is Outcome.ACCEPTED
    row = rig.view.wallets.get("sam")
    assert (row.status, row.debit_blocked, row.credit_blocked) == (before, False, False)
    assert rig.view.standings.get("sam") == kept
    assert not [key for key in rig.view.timers.rows if key[1] == TimerKind.FREEZE_EXPIRY.index]


def test_a_freeze_ends_by_itself_and_frees_what_refunds_brought():
    rig = standing("active")
    set_status(rig, BOTH, Authority.COMPLIANCE, 3_600)
    due = rig.at + 3_600_000_000
    ASKED["refund"](rig)
    decision = rig.fire()
    assert decision.decided_at == due
    assert [entry.flow for entry in decision.entries] == ["F8.2f"]
    assert decision.events[0].authority is Authority.COMPLIANCE
    assert rig.view.wallets.get("sam").status is ACTIVE
    assert ASKED["transfer"](rig).outcome is Outcome.ACCEPTED
    assert rows_of(rig.replayed()) == rows_of(rig.view)


@pytest.mark.parametrize(
    ("first", "second", "lasts"),
    [(60, 120, 120), (120, 60, 120), (60, 0, 0), (0, 60, 0), (0, 0, 0)],
)
def test_of_two_freezes_the_longer_one_lasts(first, second, lasts):
    rig = standing("active")
    set_status(rig, DEBIT, Authority.COMPLIANCE, first)
    set_status(rig, CREDIT, Authority.COMPLIANCE, second)
    row = rig.view.standings.get("sam")
    assert row.freeze_due == (rig.at + lasts * 1_000_000 if lasts else 0)


def test_the_freeze_of_a_court_stays_one_when_others_freeze_too():
    rig = standing("frozen debit, court")
    set_status(rig, DEBIT, Authority.OPERATOR)
    assert ASKED["capture"](rig).detail == "COURT"
    by_court(rig)
    set_status(rig, DEBIT, Authority.OPERATOR)
    assert ASKED["capture"](rig).outcome is Outcome.ACCEPTED


RANKED = (Authority.CUSTOMER, Authority.OPERATOR, Authority.COMPLIANCE, Authority.COURT)


@pytest.mark.parametrize("asks", RANKED)
@pytest.mark.parametrize("froze", RANKED)
def test_a_freeze_is_lifted_on_its_authority_or_a_higher_one(froze, asks):
    rig = standing("active")
    set_status(rig, BOTH, froze)
    set_status(rig, DEBIT, Authority.CUSTOMER)  # a lower one takes nothing away
    decision = set_status(rig, UNFREEZE, asks)
    if RANKED.index(asks) >= RANKED.index(froze):
        assert decision.outcome is Outcome.ACCEPTED
        return
    assert (decision.reason, decision.detail) == (RejectionReason.INVALID_TRANSITION, froze.name)
    assert rig.view.wallets.get("sam").status is FROZEN


@pytest.mark.parametrize(
    ("action", "ttl_s", "fits"),
    [
        *((DEBIT, -1, False), (DEBIT, 366 * 86_400, True), (DEBIT, 366 * 86_400 + 1, False)),
        *((UNFREEZE, 1, False), (CLOSE, 60, False), (RESTRICT, 60, False)),
    ],
)
def test_only_a_freeze_may_end_by_itself(action, ttl_s, fits):
    decision = set_status(standing("active"), action, ttl_s=ttl_s)
    malformed = (RejectionReason.MALFORMED_FIELD, "ttl_s")
    assert (decision.reason, decision.detail) == ((None, "") if fits else malformed)


def test_a_wallet_from_which_money_goes_is_looked_at_later():
    rig = standing("active")
    rig.wait(80 * DAY)
    paid_at = rig.at
    assert ASKED["transfer"](rig).outcome is Outcome.ACCEPTED
    rig.wait(10 * DAY)
    assert [type(event).__name__ for event in looked_at(rig).events] == ["StandingMoved"]
    row = rig.view.standings.get("sam")
    assert row.dormancy_due == paid_at + DORMANT_AFTER_S * 1_000_000
    rig.wait(81 * DAY)
    assert looked_at(rig).events[0].status is DORMANT
    assert rig.view.standings.get("sam") is None


def test_verification_wakes_and_begins_the_time_again():
    rig = standing("dormant")
    assert set_status(rig, REVERIFY).outcome is Outcome.ACCEPTED
    assert rig.view.standings.get("sam").dormancy_due == rig.at + DORMANT_AFTER_S * 1_000_000
    rig.wait(DAY)
    assert set_status(rig, REVERIFY).outcome is Outcome.ACCEPTED
    assert rig.view.standings.get("sam").dormancy_due == rig.at + DORMANT_AFTER_S * 1_000_000
    assert ASKED["transfer"](rig).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("way", ["pending_kyc", "restricted", "frozen both", "closing"])
def test_only_an_active_wallet_falls_asleep(way):
    rig = standing(way)
    rig.wait(2 * DORMANT_AFTER_S * 1_000_000)
    before = rig.view.wallets.get("sam").status
    looked_at(rig)
    assert rig.view.wallets.get("sam").status is before
    assert not [key for key in rig.view.timers.rows if key[2] == "sam"]


@pytest.mark.parametrize(
    ("way", "back"),
    [
        ("restricted", lambda rig: set_status(rig, LIFT)),
        ("frozen both", lambda rig: set_status(rig, UNFREEZE)),
        ("pending_kyc", lambda rig: rig.command("sam", ChangeTier(Tier.BASIC))),
    ],
)
def test_who_is_active_again_is_watched_again(way, back):
    rig = standing(way)
    rig.wait(2 * DORMANT_AFTER_S * 1_000_000)
    looked_at(rig)
    assert back(rig).outcome is Outcome.ACCEPTED
    assert rig.view.standings.get("sam").dormancy_due == rig.at + DORMANT_AFTER_S * 1_000_000


def test_without_a_time_in_the_policy_nobody_is_watched_and_whoever_was_is_let_go():
    rig = Rig()
    rig.open("sam")
    assert rig.view.timers.rows == {}
    rig = standing("active")
    rig.genesis = (policy(), rig.genesis[1])
    rig.wait(DORMANT_AFTER_S * 1_000_000)
    looked_at(rig)
    assert rig.view.wallets.get("sam").status is ACTIVE
    assert rig.view.standings.get("sam") is None


def test_a_closed_wallet_is_forgotten():
    rig = standing("frozen credit")
    empty_by_office(rig)
    set_status(rig, CREDIT, Authority.COURT, 60)
    assert set_status(rig, CLOSE).outcome is Outcome.ACCEPTED
    assert rig.view.standings.get("sam") is None
    assert not [key for key in rig.view.timers.rows if key[2] == "sam"]


@pytest.mark.parametrize("way", ["restricted", "dormant", "closing"])
def test_a_tier_changes_no_status_that_it_did_not_give(way):
    rig = standing(way)
    assert rig.command("sam", ChangeTier(Tier.PREMIUM)).outcome is Outcome.ACCEPTED
    assert rig.view.wallets.get("sam").status.name.lower() == way
    assert rig.view.wallets.get("sam").tier is Tier.PREMIUM


def test_a_closing_wallet_is_emptied_and_closed():
    rig = standing("closing")
    assert rig.command("sam", MoveToPot(1, "EUR", 5)).outcome is Outcome.ACCEPTED
    refused = rig.command("sam", PayInterest("EUR", 1, "2026"))
    assert refused.reason is RejectionReason.INSUFFICIENT_FUNDS  # none accrued; the status lets it
    assert set_status(rig, CLOSE).detail == "holds"
    ASKED["capture"](rig)
    assert set_status(rig, CLOSE).detail == "balance"


@pytest.mark.parametrize(
    ("decided", "kind"),
    [
        (statuses.freeze_ends, TimerKind.FREEZE_EXPIRY),
        (statuses.look_for_dormancy, TimerKind.DORMANCY),
    ],
)
def test_a_timer_that_no_standing_has_is_a_bug(decided, kind):
    rig = standing("active")
    moment = Moment(rig.view, rig.at, rig.programme, rig.place)
    with pytest.raises(InvariantError, match="stale timer freeze of wallet sam"):
        decided(moment, TimerRow(kind, rig.at, "sam", "freeze"))
