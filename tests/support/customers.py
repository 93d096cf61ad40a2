"""Customers: wallets of one's own, commands sent and their answers, records no SDK would send.

Owns: the client's side of a running ledger; `running.py` is built on it.
Never: starts or stops anything.
"""

import itertools
import time
from dataclasses import dataclass
from functools import cache

from confluent_kafka import Producer

from ingress.sdk import (
    LedgerProducer,
    OpenWallet,
    Result,
    ResultReader,
    Stage,
    Tier,
    TopUp,
    WalletKind,
    stamp,
)
from ops.reading import read_topic
from schemas.codec import decode, encode
from schemas.messages.control import Control
from schemas.messages.results import DeadLetter
from schemas.messages.vocabulary import FeeFlow, InputTopic
from streams.wallet.genesis import genesis_policy
from topics.catalog import COMMANDS, CONTROL, DEAD_LETTERS
from topics.partitioning import partition_of

PARTITIONS = 8
ANSWER_S = 60.0  # a machine that others use too

_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Sent:
    wallet_id: str
    command_id: str


class Customers:
    """Needs `kafka`, `witness`, `wait_for` and `catch_up` of a running ledger."""

    def _connect(self):
        self._producer = LedgerProducer(self.kafka)
        self._raw = Producer(
            {
                "bootstrap.servers": self.kafka,
                "linger.ms": 0,
                "log_level": 0,
                "message.max.bytes": 2_000_000,  # the broker's limit counts, not this client's
            }
        )
        self._reader = ResultReader(self.kafka)
        self._seen: dict[Sent, list[Result]] = {}

    def _disconnect(self):
        self._producer.close()
        self._reader.close()

    # --- wallets

    def wallet_id(self, partition=None):
        """A wallet id nobody used, living on the partition if one is given."""
        for number in _NUMBERS:
            wallet_id = f"w-{number}"
            if partition in (None, partition_of(wallet_id, PARTITIONS)):
                return wallet_id
        raise AssertionError

    def partition_of(self, wallet_id):
        return partition_of(wallet_id, PARTITIONS)

    def open(
        self,
        *,
        partition=None,
        fund=0,
        tier=Tier.PREMIUM,
        currencies=("EUR",),
        kind=WalletKind.CUSTOMER,
    ):
        """Open a wallet and put `fund` minor units of its first currency into it."""
        wallet_id = self.wallet_id(partition)
        opened = self.ask(wallet_id, OpenWallet(kind, tier, currencies))
        assert opened.outcome == "ACCEPTED", opened
        if fund:
            gross = gross_for(fund)
            funded = self.ask(wallet_id, TopUp(currencies[0], gross, "card", f"ref-{wallet_id}"))
            assert funded.outcome == "ACCEPTED", funded
        return wallet_id

    def balances(self, wallet_id):
        """{account: minor units} of the wallet, owed to it positive, zeros left out."""
        self.catch_up()
        view = self.witness.view(self.partition_of(wallet_id))
        row = view.wallets.get(wallet_id)
        assert row is not None, f"{wallet_id} was never opened"
        return {each.account: -each.minor for each in row.balances if each.minor}

    # --- commands

    def send(self, wallet_id, body, *, command_id=None, issued_at_us=None, origin=None):
        """Send with the SDK; wait until it is delivered."""
        envelope = {"command_id": command_id, "issued_at_us": issued_at_us, "origin": origin}
        command = stamp(wallet_id, body, **envelope)
        sent = Sent(wallet_id, command.command_id)
        self._expect(sent)
        self._producer.send_command(command).result(ANSWER_S)
        return sent

    def final(self, sent, deadline_s=ANSWER_S):
        """The FINAL result of a command sent."""
        return self._result(sent, Stage.FINAL, deadline_s)

    def pending(self, sent, deadline_s=ANSWER_S):
        return self._result(sent, Stage.PENDING, deadline_s)

    def ask(self, wallet_id, body, **options):
        """Send a command and wait for its FINAL result."""
        return self.final(self.send(wallet_id, body, **options))

    def accepted(self, wallet_id, body, **options):
        """Send a command that must be accepted; its id."""
        sent = self.send(wallet_id, body, **options)
        result = self.final(sent)
        assert result.outcome == "ACCEPTED", result
        return sent.command_id

    def refused(self, wallet_id, body):
        """Send a command that must be refused; reason and detail."""
        result = self.ask(wallet_id, body)
        assert result.outcome == "REJECTED", result
        return result.reason, result.detail

    def holds(self, wallet_id, **accounts):
        """Wait until these are the wallet's only accounts; M__PEND stands for M.PEND."""
        wanted = {name.replace("__", "."): minor for name, minor in accounts.items()}

        def there():
            return self.balances(wallet_id) == wanted

        if not there():
            what = f"{wallet_id} to have {wanted} instead of {self.balances(wallet_id)}"
            self.saw(what, there)

    def stands(self, wallet_id, transaction_id):
        """Where a transaction stands."""
        self.catch_up()
        view = self.witness.view(self.partition_of(wallet_id))
        return view.transactions.get((wallet_id, transaction_id)).state

    def put(self, value, *, key, partition, topic=COMMANDS.name):
        """Put bytes on a topic as no SDK would; return the offset."""
        delivered = []
        self._raw.produce(
            topic, value, key, partition, on_delivery=lambda *given: delivered.append(given)
        )
        assert self._raw.flush(ANSWER_S) == 0, "the broker took no record"
        error, message = delivered[0]
        assert error is None, error
        return message.offset()

    def put_command(self, command, *, key=None, partition=None):
        """Put a command on the topic past the SDK's checks; return (partition, offset)."""
        place = self.partition_of(command.wallet_id) if partition is None else partition
        key = command.wallet_id.encode() if key is None else key
        return place, self.put(encode(command), key=key, partition=place)

    def decision_on(self, partition, offset, kind=InputTopic.COMMANDS):
        """The Decision that answers an input record."""

        def answered():
            self.witness.take()
            return offset in self.witness.answered[kind, partition]

        self.wait_for(f"a Decision on {kind}[{partition}] offset {offset}", answered)
        for decision in reversed(self.witness.decisions[partition]):
            source = decision.source
            if getattr(source, "topic", None) is kind and source.offset == offset:
                return decision
        raise AssertionError

    def activate(self, *bodies):
        """Put control records on every partition; wait until each was decided."""
        sent = [self._order(body, number) for body in bodies for number in range(PARTITIONS)]
        for partition, offset in sent:
            decision = self.decision_on(partition, offset, InputTopic.CONTROL)
            assert decision.outcome == "ACCEPTED", decision

    def _order(self, body, partition):
        control_id = f"ctl-{next(_NUMBERS)}"
        value = encode(Control(control_id, time.time_ns() // 1_000, "tests", body))
        key = str(partition).encode()
        return partition, self.put(value, key=key, partition=partition, topic=CONTROL.name)

    def letter_on(self, partition, offset, topic=COMMANDS.name):
        """The dead letter that holds an input record."""
        place = (topic, partition, offset)
        self.wait_for(f"a dead letter of {place}", lambda: place in letters_of(self.kafka))
        return letters_of(self.kafka)[place]

    def heard(self):
        """Every result that a client of this ledger was told."""
        return [result for results in self._seen.values() for result in results]

    def saw(self, what, condition, deadline_s=ANSWER_S):
        """Follow the log until the condition holds."""

        def looked():
            self.witness.take()
            return condition()

        self.wait_for(what, looked, deadline_s)

    def _expect(self, sent):
        self._seen[sent] = []
        self._reader.expect(sent.wallet_id, sent.command_id)

    def _result(self, sent, stage, deadline_s):
        def of_stage():
            found = self._seen[sent]
            chosen = [result for result in found if result.stage is stage]
            if not chosen and stage is Stage.PENDING:
                assert not found, f"final without having been pending: {found}"
            return chosen

        def came():
            for result in self._reader.poll(0.02):
                self._seen.setdefault(Sent(result.wallet_id, result.command_id), []).append(result)
            return of_stage()

        if not of_stage():
            self.wait_for(f"the {stage.name} result of {sent}", came, deadline_s)
        return of_stage()[0]


def letters_of(kafka):
    """Every dead letter by the coordinates of its record."""
    letters = [decode(DeadLetter, each.value) for each in read_topic(kafka, DEAD_LETTERS.name)]
    return {(each.topic, each.partition, each.offset): each for each in letters}


@cache
def _genesis():
    """Read once: `gross_for` asks for a fee hundreds of times."""
    return genesis_policy()


def fee_of(flow, amount):
    """The fee the genesis policy takes of a movement."""
    for rule in _genesis().fees:
        if rule.flow is flow:
            return max(rule.minimum_minor, amount * rule.basis_points // 10_000)
    return 0


def gross_for(net):
    """The card top-up that leaves `net` after its fee."""
    return next(gross for gross in itertools.count(net) if net_of(gross) >= net)


def net_of(gross):
    return gross - fee_of(FeeFlow.TOPUP_CARD, gross)
