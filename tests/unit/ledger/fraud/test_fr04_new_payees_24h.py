"""FR04: payees paid for the first time in the last 24 hours, this one included when it is new."""

import pytest

from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import RejectionReason, RiskAction
from tests.support.builders import DAY, HOUR, Rig, ruleset
from tests.support.given import accepted, given, opened, pay, rejected, topped_up, waited

BANDS = (Band(4, None, 10, RiskAction.BLOCK),)
BLOCKED = rejected(RejectionReason.RISK_BLOCKED, "", attempted=True)
PAYEES = tuple(f"payee{number}" for number in range(70))


def after(*steps, bands=BANDS):
    rig = Rig(ruleset_=ruleset(Rule("FR04", "new_payees_24h", bands, 0)))
    return given(opened("alice", *PAYEES), topped_up("alice", 1_000), *steps, rig=rig)


def paid(count):
    return [pay("alice", payee, 1) for payee in PAYEES[:count]]


@pytest.mark.parametrize(("before", "verdict"), [(1, accepted()), (2, accepted()), (3, BLOCKED)])
def test_new_payees_against_band(before, verdict):
    after(*paid(before)).when(pay("alice", "payee9", 1)).then(verdict)


@pytest.mark.parametrize(
    ("later", "verdict"), [(DAY - 1, BLOCKED), (DAY, accepted()), (DAY + 1, accepted())]
)
def test_a_new_payee_is_forgotten_exactly_24_hours_later(later, verdict):
    after(*paid(3), waited(later)).when(pay("alice", "payee9", 1)).then(verdict)


def test_new_payees_leave_one_by_one():
    start = after(*paid(1), waited(HOUR), *paid(3)[1:], waited(DAY - HOUR))
    start.when(pay("alice", "payee9", 1)).then(accepted())
    start.when(pay("alice", "payee8", 1)).then(BLOCKED)


def test_known_payees_do_not_count():
    after(*paid(3), *paid(3)).when(pay("alice", "payee0", 1)).then(accepted())


def test_refused_attempts_make_no_payee():
    start = after(*paid(2))
    start.when(pay("alice", "payee8", 5_000)).then(rejected(RejectionReason.INSUFFICIENT_FUNDS))
    start.when(pay("alice", "payee9", 1)).then(accepted())


def test_at_most_64_are_remembered():
    start = after(*paid(66), bands=())
    assert len(start.rig.view.outflows.get("alice").new_payee_times) == 64
