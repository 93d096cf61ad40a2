"""Load: customers of their own who pay each other while something breaks.

Owns: a seeded mix of transfers (same and other partition), holds, captures, voids, top-ups, retries
and a few bad records, sent in bursts by one thread.
Never: waits for answers; the comparison afterwards knows what every command was told.
"""

import random
import threading
import time

from confluent_kafka import Producer

from ingress.sdk import (
    CaptureHold,
    DeliveryFailedError,
    LedgerProducer,
    OpenWallet,
    PlaceHold,
    Tier,
    TopUp,
    Transfer,
    VoidHold,
    WalletKind,
    stamp,
)
from schemas.codec import encode
from tests.support.customers import ANSWER_S, PARTITIONS
from topics.catalog import COMMANDS

WALLETS = 120
FRIENDS = 3
RATE = 80
BURST = 40  # sent together, so that a transaction holds several commands
FUND = 1_000_00


class Load:
    """`with Load(ledger) as load:` runs until the block ends; then everything sent is delivered."""

    def __init__(self, ledger, rate=RATE, wallets=WALLETS, seed=7):
        self.sent = 0
        self.failed: list[DeliveryFailedError] = []
        self._ledger = ledger
        self._rate = rate
        self._random = random.Random(seed)
        self._wallets = [ledger.wallet_id() for _ in range(wallets)]
        self._friends = {one: self._random.sample(self._wallets, FRIENDS) for one in self._wallets}
        self._holds = []
        self._last = None
        self._producer = LedgerProducer(ledger.kafka)
        self._raw = Producer({"bootstrap.servers": ledger.kafka, "log_level": 0})
        self._stop = threading.Event()
        self._going = threading.Event()
        self._going.set()
        self._error = None
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)

    def __enter__(self):
        for wallet_id in self._wallets:
            self._post(wallet_id, OpenWallet(WalletKind.CUSTOMER, Tier.PREMIUM, ("EUR",)))
            self._post(wallet_id, TopUp("EUR", FUND, "card", f"fund-{wallet_id}"))
        self._thread.start()
        return self

    def __exit__(self, *failure):
        self._stop.set()
        self._going.set()
        self._thread.join()
        self._producer.close()
        self._raw.flush(ANSWER_S)
        if failure[0] is None and self._error is not None:
            raise self._error

    def pause(self):
        """Send nothing for a while; what was sent is still under way."""
        self._going.clear()

    def resume(self):
        self._going.set()

    def more(self, count=200, deadline_s=60.0):
        """Wait until this many more commands were decided."""
        witness = self._ledger.witness
        wanted = witness.totals.commands + count
        what = f"{count} more commands to be decided"
        self._ledger.saw(what, lambda: witness.totals.commands >= wanted, deadline_s)

    def _run(self):
        began, start = time.monotonic(), self.sent
        try:
            while not self._stop.is_set():
                due = began + (self.sent - start) / self._rate
                self._going.wait()
                if not self._stop.wait(max(0.0, due - time.monotonic())):
                    for _ in range(BURST):
                        self._one()
        except BaseException as error:  # noqa: BLE001 - raised again where the block ends
            self._error = error

    def _one(self):
        draw = self._random.random()
        payer = self._random.choice(self._wallets)
        friend = self._random.choice(self._friends[payer])
        amount = self._random.randint(1, 5_00)
        if draw < 0.6:
            self._post(payer, Transfer(friend, "EUR", amount))
        elif draw < 0.7:
            command = self._post(payer, PlaceHold(friend, "EUR", amount))
            self._holds.append((payer, command.command_id, amount))
        elif draw < 0.85 and self._holds:
            self._end_hold()
        elif draw < 0.93 and self._last is not None:
            self._send(self._last)  # a client that did not wait long enough
        elif draw < 0.96:
            self._put_bad_record(payer)
        else:
            self._post(payer, TopUp("EUR", amount + 1_00, "card", f"more-{self.sent}-{payer}"))

    def _end_hold(self):
        index = self._random.randrange(len(self._holds))
        wallet_id, hold_id, amount = self._holds.pop(index)
        if self._random.random() < 0.7:
            self._post(wallet_id, CaptureHold(hold_id, self._random.randint(1, amount), False))
        else:
            self._post(wallet_id, VoidHold(hold_id))

    def _put_bad_record(self, wallet_id):
        """Bytes nobody can read, or a command where it does not belong."""
        command = stamp(wallet_id, TopUp("EUR", 1_00, "card", f"lost-{self.sent}-{wallet_id}"))
        value = self._random.choice((b"poison", encode(command)))
        partition = self._random.randrange(PARTITIONS)
        self._raw.produce(COMMANDS.name, value, wallet_id, partition)
        self.sent += 1

    def _post(self, wallet_id, body):
        command = self._last = stamp(wallet_id, body)
        self._send(command)
        return command

    def _send(self, command):
        self._producer.post(command, self._told)
        self.sent += 1

    def _told(self, outcome):
        if isinstance(outcome, DeliveryFailedError):
            self.failed.append(outcome)
