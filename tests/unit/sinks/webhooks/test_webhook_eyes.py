"""What the process says of itself."""

import threading
from types import SimpleNamespace

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from sinks.errors import StoreAway
from sinks.webhooks.eyes import EVERY_S, SILENT_AFTER_S, WebhookEyes
from sinks.webhooks.queue import Standings


class Once(threading.Event):
    """An event that lets its waiter look once."""

    def __init__(self):
        super().__init__()
        self.looks = 0

    def wait(self, timeout=None):
        assert timeout == EVERY_S
        self.looks += 1
        return self.looks > 1


def threads(turns=1):
    intake = SimpleNamespace(topic="t", turns=turns, retries=0, lag=7, kept=3)
    sender = SimpleNamespace(turns=turns, retries=0, sent={"DONE": 2})
    return intake, sender


def text_of(eyes):
    registry = CollectorRegistry(auto_describe=False)
    registry.register(eyes.page())
    return generate_latest(registry).decode()


def test_the_page_has_what_was_counted_and_what_waits():
    intake, sender = threads()
    eyes = WebhookEyes([intake], [sender, sender], lambda: 0.0)
    eyes.look(SimpleNamespace(standings=lambda: Standings(4, 1, 2.5, 1)), Once())
    lines = set(text_of(eyes).splitlines())
    assert {
        'ledger_process_ready{job="webhooks"} 1.0',
        'ledger_webhook_lag{topic="t"} 7.0',
        'ledger_webhook_kept_total{topic="t"} 3.0',
        'ledger_webhook_attempts_total{state="DONE"} 4.0',
        'ledger_webhook_deliveries{state="DUE"} 4.0',
        'ledger_webhook_deliveries{state="DEAD"} 1.0',
        "ledger_webhook_oldest_due_seconds 2.5",
        "ledger_webhook_breakers_open 1.0",
    } <= lines


def test_what_the_store_does_not_say_is_left_out():
    def away():
        raise StoreAway("away")

    eyes = WebhookEyes([threads()[0]], [], lambda: 0.0)
    eyes.look(SimpleNamespace(standings=away), Once())
    assert "ledger_webhook_deliveries" not in text_of(eyes)


def test_it_is_ready_when_every_topic_was_read_and_dead_when_a_thread_hangs():
    now = [0.0]
    intake, sender = threads(turns=0)
    eyes = WebhookEyes([intake], [sender], lambda: now[0])
    assert eyes.unready() == "not read yet: t"
    intake.turns = sender.turns = 1
    assert eyes.unready() == ""
    now[0] += SILENT_AFTER_S + 1
    intake.turns = 2
    assert eyes.dead() == "no longer turning: sender 0"
    assert eyes.unready() == eyes.dead()
    sender.retries = 1  # a store that is away is no reason
    assert eyes.dead() == ""
