"""The life of a dispute, every status with every verb."""

from itertools import product

import pytest

from ledger.disputes import (
    ENDINGS,
    TRANSITIONS,
    DisputeStatus,
    DisputeVerb,
    verdict_of,
    walked,
)

S, V = DisputeStatus, DisputeVerb
# What the domain's table allows, and nothing else.
ALLOWED = {
    (S.OPENED, V.ASK): S.EVIDENCE_DUE,
    (S.OPENED, V.WITHDRAW): S.WITHDRAWN,
    (S.EVIDENCE_DUE, V.JUDGE): S.UNDER_REVIEW,
    (S.EVIDENCE_DUE, V.ANSWER): S.UNDER_REVIEW,
    (S.UNDER_REVIEW, V.ANSWER): S.UNDER_REVIEW,
    (S.EVIDENCE_DUE, V.MISS): S.WON_BUYER,
    (S.UNDER_REVIEW, V.FOR_BUYER): S.WON_BUYER,
    (S.UNDER_REVIEW, V.FOR_MERCHANT): S.WON_MERCHANT,
    (S.UNDER_REVIEW, V.DIVIDE): S.SPLIT,
    (S.WON_BUYER, V.CLOSE): S.CLOSED,
    (S.WON_MERCHANT, V.CLOSE): S.CLOSED,
    (S.SPLIT, V.CLOSE): S.CLOSED,
}


@pytest.mark.parametrize(("status", "verb"), list(product(DisputeStatus, DisputeVerb)))
def test_the_table_is_the_domains(status, verb):
    assert TRANSITIONS.get((status, verb)) is ALLOWED.get((status, verb))


def test_an_end_is_an_end():
    finals = set(S) - {status for status, _ in TRANSITIONS}
    assert finals == {S.CLOSED, S.WITHDRAWN}
    assert set(ENDINGS) == {S.WON_BUYER, S.SPLIT, S.WON_MERCHANT, S.WITHDRAWN}


def test_steps_that_the_table_does_not_list():
    with pytest.raises(KeyError):
        walked(V.JUDGE)
    assert walked() is S.OPENED


@pytest.mark.parametrize(
    ("to_buyer", "verb"), [(0, V.FOR_MERCHANT), (1, V.DIVIDE), (9, V.DIVIDE), (10, V.FOR_BUYER)]
)
def test_the_amount_is_the_verdict(to_buyer, verb):
    assert verdict_of(10, to_buyer) is verb
