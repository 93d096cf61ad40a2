"""A made-up partition of the log: every kind of event a sink looks at, sealed as a writer would.

It keeps its own balances, so that what it states is consistent; it is no core and knows no rules.
"""

import random
from collections import Counter
from hashlib import sha256

from ledger.sealing import CHAIN_START, SealReader
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision, InputSource, Seal
from schemas.messages.events import (
    TierChanged,
    ToppedUp,
    TransferCompleted,
    TransferDebited,
    WalletOpened,
    WalletStatusChanged,
)
from schemas.messages.journal import BalanceAfter, JournalEntry, Posting
from schemas.messages.vocabulary import (
    Authority,
    InputTopic,
    Outcome,
    Purpose,
    RejectionReason,
    Stage,
    Tier,
    WalletKind,
    WalletStatus,
)
from tests.unit.sinks.sample_things import SampleThings

START_US = 1_795_000_000_000_000  # late November 2026; a day of samples runs into December
STEP_US = 7_000_000


class SampleLog(SampleThings):
    """One partition; `records` grows by whole groups."""

    def __init__(self, partition=0, seed=1, wallets=40, start_us=START_US):
        self.partition = partition
        self.random = random.Random(seed * 1000 + partition)
        self.wallets = [f"w{partition}-{number}" for number in range(wallets)]
        self.opened = []
        self.holds = {}  # (wallet, hold) -> remaining
        self.transactions = {}  # (wallet, transaction) -> row
        self.balances = Counter()
        self.own_sequence = Counter()
        self.sequence = 0
        self.at = start_us
        self.offset = 0
        self.chain = CHAIN_START
        self.records = []  # (offset, value, chain)
        self.groups = []  # lists of Decisions

    def day(self, decisions, group=20, void_every=0):
        """Write about so many Decisions in groups; every n-th group is torn first."""
        while self.sequence < decisions:
            size = self.random.randint(1, group)
            made = [self.next() for _ in range(size)]
            if void_every and len(self.groups) % void_every == void_every - 1:
                self.tear(made)
            self.seal(made)
        return self

    def tear(self, made):
        """A transaction whose seal was lost: its Decisions are in the log all the same."""
        chain = self.chain
        for decision in made[: self.random.randint(1, len(made))]:
            chain = self.write(with_seal(decision, None), chain)
        self.offset += 1

    def seal(self, made):
        seal = Seal(made[0].sequence, len(made), 0, sha256().digest(), ())
        made = [*made[:-1], with_seal(made[-1], seal)]
        for decision in made:
            self.chain = self.write(decision, self.chain)
        self.groups.append(made)
        self.offset += 1  # the commit marker

    def write(self, decision, chain):
        value = encode(decision)
        chain = sha256(b"\x02" + chain + sha256(b"\x00" + value).digest()).digest()
        self.records.append((self.offset, value, chain))
        self.offset += 1
        return chain

    @property
    def decisions(self):
        return [decision for group in self.groups for decision in group]

    def sealed_groups(self):
        reader = SealReader(self.partition, lambda value: decode(Decision, value))
        taken = (reader.take(*record) for record in self.records)
        return [group for group in taken if group is not None]

    def next(self):
        if len(self.opened) < len(self.wallets) and (
            len(self.opened) < 2 or self.random.random() < 0.2
        ):
            return self.open()
        makers = (self.top_up, self.top_up, self.transfer, self.transfer, self.send, self.hold)
        makers += (self.grow_hold, self.extend_hold, self.end_hold, self.begin, self.move)
        makers += (self.freeze, self.tier, self.refuse, self.repeat, self.strange)
        return self.random.choice(makers)()

    def open(self):
        wallet = self.wallets[len(self.opened)]
        self.opened.append(wallet)
        event = WalletOpened(
            wallet, WalletKind.CUSTOMER, Tier.BASIC, WalletStatus.ACTIVE, ("EUR", "USD")
        )
        return self.decision(wallet, events=(event,))

    def top_up(self):
        wallet, amount, currency = self.wallet(), self.amount(), self.currency()
        event = ToppedUp(wallet, currency, amount, 1, "card", f"ref-{self.sequence}", "id")
        lines = [("RAIL.RCV", "card", amount), ("W.AVL", wallet, 1 - amount), ("REV.TOPUP", "", -1)]
        return self.decision(wallet, events=(event,), lines=lines, flow="F1.1", currency=currency)

    def transfer(self):
        payer, payee, amount = self.wallet(), self.wallet(), self.amount()
        event = TransferCompleted(
            self.id(), Purpose.TRANSFER, payer, payee, "EUR", amount, 2, "W.AVL"
        )
        lines = [("W.AVL", payer, amount + 2), ("W.AVL", payee, -amount), ("REV.P2P", "", -2)]
        return self.decision(payer, events=(event,), lines=lines, flow="F4.1")

    def send(self):
        payer, amount, peer = self.wallet(), self.amount(), self.random.randint(0, 7)
        away = f"w{peer}-away"
        event = TransferDebited(
            self.id(), Purpose.TRANSFER, payer, away, peer, "EUR", amount, 2, "W.AVL", None,
            1, 1, amount, 1, 1, self.at,
        )  # fmt: skip
        lines = [("W.AVL", payer, amount + 2), ("IB", str(peer), -amount), ("W.POUT", payer, -2)]
        return self.decision(payer, events=(event,), lines=lines, flow="F5.1", stage=Stage.PENDING)

    def freeze(self):
        wallet, on = self.wallet(), self.random.random() < 0.5
        status = WalletStatus.FROZEN if on else WalletStatus.ACTIVE
        event = WalletStatusChanged(wallet, status, on, False, Authority.OPERATOR)
        return self.decision(wallet, events=(event,))

    def tier(self):
        wallet = self.wallet()
        event = TierChanged(wallet, self.random.choice(list(Tier)), WalletStatus.ACTIVE)
        return self.decision(wallet, events=(event,))

    def refuse(self):
        return self.decision(
            self.wallet(),
            outcome=Outcome.REJECTED,
            reason=RejectionReason.LIMIT_WINDOW,
            detail="day",
        )

    def repeat(self):
        return self.decision(self.wallet(), outcome=Outcome.DUPLICATE, duplicate_of=1)

    def strange(self):
        """What a stranger sends: no wallet, one of another partition, or ids no store likes."""
        wallet, command = self.random.choice(
            (("", ""), ("w9-elsewhere", "c"), ("nul\x00", "c\x00"), ("w" * 5000, "\u20ac" * 9000))
        )
        return self.decision(
            wallet,
            outcome=Outcome.REJECTED,
            reason=RejectionReason.MALFORMED_FIELD,
            command_id=command,
            detail="x" * 3000,
        )

    def decision(
        self,
        wallet,
        *,
        events=(),
        lines=(),
        flow="",
        currency="EUR",
        outcome=Outcome.ACCEPTED,
        reason=None,
        detail="",
        stage=Stage.FINAL,
        duplicate_of=None,
        command_id=None,
        source=None,
    ):
        self.sequence += 1
        self.at += self.random.randint(0, STEP_US)
        entries = ()
        if lines:
            postings = tuple(Posting(code, owner, currency, n) for code, owner, n in lines)
            entries = (JournalEntry(0, flow, postings),)
        return Decision(
            ledger_id="sample",
            partition=self.partition,
            sequence=self.sequence,
            engine=1,
            decided_at=self.at,
            source=source or InputSource(InputTopic.COMMANDS, self.sequence, self.at, b""),
            input=b"as received",
            input_length=11,
            input_hash=b"",
            wallet_id=wallet,
            command_id=self.id() if command_id is None else command_id,
            fingerprint=b"",
            field_checks=b"",
            policy_version="p1",
            ruleset_hash=b"",
            outcome=outcome,
            reason=reason,
            detail=detail,
            stage=stage,
            duplicate_of=duplicate_of,
            risk=None,
            events=tuple(events),
            entries=entries,
            balances=self.after(lines, currency),
        )

    def after(self, lines, currency):
        for owner in {owner for code, owner, _ in lines if code.startswith("W.")}:
            self.own_sequence[owner] += 1
        touched = {}
        for code, owner, amount in lines:
            self.balances[code, owner, currency] += amount
            of_wallet = code.startswith("W.")
            touched[code, owner] = self.own_sequence[owner] if of_wallet else self.sequence
        return tuple(
            BalanceAfter(code, owner, currency, self.balances[code, owner, currency], sequence)
            for (code, owner), sequence in touched.items()
        )

    def wallet(self):
        return self.random.choice(self.opened)

    def amount(self):
        return self.random.randint(3, 100_000)

    def currency(self):
        return self.random.choice(("EUR", "USD"))

    def id(self):
        return f"c{self.partition}-{self.sequence}-{self.random.getrandbits(40):010x}"


def with_seal(decision, seal):
    fields = {name: getattr(decision, name) for name in Decision.__match_args__}
    return Decision(**{**fields, "seal": seal})
