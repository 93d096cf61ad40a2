"""FR34: this amount, when it comes without strong authentication."""

import pytest

from tests.support.given import accepted, pay
from tests.unit.ledger.fraud.unauthenticated import after, bare, strong
from tests.unit.ledger.fraud.watched import BLOCKED, saw

FEATURE = "unauthenticated_amount"


@pytest.mark.parametrize(("amount", "verdict"), [(30, accepted()), (31, BLOCKED), (32, BLOCKED)])
def test_value_against_band(amount, verdict):
    after(FEATURE, 31, strong(1)).when(bare(amount)).then(verdict, saw(amount))


def test_a_strong_one_and_one_of_a_job_are_0():
    start = after(FEATURE, 31, strong(1))
    start.when(strong(500)).then(accepted(), saw(0))
    start.when(pay("alice", "bob", 500)).then(accepted(), saw(0))


def test_whoever_was_never_authenticated_is_not_asked():
    after(FEATURE, 31, bare(5)).when(bare(500)).then(accepted(), saw(0))
