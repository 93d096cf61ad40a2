"""The virtual broker and the real one behind the same face, for the suite of behaviours.

Owns: a log with one partition, another topic, producers by name, and reading as recovery reads.
"""

from ops.simulate.coordinator import Coordinator
from ops.simulate.log import VirtualLog
from ops.simulate.producer import VirtualTransactions
from ops.simulate.reader import VirtualBroker
from streams.runtime.clock import SystemClock
from streams.runtime.kafka import KafkaBroker
from streams.runtime.kafka_producer import KafkaTransactions
from streams.runtime.watchdog import CallWatch
from tests.integration.runtime.rig import Topics

TAKES = 500  # of some 20 ms on a real broker
FEW_TAKES = 10


class OpenGate:
    """A gate at which nothing ever strikes."""

    def io(self, operation, effect, lost=None):
        return effect()

    def sleep(self, seconds):
        pass


class OnBroker:
    """What both have in common."""

    def values(self, topic, until=None, takes=TAKES):
        """Read committed values from the first on, until a position, or until nothing comes."""
        tail, found = self.broker.tail(topic, 0, 0), []
        try:
            for _ in range(takes):
                found += [record.value for record in tail.take(100)]
                if until is not None and tail.position() >= until:
                    break
            return found, tail.position()
        finally:
            tail.close()


class OnVirtual(OnBroker):
    """The virtual broker."""

    log, other = "log", "other"

    def __init__(self):
        logs = {}
        self._logs = lambda place: logs.setdefault(place, VirtualLog())
        self._coordinator = Coordinator(self._logs, lambda: 0.0)
        self.broker = VirtualBroker(self._logs, OpenGate())

    def producer(self, name="one"):
        return VirtualTransactions(
            OpenGate(), self._coordinator, name, (self.log, 0), lambda: 0, lambda below: 0
        )

    def say(self, topic, value):
        self._logs((topic, 0)).append(b"key", value, 0)


class OnKafka(OnBroker):
    """The broker of the local stack, through the shipped clients."""

    def __init__(self, servers):
        self._topics = Topics(servers)
        self.log, self.other = self._topics.log, self._topics.told
        self._clock = SystemClock()
        self.broker = KafkaBroker(servers, self._clock)

    def producer(self, name="one"):
        return KafkaTransactions(
            self._topics.servers,
            f"{self._topics.transactional_id()}-{name}",
            (self.log, 0),
            self._clock,
            CallWatch("test", self._clock),
        )

    def say(self, topic, value):
        self._topics.say(b"key", value=value, topic=topic)
