"""The pure parts of the bench: quantiles, shares, profiles, samples, and how figures are shown."""

import json
from collections import Counter
from fractions import Fraction
from math import ceil

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ops.bench import command
from ops.bench.limit import write_samples
from ops.bench.pipeline import shares, worker_names
from ops.bench.plain import DECISION, PlainConfig, load_bodies, read_body, schema_of
from ops.bench.profiles import PROFILES, loads_of
from ops.bench.quantiles import quantile
from ops.bench.sustained import lag_of
from ops.bench.table import show
from ops.demo.poison import OVERSIZE_BYTES
from schemas.codec import FRAME_BYTES, decode
from schemas.messages.commands import WalletCommand
from tests.unit.ops.ledger_day import day


@pytest.mark.parametrize(
    ("count", "share", "found"),
    [
        (1, 0.5, 1),
        (2, 0.5, 1),
        (3, 0.5, 2),
        (4, 0.5, 2),
        (6, 0.5, 3),
        (100, 0.99, 99),
        (101, 0.99, 100),
        (1_000, 0.999, 999),
        (100, 0.07, 7),
        (10, 0.999, 10),
        (10, 0.0, 1),
        (10, 1.0, 10),
    ],
)
def test_a_quantile_is_the_smallest_value_that_so_many_do_not_exceed(count, share, found):
    assert quantile(range(count, 0, -1), share) == found


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 1_000))
def test_a_quantile_is_one_of_the_values_and_covers_its_share(values, per_mille):
    found = quantile(values, per_mille / 1_000)
    assert found in values
    covered = sum(each <= found for each in values)
    below = sum(each < found for each in values)
    wanted = ceil(Fraction(per_mille, 1_000) * len(values))
    assert below < wanted <= covered


def test_of_nothing_the_quantile_is_zero():
    assert quantile([], 0.99) == 0.0


def test_shares_add_partitions_up():
    found = shares([{"decide": 1.0, "commit": 0.5}, {"decide": 2.0, "wait": 0.5}])
    assert found == {"commit": 0.125, "decide": 0.75, "wait": 0.125}
    assert list(found) == sorted(found)
    assert shares([]) == {}
    assert shares([{"idle": 0.0}]) == {"idle": 0.0}


def test_workers_are_numbered_from_one():
    assert worker_names(2) == ["worker-1", "worker-2"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_is_the_same_for_the_same_seed_but_for_the_clock(profile):
    def content(seed):
        found = []
        for each in loads_of(profile, seed, 300, 40, 8):
            sent = decode(WalletCommand, each.value)
            found.append((each.key, each.partition, each.tag, sent.wallet_id, sent.body))
        return found

    assert content(7) == content(7)
    assert content(7) != content(8)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_plain_loop_can_decode_every_record_of_a_profile(profile):
    for each in loads_of(profile, 1, 2_000, 100, 4):
        assert decode(WalletCommand, each.value).command_id == each.tag != ""
        assert len(each.value) < OVERSIZE_BYTES
        assert 0 <= each.partition < 4


def takers(profile, commands=4_000, wallets=100):
    """How many commands each wallet takes, the busiest first, after everybody's first fill."""
    loads = list(loads_of(profile, 3, commands, wallets, 4))[2 * wallets :]
    return Counter(each.key for each in loads).most_common()


def test_a_hot_wallet_takes_its_share():
    (_, most), (_, second), *_ = takers("hot")
    assert most / 3_800 == pytest.approx(0.2, abs=0.03)
    assert second < most / 4
    assert [count for _, count in takers("one")] == [3_800]


def test_in_a_skewed_town_few_do_most():
    even, skewed = ([count for _, count in takers(each)] for each in ("mixed", "zipf"))
    assert sum(skewed[:10]) > 2 * sum(even[:10])
    assert len(skewed) > 50


def test_samples_survive_their_file(tmp_path):
    values = [each.value for each in day()[0].log]
    schema = schema_of(DECISION)
    samples = [read_body(body, schema) for body in load_bodies(write_samples(tmp_path, values))]
    assert [each["sequence"] for each in samples] == list(range(1, len(values) + 1))
    assert len(values[0]) > FRAME_BYTES


def test_a_plain_process_is_told_everything_by_its_arguments():
    config = PlainConfig("h:1", "in", "out", [0, 2], "file", 5, "id")
    argv = config.argv()
    assert argv[1:3] == ("-m", "ops.bench.plain")
    assert PlainConfig(**json.loads(argv[3])) == config


def test_figures_are_shown_as_a_table_or_as_one_object(capsys):
    figures = {"ratio": 0.4, "cpu_by_stop": {"decide": 0.5, "commit": 0.25}}
    show(figures, as_json=True)
    assert json.loads(capsys.readouterr().out).items() >= figures.items()
    show(figures, as_json=False)
    shown = capsys.readouterr().out
    assert "ratio" in shown
    assert "decide 0.5" in shown


@pytest.mark.parametrize("name", ["pipeline", "recovery"])
def test_an_impossible_town_is_a_wrong_option(name):
    done = CliRunner().invoke(command.bench, [name, "--commands", "3", "--wallets", "9"])
    assert done.exit_code == 2
    assert "wallets: 2 to the number of commands (3), not 9" in done.output


@pytest.mark.parametrize(
    ("seen", "worst", "bounded"),
    [
        ([100, 900, 200, 800, 300, 900], [9.0, 8.0, 9.0], True),
        ([100] * 3 + [1_500] * 3 + [3_000] * 3, [1.0, 15.0, 30.0], False),
        ([0, 0, 90], [0.0, 0.0, 0.9], True),  # a batch more is no growth
    ],
)
def test_a_lag_that_grows_is_not_bounded(seen, worst, bounded):
    assert lag_of(seen, 100) == {"lag_s_by_third": worst, "bounded": bounded}
