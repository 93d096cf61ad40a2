"""A compacted topic in memory, with the client's consumer and producer in front of it.

Owns: just as much of the client as the directory uses, with holes where compaction took records.
"""

from types import SimpleNamespace

from confluent_kafka import KafkaError

from topics.partitioning import partition_of_key


class Message:
    def __init__(self, partition, offset, key=None, value=None, code=None):
        self._fields = {"partition": partition, "offset": offset, "key": key, "value": value}
        self._fields["error"] = None if code is None else KafkaError(code)

    def __getattr__(self, name):
        return lambda: self._fields[name]


class AliasTopic:
    """Records by partition: (key, value), or None for one that compaction took."""

    def __init__(self, partitions=2):
        self.records = [[] for _ in range(partitions)]
        self.refuses = None  # code by which a write is answered
        self.silent = False  # a write is never answered
        self.deaf = False  # nothing is ever fetched
        self.troubles = []  # codes that the next fetch brings
        self.writes = 0

    def put(self, key, value):
        self.records[partition_of_key(key, len(self.records))].append((key, value))

    def compact(self):
        """Keep the latest record of each key; not even a tombstone stays."""
        for records in self.records:
            latest = {each[0]: at for at, each in enumerate(records) if each is not None}
            kept = {at for at in latest.values() if records[at][1] is not None}
            records[:] = [each if at in kept else None for at, each in enumerate(records)]

    def consumer(self, config):
        assert config["enable.partition.eof"]
        return Consumer(self)

    def producer(self, config):
        return Producer(self)


class Consumer:
    def __init__(self, topic):
        self.topic = topic
        self.at = None
        self.told = {}
        self.closed = False

    def list_topics(self, name, timeout):
        partitions = dict.fromkeys(range(len(self.topic.records)))
        return SimpleNamespace(topics={name: SimpleNamespace(error=None, partitions=partitions)})

    def get_watermark_offsets(self, place, timeout):
        return 0, len(self.topic.records[place.partition])

    def assign(self, places):
        self.at = {each.partition: 0 for each in places}

    def consume(self, count, timeout):
        if self.topic.deaf:
            return []
        if self.topic.troubles:
            return [Message(0, None, code=self.topic.troubles.pop(0))]
        found = []
        for number, records in enumerate(self.topic.records):
            news = enumerate(records[self.at[number] :], self.at[number])
            found += [Message(number, at, *each) for at, each in news if each is not None]
            self.at[number] = len(records)
            if self.told.get(number) != len(records):
                self.told[number] = len(records)
                found.append(Message(number, len(records), code=KafkaError._PARTITION_EOF))
        return found

    def close(self):
        assert not self.closed, "closed twice"
        self.closed = True


class Producer:
    def __init__(self, topic):
        self.topic = topic
        self.waiting = []

    def produce(self, name, value, key, partition, on_delivery):
        assert partition == partition_of_key(key, len(self.topic.records))
        self.waiting.append((key, value, on_delivery))

    def flush(self, timeout):
        if self.topic.silent:
            return len(self.waiting)
        for key, value, on_delivery in self.waiting:
            refused = self.topic.refuses
            if refused is None:
                self.topic.put(key, value)
                self.topic.writes += 1
            on_delivery(None if refused is None else KafkaError(refused), None)
        self.waiting = []
        return 0
