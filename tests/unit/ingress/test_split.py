"""A bill is split to the last minor unit, and the same bill gives the same requests again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingress.sdk import (
    CURRENCIES,
    CommandRefusedError,
    Money,
    RequestMoney,
    split_bill,
    split_equally,
    stamp,
)
from ingress.sdk.fields import check_command

EUR = CURRENCIES["EUR"]
wallets = st.lists(st.integers(1, 99).map(lambda number: f"w-{number}"), min_size=1, unique=True)


def shares(requests):
    return {each.body.payer_wallet_id: each.body.amount for each in requests}


def test_equal_shares_differ_by_one_minor_unit_at_most():
    requests = split_equally("dinner", "me", Money(100, EUR), ["a", "b", "c"])
    assert shares(requests) == {"a": 34, "b": 33, "c": 33}
    assert requests[0].body == RequestMoney("a", "EUR", 34, 7 * 86_400)
    assert [each.command_id for each in requests] == ["dinner.1", "dinner.2", "dinner.3"]


def test_the_largest_remainder_gets_what_does_not_divide():
    requests = split_bill("b", "me", Money(10, EUR), {"a": 1, "b": 5, "c": 1}, ttl_s=60)
    assert shares(requests) == {"a": 2, "b": 7, "c": 1}
    assert {each.body.ttl_s for each in requests} == {60}


def test_the_requesters_own_share_is_asked_of_nobody():
    requests = split_equally("b", "me", Money(90, EUR), ["me", "a", "b"])
    assert shares(requests) == {"a": 30, "b": 30}
    assert [each.command_id for each in requests] == ["b.2", "b.3"]


def test_a_share_of_nothing_is_not_asked_for():
    assert shares(split_bill("b", "me", Money(1, EUR), {"a": 1, "b": 0, "c": 1})) == {"a": 1}


@given(wallets, st.integers(1, 2**62), st.data())
def test_shares_add_up_and_every_request_can_be_sent(payers, minor, data):
    weights = {each: data.draw(st.integers(0, 1_000)) for each in payers}
    weights[payers[0]] += 1
    total = Money(minor, CURRENCIES["JPY"])
    requests = split_bill("bill", "me", total, weights)
    assert sum(shares(requests).values()) == minor
    assert requests == split_bill("bill", "me", total, weights)
    for each in requests:
        check_command(stamp("me", each.body, command_id=each.command_id))
        exact = minor * weights[each.body.payer_wallet_id] / sum(weights.values())
        assert abs(each.body.amount - exact) <= max(1, exact * 1e-9)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("b", "me", Money(0, EUR), {"a": 1}), "total"),
        (("b", "me", Money(-5, EUR), {"a": 1}), "total"),
        (("b", "me", Money(5, EUR), {}), "weights"),
        (("b", "me", Money(5, EUR), {"a": 0}), "weights"),
        (("b", "me", Money(5, EUR), {"a": -1, "b": 2}), "weights"),
        (("b", "me", Money(5, EUR), {"a": 0.5}), "weights"),
        (("b" * 63, "me", Money(5, EUR), {"a": 1}), "bill_id"),
        (("b b", "me", Money(5, EUR), {"a": 1}), "bill_id"),
    ],
)
def test_what_cannot_be_split_is_named(arguments, field):
    with pytest.raises(CommandRefusedError) as error:
        split_bill(*arguments)
    assert error.value.field == field
