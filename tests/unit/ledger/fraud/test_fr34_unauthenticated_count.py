"""FR34: payments without authentication since the latest strong one, this included."""

import pytest

from schemas.messages.vocabulary import Tier
from tests.support.builders import DAY
from tests.support.given import accepted, pay, set_tier, waited
from tests.unit.ledger.fraud.unauthenticated import after, bare, strong
from tests.unit.ledger.fraud.watched import BLOCKED, saw

FEATURE = "unauthenticated_count"


@pytest.mark.parametrize(("before", "verdict"), [(4, accepted()), (5, BLOCKED)])
def test_value_against_band(before, verdict):
    start = after(FEATURE, 6, strong(1), *[bare(1)] * before)
    start.when(bare(1)).then(verdict, saw(before + 1))


def test_a_strong_one_begins_again_and_a_refused_one_does_not_count():
    start = after(FEATURE, 3, strong(1), bare(1), bare(1))
    for _ in range(2):
        start.when(bare(1)).then(BLOCKED, saw(3))
    start.when(strong(1)).then(accepted(), saw(0))
    start.when(bare(1)).then(accepted(), saw(1))


def test_what_jobs_pay_is_not_counted():
    start = after(FEATURE, 3, strong(1), bare(1), pay("alice", "bob", 1))
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(0))
    start.when(bare(1)).then(accepted(), saw(2))


def test_neither_time_nor_another_tier_resets_it():
    start = after(FEATURE, 3, strong(1), bare(1), set_tier("alice", Tier.ENHANCED))
    start.when(waited(40 * DAY))
    start.when(bare(1)).then(accepted(), saw(2))


def test_it_begins_with_the_first_strong_one():
    start = after(FEATURE, 1, bare(1), bare(1))
    start.when(bare(1)).then(accepted(), saw(0))
    start.when(strong(1)).then(accepted())
    start.when(bare(1)).then(BLOCKED, saw(1))
