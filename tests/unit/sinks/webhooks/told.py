"""Facts, events and subscriptions as the tests of this folder need them."""

from schemas.messages.automation import AutomationNotice, NoticeKind
from schemas.messages.facts import AttemptFact, TransactionFact
from sinks.webhooks.events import Event
from sinks.webhooks.letter import Letter
from sinks.webhooks.subscription import Channel, Secrets, Subscription

AT = 1_700_000_000_000_000
SECRET = "whsec_" + "A" * 43 + "="
FORMER = "whsec_" + "B" * 43 + "="
HOUR_US = 3_600_000_000


def fact_of(kind, /, **said):
    """A fact whose columns are empty but for those given."""
    return kind(**{**dict.fromkeys(kind.__match_args__), **said})


def change(**said):
    usual = {"change_id": "3-7-0", "thing": "TRANSACTION", "state": "SETTLED", "wallet_id": "w-1"}
    return fact_of(TransactionFact, **{**usual, "decided_at": AT, **said})


def attempt(**said):
    usual = {"attempt_id": "3-8", "wallet_id": "w-1", "asked": "Transfer", "outcome": "REJECTED"}
    return fact_of(AttemptFact, **{**usual, "decided_at": AT, "command_id": "c-1", **said})


def notice(**said):
    usual = {
        "kind": NoticeKind.RAISED,
        "notice_id": "low|W.AVL|w-1|1",
        "code": "LOW-BALANCE",
        "owner": "w-1",
        "account": "W.AVL",
        "currency": "EUR",
        "balance": 9_50,
        "amount": 0,
        "at": AT,
    }
    return fact_of(AutomationNotice, **{**usual, **said})


def event(kind="transfer.completed", number=1, **said):
    usual = {"at": AT, "wallet_id": "w-1", "reason": "", "data": {"wallet_id": "w-1"}}
    return Event(event_id=f"transaction:0-{number}-0", type=kind, **{**usual, **said})


def subscription(name="wh-1", **said):
    usual = {
        "channel": Channel.WEBHOOK,
        "address": "https://example.com/hook",
        "since": AT,
        "secrets": Secrets(SECRET),
    }
    return Subscription(subscription_id=name, **{**usual, **said})


def letter(to=None, number=1, **said):
    to = to or subscription()
    found = event(number=number)
    usual = {
        "event_id": found.event_id,
        "message_id": to.message_id(found.event_id),
        "type": found.type,
        "body": '{"data":{}}',
        "attempts": 0,
        "failures": 0,
        "now": AT,
    }
    return Letter(to, **{**usual, **said})
