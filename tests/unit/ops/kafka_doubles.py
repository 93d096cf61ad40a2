"""Doubles of the Kafka client: messages out of a list, records into one.

Owns: just as much of the client as the tools of `ops` use.
"""

from types import SimpleNamespace

from confluent_kafka import KafkaError


class FakeMessage:
    """One consumed record, or an error in its place."""

    def __init__(self, partition=0, offset=0, value=b"", key=None, **more):
        self._fields = {"partition": partition, "offset": offset, "value": value, "key": key}
        self._fields |= {"headers": more.get("headers"), "error": more.get("error")}
        self._fields["topic"] = more.get("topic", "topic")
        self._fields["timestamp"] = (1, more.get("time_ms", 0))

    def __getattr__(self, name):
        return lambda: self._fields[name]


class FakeConsumer:
    """Hands out lists of messages; `ends` is the end offset of each partition."""

    def __init__(self, ends, *batches):
        self.ends = ends
        self.batches = list(batches)
        self.places = dict.fromkeys(ends, -1001)
        self.assigned = []
        self.closed = False

    def __call__(self, config):
        self.config = config
        return self

    def list_topics(self, topic, timeout):
        return SimpleNamespace(
            topics={topic: SimpleNamespace(partitions=dict(self.ends), error=None)}
        )

    def get_watermark_offsets(self, place, timeout):
        return 0, self.ends[place.partition]

    def assign(self, places):
        self.assigned = [(each.topic, each.partition, each.offset) for each in places]

    def position(self, places):
        for each in places:
            each.offset = self.places[each.partition]
        return places

    def consume(self, count, timeout):
        batch = self.batches.pop(0) if self.batches else []
        for each in batch:
            if each.error() is None:
                self.places[each.partition()] = each.offset() + 1
        return batch

    def close(self):
        self.closed = True


class FakeProducer:
    """Keeps what is produced; is full as often as `full` says."""

    def __init__(self, full=0, unflushed=0, refused=None, partitions=1):
        self.partitions = partitions
        self.full = full
        self.unflushed = unflushed
        self.refused = refused  # the KafkaError that deliveries end with
        self.reports = []
        self.records = []
        self.polls = 0
        self.calls = []

    def produce(self, topic, value, key, partition=0, on_delivery=None):
        if self.full:
            self.full -= 1
            raise BufferError
        self.records.append((topic, key, value, partition))
        if on_delivery is not None:
            self.reports.append(on_delivery)

    def list_topics(self, topic, timeout):
        found = SimpleNamespace(error=None, partitions=dict.fromkeys(range(self.partitions)))
        return SimpleNamespace(topics={topic: found})

    def poll(self, timeout):
        self.polls += 1

    def flush(self, timeout):
        for report in self.reports[self.unflushed :]:
            report(self.refused, None)
        self.reports = []
        return self.unflushed

    def begin_transaction(self):
        self.calls.append("begin")

    def commit_transaction(self, timeout):
        self.calls.append("commit")


def trouble(code):
    """A message that is an error."""
    return FakeMessage(error=KafkaError(code))


def end_of(partition, offset):
    """The client's word that a partition is read to its end."""
    return FakeMessage(partition, offset, error=KafkaError(KafkaError._PARTITION_EOF))
