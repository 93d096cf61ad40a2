"""The same wallet lands on the same partition in every language: Kafka's own vectors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.partitioning import murmur2, partition_of, partition_of_key

# From the tests of Kafka's Java client and of its ports.
GOLDEN = (
    (b"21", -973932308),
    (b"foobar", -790332482),
    (b"a-little-bit-long-string", -985981536),
    (b"a-little-bit-longer-string", -1486304829),
    (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
    (b"abc", 479470107),
    (b"", 275646681),
)


@pytest.mark.parametrize(("key", "expected"), GOLDEN)
def test_murmur2_equals_the_java_client(key, expected):
    assert murmur2(key) == expected


@pytest.mark.parametrize(("key", "expected"), GOLDEN)
def test_partition_is_the_positive_hash_modulo_the_count(key, expected):
    assert partition_of_key(key, 8) == (expected & 0x7FFFFFFF) % 8


@given(st.binary(max_size=80))
def test_murmur2_equals_the_reference_word_by_word(key):
    assert murmur2(key) == reference(key)


@given(st.text(min_size=1, max_size=64), st.integers(1, 256))
def test_a_wallet_has_one_partition_inside_the_count(wallet_id, partitions):
    found = partition_of(wallet_id, partitions)
    assert 0 <= found < partitions
    assert found == partition_of_key(wallet_id.encode(), partitions)


def test_wallets_spread_evenly():
    counts = [0] * 8
    for number in range(8_000):
        counts[partition_of(f"w-{number:05}", 8)] += 1
    assert min(counts) > 850
    assert max(counts) < 1_150


def test_no_partition_at_all_is_refused_by_name():
    with pytest.raises(ValueError, match="partitions: a ledger has at least 1, not 0"):
        partition_of_key(b"w-1", 0)


def reference(data):
    """The Java source, transcribed line by line with its fall-through switch."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    length = len(data)
    h = (0x9747B28C ^ length) & mask
    for i in range(length // 4):
        k = int.from_bytes(data[4 * i : 4 * i + 4], "little")
        k = (k * m) & mask
        k ^= k >> 24
        k = (k * m) & mask
        h = (h * m) & mask
        h ^= k
    rest, end = length % 4, length & ~3
    if rest >= 3:
        h ^= data[end + 2] << 16
    if rest >= 2:
        h ^= data[end + 1] << 8
    if rest >= 1:
        h ^= data[end]
        h = (h * m) & mask
    h ^= h >> 13
    h = (h * m) & mask
    h ^= h >> 15
    return h - (1 << 32) if h & 0x80000000 else h
