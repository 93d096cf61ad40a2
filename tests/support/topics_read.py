"""Every other topic of the ledger read from its beginning: inputs, results, dead letters.

Owns: what was put on them, by coordinates and by content; repeats are seen as repeats.
Never: reads the log itself; `LogFollower` does.
"""

from hashlib import sha256

from confluent_kafka import Consumer, KafkaError, TopicPartition

from schemas.codec import decode
from schemas.messages.results import DeadLetter, Result
from schemas.messages.vocabulary import InputTopic
from streams.wallet.catalogued import INPUT_TOPICS
from topics.catalog import COMMANDS, CONTROL, DEAD_LETTERS, LEGS, RESULTS

TOPICS = (COMMANDS, LEGS, CONTROL, RESULTS, DEAD_LETTERS)
BATCH = 5_000
TAKE_S = 0.05


class TopicsReader:
    """One consumer over five topics; `take` goes on where it stopped."""

    def __init__(self, bootstrap, partitions):
        # (input topic, partition) -> offset -> SHA-256 of the value
        self.inputs: dict[tuple[InputTopic, int], dict[int, bytes]] = {
            (kind, number): {} for kind in InputTopic for number in range(partitions)
        }
        self.legs: set[bytes] = set()
        self.results: dict[bytes, Result] = {}
        # source topic, partition, offset -> letter
        self.letters: dict[tuple[str, int, int], DeadLetter] = {}
        self.reached = {(topic.name, number): 0 for topic in TOPICS for number in range(partitions)}
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": "comparison",  # never used: positions are assigned, nothing commits
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
                "enable.partition.eof": True,
                "isolation.level": "read_committed",
                "fetch.queue.backoff.ms": 5,
                "fetch.wait.max.ms": 20,
                "log_level": 2,
            }
        )
        self._consumer.assign([TopicPartition(*place, 0) for place in self.reached])

    def take(self):
        """Read what there is, waiting a moment for more."""
        for message in self._consumer.consume(BATCH, TAKE_S):
            error = message.error()
            place = (message.topic(), message.partition())
            if error is None:
                self._note(message)
                self.reached[place] = message.offset() + 1
            elif error.code() == KafkaError._PARTITION_EOF:
                self.reached[place] = max(self.reached[place], message.offset())

    def close(self):
        self._consumer.close()

    def _note(self, message):
        name, partition, value = message.topic(), message.partition(), message.value()
        kind = INPUT_TOPICS.get(name)
        if kind is not None:
            digest = sha256(value or b"").digest()
            self.inputs[kind, partition][message.offset()] = digest
            if kind is InputTopic.LEGS:
                self.legs.add(digest)
        elif name == RESULTS.name:
            if value not in self.results:
                self.results[value] = decode(Result, value)
        else:
            letter = decode(DeadLetter, value)
            coordinates = (letter.topic, letter.partition, letter.offset)
            self.letters[coordinates] = letter
