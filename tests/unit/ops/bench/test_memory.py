"""`bench memory`: payments between wallets that lie in the database."""

from ops.bench.memory import measure, measure_each


def test_every_payment_finds_open_and_funded_wallets():
    figures = measure(400, 300)
    # A payment to another partition is three Decisions.
    assert 300 < figures["decisions"] <= 900
    assert figures["accepted"] > 0.9
    assert min(figures["us_per_command"], figures["rss_max_mb"]) > 0


def test_each_size_is_measured_in_a_process_of_its_own():
    found = measure_each([20, 40], 50)
    assert list(found) == ["20", "40"]
    assert all(each["decisions"] > 50 for each in found.values())
