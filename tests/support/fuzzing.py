"""Fuzzing: a day of real records, most of them damaged in one way or several.

Owns: the ways to damage bytes, and the stream of records.
Never: decides what a damaged record is worth; the job does.
"""

from ops.demo.generator import first_day
from schemas.lock import read_lock
from tests.support.builders import NOON

PARTITIONS = 2
BIG = 66_000  # bytes; a record may have 64 KiB
ENDLESS = b"\xff" * 12  # a varint that does not end
MOST = b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"  # the largest long, as a length or a count
LEAST = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"  # the smallest
DEEP = 2_000  # repeats of the same few bytes: unions in unions, blocks in blocks


def a_day(rng, commands):
    """Valid records of one partition: (key, value)."""
    day = first_day(
        rng.randrange(2**32),
        start_us=NOON,
        commands=commands,
        wallets=max(2, commands // 25),
        partitions=PARTITIONS,
    )
    return [(each.key, each.value) for each in day if each.partition == 0]


def fuzzed(rng, records):
    """Yield every record once as it is and then damaged, key or value, often twice."""
    for key, value in records:
        yield key, value
        for _ in range(rng.randrange(3)):
            damage = rng.choice(WAYS)
            bad = damage(rng, value or b"")
            if rng.random() < 0.2:
                bad = rng.choice(WAYS)(rng, bad)
            yield (damage(rng, key or b"") if rng.random() < 0.05 else key), bad


def noise(rng, count):
    """Yield records that nobody can read: another frame, or none."""
    for number in range(count):
        yield b"w-%d" % (number % 50), b"\x07" + rng.randbytes(rng.randrange(200))


def random_bytes(rng, value):
    return rng.randbytes(rng.randrange(200))


def cut(rng, value):
    return value[: rng.randrange(len(value) + 1)]


def one_bit(rng, value):
    place = rng.randrange(len(value) + 1)
    return (
        value[:place]
        + bytes(b ^ (1 << rng.randrange(8)) for b in value[place : place + 1])
        + (value[place + 1 :])
    )


def replaced(rng, value):
    return put(rng, value, rng.randbytes(rng.randrange(1, 5)), over=True)


def inserted(rng, value):
    return put(rng, value, rng.randbytes(rng.randrange(1, 5)))


def removed(rng, value):
    start = rng.randrange(len(value) + 1)
    return value[:start] + value[start + rng.randrange(1, 9) :]


def doubled(rng, value):
    start = rng.randrange(len(value) + 1)
    return value[:start] + value[start : start + rng.randrange(1, 40)] + value[start:]


def other_schema(rng, value):
    return value[:1] + rng.choice(SCHEMA_IDS).to_bytes(4, "big") + value[5:]


def no_schema(rng, value):
    return value[:1] + rng.randbytes(4) + value[5:]


def strange_number(rng, value):
    return put(rng, value, rng.choice((ENDLESS, MOST, LEAST)), over=rng.random() < 0.5)


def deep(rng, value):
    start = rng.randrange(len(value) + 1)
    return value[:start] + (value[start : start + 3] or b"\x02") * DEEP


def huge(rng, value):
    return value + bytes(BIG) if rng.random() < 0.1 else value + b"\x00"


def put(rng, value, more, *, over=False):
    """Put bytes somewhere into others, in place of as many or between them."""
    place = rng.randrange(len(value) + 1)
    return value[:place] + more + value[place + (len(more) if over else 0) :]


SCHEMA_IDS = [each.schema_id for versions in read_lock().values() for each in versions]
WAYS = (
    random_bytes,
    cut,
    one_bit,
    one_bit,
    replaced,
    replaced,
    inserted,
    removed,
    doubled,
    other_schema,
    no_schema,
    strange_number,
    deep,
    huge,
)
