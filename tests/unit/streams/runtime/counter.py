"""A tiny job on the ready-made log: counts records per key, tells the new count, times keys out.

Its output for a key says how often the key was seen. A key is forgotten 60 s after it was first
seen, by a timer, which tells the final count. The key `bug` raises.
"""

from streams.runtime.changelog import ChangelogJob
from streams.runtime.job import Output
from streams.runtime.tables import TableSpec
from topics.topic import DAY_MS, Topic

FORGET_US = 60_000_000


def number(value):
    return value.to_bytes(8, "big")


def read_number(data):
    return int.from_bytes(data, "big")


COUNTS = TableSpec("counts", b"c", bytes, number, read_number, bytes)
TIMERS = TableSpec(
    "timers",
    b"t",
    lambda key: number(key[0]) + key[1],
    lambda row: row,
    bytes,
    lambda data: (read_number(data[:8]), data[8:]),
)


def topic(name):
    return Topic(name, "key", None, DAY_MS, "tests", "", log_append_time=True)


class Counter:
    tables = (COUNTS, TIMERS)

    def __init__(self, name="counter", urgent="urgent.v1", words="words.v1", told="told.v1"):
        self.name = name
        self.inputs = (topic(urgent), topic(words))
        self.outputs = (topic(told),)

    def open(self, overlay, partition):
        return CounterSteps(overlay, partition, self.outputs[0].name)


class CounterSteps:
    def __init__(self, overlay, partition, told):
        self.counts = overlay.table(COUNTS)
        self.timers = overlay.table(TIMERS)
        self.partition = partition
        self.told = told

    def step(self, record):
        key = record.key
        if record.value == b"bug":
            raise ZeroDivisionError("a planted bug")
        seen = self.counts.get(key)
        if seen is None:
            self.timers.put((record.append_time + FORGET_US, key), b"")
        self.counts.put(key, (seen or 0) + 1)
        return [self.tell(b"%s=%d" % (key, (seen or 0) + 1))]

    def fire(self, until):
        for (due, key), _ in self.timers.first(1):
            if due <= until:
                final = self.counts.get(key)
                self.timers.delete((due, key))
                self.counts.delete(key)
                return [self.tell(b"%s was %d" % (key, final))]
        return None

    def tell(self, value):
        return Output(self.told, self.partition, None, value)


def counter_job(*topics):
    return ChangelogJob(Counter(*topics))
