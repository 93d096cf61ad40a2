"""Writers: partitions of the wallet job over a fake disk, with the topics around them.

Owns: `Writer`, which drives the job as the runtime does (timers first, then the record; a group at
a time), and what a recovery of it leaves.
Never: threads, transactions, a rule.
"""

import itertools

from schemas.codec import decode, encode
from schemas.messages.commands import OpenWallet, TopUp, WalletCommand
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Tier, WalletKind
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord, LogRecord
from streams.runtime.overlay import APPLIED_KEY, OverlayState
from streams.wallet.job import WalletJob
from tests.support.builders import NOON, policy, ruleset
from topics.catalog import COMMANDS, LEGS
from topics.partitioning import partition_of


def wallet_at(partition, number=0, partitions=2):
    """The id of a wallet that lives on the partition, always the same."""
    every = (f"w-{each}" for each in itertools.count())
    living = (each for each in every if partition_of(each, partitions) == partition)
    return next(itertools.islice(living, number, None))


class Writer:
    """One partition: its inputs as topics keep them, its log, its store, its open group."""

    def __init__(self, partition=0, partitions=2, policy_=None, ruleset_=None):
        self.kind = WalletJob("test", partitions, policy_ or policy(), ruleset_ or ruleset())
        self.partition = partition
        self.topics = {topic.name: [] for topic in self.kind.inputs}
        self.positions = dict.fromkeys(self.topics, 0)
        self.at = NOON
        self.log = []
        self.groups = []
        self.answers = []
        self.disk = FakeDisk()
        self._bind()

    def _bind(self):
        self.overlay = OverlayState(self.kind.tables, self.disk.open())
        self.disk.locked = False
        self.job = self.kind.open(self.overlay, self.partition)

    # --- inputs

    def put(self, value, key=b"", topic=COMMANDS.name, at=None):
        """Append a record to an input topic."""
        records = self.topics[topic]
        at = self.at if at is None else at
        records.append(InputRecord(topic, self.partition, len(records), at, key, value))
        return records[-1]

    def take(self, record):
        """Fire what is due and decide the record; its Decision."""
        while (fired := self.job.fire(record.append_time)) is not None:
            self.answers.append(fired)
        self.answers.append(self.job.step(record))
        self.positions[record.topic] = record.offset + 1
        return self.answers[-1].decision

    def say(self, value, key=b"", topic=COMMANDS.name, at=None):
        """Put a record and decide it."""
        return self.take(self.put(value, key, topic, at))

    def command(
        self,
        wallet_id,
        body,
        command_id,
        *,
        key=None,
        issued_at=None,
        conditions=(),
        dry_run=False,
        origin=None,
    ):
        """Send a command and decide it."""
        issued_at = self.at if issued_at is None else issued_at
        command = (command_id, wallet_id, issued_at, body, conditions, dry_run, origin)
        value = encode(WalletCommand(*command))
        return self.say(value, wallet_id.encode() if key is None else key)

    def open(self, wallet_id, funds=0, currencies=("EUR",)):
        """Open a wallet and fill it."""
        self.command(wallet_id, OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, currencies), "open")
        if funds:
            body = TopUp("EUR", funds, "card", f"ref-{wallet_id}")
            assert self.command(wallet_id, body, "fill").reason is None

    # --- groups

    def commit(self):
        """Seal the open group, write it down; the group, or None when nothing was decided."""
        if not self.answers:
            return None
        group = self.job.seal(self.answers, self.positions)
        self.answers = []
        self.groups.append(group)
        offset = self.log[-1].offset + 2 if self.log else 0  # a marker ends each transaction
        for number, record in enumerate(group.log):
            self.log.append(LogRecord(record.key, record.value, record.headers, offset + number))
        self.overlay.fold()
        self.overlay.flush(b"applied")
        return group

    def read_input(self, topic, partition, offset):
        """What `resend` reads dead letters by."""
        assert partition == self.partition
        return self.topics[topic][offset]

    @property
    def rows(self):
        """The store's rows."""
        return rows_of(self.disk)

    @property
    def decisions(self):
        """Every committed Decision."""
        return [decode(Decision, record.value) for record in self.log]

    def recovered(self, flush_every=1, log=None):
        """A writer of the same topics that knows nothing but the log."""
        other = Writer(self.partition)
        other.kind, other.at = self.kind, self.at
        other.topics = {name: list(records) for name, records in self.topics.items()}
        other._bind()
        other.log = list(self.log if log is None else log)
        waiting = 0
        for record in other.log:
            done = other.job.replay(record)
            if done is None:
                continue
            other.overlay.fold()
            other.positions = {**other.positions, **done.positions}
            waiting += 1
            if waiting % flush_every == 0:
                other.overlay.flush(b"applied")
        other.overlay.flush(b"applied")
        return other


def rows_of(disk):
    """A fake disk's rows without the runtime's own."""
    return {key: row for key, row in disk.rows.items() if key != APPLIED_KEY}


def bytes_of(outputs):
    """Outputs as they would lie in their topics."""
    return [(each.topic, each.partition, each.key, each.value) for each in outputs]


def legs_of(group):
    """The legs among a group's outputs."""
    return [each for each in group.outputs if each.topic == LEGS.name]


def delivered(sender, receiver):
    """Deliver every leg the sender ever committed to the receiver and commit; its Decisions."""
    begun = getattr(receiver, "taken_from", {})
    known = begun.get(sender.partition, 0)
    legs = [leg for group in sender.groups for leg in legs_of(group)]
    legs = [leg for leg in legs if leg.partition == receiver.partition]
    made = [receiver.say(leg.value, leg.key, LEGS.name) for leg in legs[known:]]
    receiver.taken_from = {**begun, sender.partition: len(legs)}
    receiver.commit()
    return made
