"""Money, currencies and ids: exact, or refused with the field's name."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.values import (
    COMMAND_ID,
    CURRENCIES,
    WALLET_ID,
    Currency,
    CurrencyMismatch,
    Money,
    ValueRefused,
    command_id,
    currency,
    wallet_id,
)
from schemas.wire import LONG_MAX, LONG_MIN

EUR, JPY, KWD, CLF, PTS = (CURRENCIES[code] for code in ("EUR", "JPY", "KWD", "CLF", "PTS"))
LONGS = st.integers(LONG_MIN, LONG_MAX)


def eur(minor):
    return Money(minor, EUR)


@pytest.mark.parametrize(
    ("code", "exponent"),
    [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("PTS", 0), ("KWD", 3), ("CLF", 4)],
)
def test_exponents(code, exponent):
    assert currency(code) == Currency(code, exponent)


def test_codes_are_three_capital_letters():
    assert len(CURRENCIES) > 150
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES)


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "ZZZ"])
def test_an_unknown_currency_names_its_field(code):
    with pytest.raises(ValueRefused, match=f"fee_currency: '{code}' is not a known"):
        currency(code, field="fee_currency")


def test_arithmetic_and_order():
    assert eur(5) + eur(7) == eur(12)
    assert eur(5) - eur(7) == eur(-2)
    assert -eur(5) == eur(-5)
    assert eur(5) < eur(7) <= eur(7)
    assert eur(7) > eur(5) >= eur(5)
    assert eur(5) != Money(5, JPY)


@pytest.mark.parametrize("name", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_never_meet(name):
    with pytest.raises(CurrencyMismatch, match="EUR met JPY"):
        getattr(eur(5), name)(Money(5, JPY))


@pytest.mark.parametrize("minor", [LONG_MAX + 1, LONG_MIN - 1])
def test_money_beyond_64_bits_is_refused(minor):
    with pytest.raises(OverflowError, match="exceed 64 bits"):
        eur(minor)


def test_a_sum_beyond_64_bits_is_refused():
    with pytest.raises(OverflowError):
        eur(LONG_MAX) + eur(1)
    with pytest.raises(OverflowError):
        -eur(LONG_MIN)


@pytest.mark.parametrize("minor", [1.0, True, Decimal(1), "1", None])
def test_minor_units_are_an_int(minor):
    with pytest.raises(TypeError, match="minor units are an int"):
        eur(minor)


def test_money_cannot_be_divided_or_scaled():
    for name in ("__truediv__", "__floordiv__", "__mul__", "__float__"):
        assert not hasattr(eur(1), name)


def test_largest_remainder_gets_the_odd_unit():
    assert eur(100).allocate([1, 1, 1]) == (eur(34), eur(33), eur(33))
    assert eur(-100).allocate([1, 1, 1]) == (eur(-34), eur(-33), eur(-33))
    assert eur(5).allocate([3, 7]) == (eur(2), eur(3))
    assert eur(10).allocate([0, 1]) == (eur(0), eur(10))
    assert eur(1).allocate([1, 2]) == (eur(0), eur(1))


@given(LONGS, st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any))
def test_allocation_loses_nothing_and_is_fair(minor, weights):
    shares = eur(minor).allocate(weights)
    assert sum(each.minor for each in shares) == minor
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor * sum(weights) - minor * weight) < sum(weights)


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [-1, 2]])
def test_weights_need_a_positive_sum(weights):
    with pytest.raises(ValueError, match="weights"):
        eur(10).allocate(weights)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (eur(0), "0.00"),
        (eur(5), "0.05"),
        (eur(-5), "-0.05"),
        (eur(123456), "1234.56"),
        (Money(5, JPY), "5"),
        (Money(-1234, KWD), "-1.234"),
        (Money(1, CLF), "0.0001"),
        (Money(70, PTS), "70"),
    ],
)
def test_decimal_text(money, text):
    assert money.format() == text
    assert Money.parse(text, money.currency, field="amount") == money


@given(LONGS, st.sampled_from([EUR, JPY, KWD, CLF]))
def test_text_and_back(minor, unit):
    money = Money(minor, unit)
    assert Money.parse(money.format(), unit, field="amount") == money


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (12.5, "not a float"),
        (12, "not a int"),
        (None, "not a NoneType"),
        ("12.345", "3 decimal digits, EUR has 2"),
        ("12.000", "3 decimal digits, EUR has 2"),
        ("92233720368547758.08", "exceeds 64 bits"),
        *[(text, "is not decimal text") for text in ("", "1e5", "+1", "1,5", ".5", "5.", " 5")],
        *[(text, "is not decimal text") for text in ("--5", "NaN", "0x1", "١٢", "1_0", "5\n")],
        ("9" * 400, "is not decimal text"),
    ],
)
def test_other_text_is_refused_and_names_the_field(text, why):
    with pytest.raises(ValueRefused, match=f"^fee_amount: .*{why}"):
        Money.parse(text, EUR, field="fee_amount")


@pytest.mark.parametrize("text", ["a", "0", "wal-1", "A.b_c-d#e:f", "x" * 64])
def test_ids(text):
    assert wallet_id(text) == command_id(text) == text
    assert WALLET_ID.fullmatch(text)
    assert COMMAND_ID.fullmatch(text)


@pytest.mark.parametrize(
    "text", ["", "-a", ".a", "x" * 65, "a b", "a\n", "é", "a/b", "\uff11", None, 7]
)
def test_what_is_no_id_names_its_field(text):
    with pytest.raises(ValueRefused, match=r"^to_wallet_id: .* is not an id"):
        wallet_id(text, field="to_wallet_id")
    with pytest.raises(ValueRefused, match=r"^command_id: .* is not an id"):
        command_id(text)
