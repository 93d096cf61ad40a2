"""Published: the publish job over logs in memory, in any batching, with crashes.

Owns: what each topic for analysts holds then, and a reading of it for the check.
Never: a check.
"""

from random import Random

from ops.reading import Placed
from schemas.codec import decode, decode_any
from schemas.messages.decisions import Decision
from streams.publish.job import PublishJob
from streams.sealed import SealedJob
from tests.support.recon import Follower
from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TOTALS, TRANSACTIONS

IDS = {
    POSTINGS.name: "posting_id",
    TRANSACTIONS.name: "change_id",
    ATTEMPTS.name: "attempt_id",
}


class Published:
    """One partition: its log, and what was published of it."""

    def __init__(self, log, partition=0):
        self.records = log
        self.partition = partition
        self.outputs = []

    def prompt(self):
        """Everything in one group."""
        self.outputs = self._follower().take(self.records, len(self.records))
        return self

    def shaken(self, seed):
        """In random groups, some torn, some cut off before or after they became visible."""
        random, job = Random(seed), self._follower()
        while job.position < len(self.records):
            if random.random() < 0.2:
                job.torn(self.records, random.randint(1, 9))
            outputs = job.take(self.records, random.choice((1, 1, 2, 3, 20, 200)))
            seen = random.random() < 0.7
            if seen:
                self.outputs += outputs
            if not seen or random.random() < 0.3:
                self.outputs += job.recovered(closed=seen)
        return self

    def _follower(self):
        return Follower(SealedJob(PublishJob()), self.partition)

    def of(self, topic):
        """The facts of a topic."""
        return [decode_any(each.value) for each in self.outputs if each.topic == topic.name]

    # --- as `ops.published.check.Reading`

    def log(self):
        for each in self.records:
            decision = decode(Decision, each.value)
            yield Placed(decision, each.offset, each.append_time, each.value)

    def totals(self):
        return iter(self.of(TOTALS))

    def facts(self, topic):
        return iter(self.of(topic))

    def latest(self):
        """The newest balance of each account."""
        return {each.balance_id: each for each in self.of(BALANCES)}

    def of_output(self, output):
        """The fact in a record."""
        return decode_any(output.value)

    def totals_at(self, place):
        """The total that was told at a place among all records."""
        return decode_any(self.outputs[place].value)
