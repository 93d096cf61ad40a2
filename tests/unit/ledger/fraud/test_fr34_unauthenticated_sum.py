"""FR34: money paid without authentication since the latest strong one, this included."""

import pytest

from ledger.profile import TOTAL_MODULUS, paid
from schemas.messages.events import OutflowConsumed
from schemas.messages.rows import ProfileRow
from schemas.messages.vocabulary import Authentication
from tests.support.given import accepted, pay
from tests.unit.ledger.fraud.unauthenticated import after, bare, strong
from tests.unit.ledger.fraud.watched import BLOCKED, saw

FEATURE = "unauthenticated_sum"


@pytest.mark.parametrize(("amount", "verdict"), [(49, accepted()), (50, BLOCKED), (51, BLOCKED)])
def test_value_against_band(amount, verdict):
    start = after(FEATURE, 100, strong(900), bare(20), bare(30))
    start.when(bare(amount)).then(verdict, saw(50 + amount))


def test_a_strong_one_begins_again():
    start = after(FEATURE, 100, strong(1), bare(90), strong(200))
    start.when(bare(99)).then(accepted(), saw(99))


def test_what_jobs_pay_and_what_was_before_the_first_strong_one_is_not_in_it():
    start = after(FEATURE, 100, bare(500), strong(1), bare(5), pay("alice", "bob", 500))
    start.when(pay("alice", "bob", 500)).then(accepted(), saw(0))
    start.when(bare(5)).then(accepted(), saw(10))


def test_whoever_was_never_authenticated_is_not_asked():
    after(FEATURE, 100).when(bare(500)).then(accepted(), saw(0))


def test_the_sum_stays_in_64_bits():
    row = ProfileRow(0, 0, (), b"", 0, (), (), 0, (), 7, TOTAL_MODULUS - 1)
    event = OutflowConsumed(
        *("alice", 1, 2**62, 1, 1, "bob", False), authentication=Authentication.NONE
    )
    assert paid(row, event, 1).unauthenticated_sum == TOTAL_MODULUS
