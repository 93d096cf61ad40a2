"""Events: what a subscriber hears of a fact, and the id by which a repeat of it is known.

Owns: types, ids, the fields that leave the house, and their JSON.
Never: tells scores, rules and features of an attempt: whoever tries would learn what to try next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from schemas.messages.automation import AutomationNotice, NoticeKind
from schemas.messages.facts import AttemptFact, TransactionFact
from sinks.webhooks.instants import instant

ATTEMPT_FIELDS: Final = (
    *("attempt_id", "partition", "sequence", "wallet_id", "command_id", "asked"),
    *("currency", "exponent", "amount_minor", "counterparty", "outcome", "reason"),
    *("issued_at", "decided_at"),
)
NOTICE_FIELDS: Final = (
    *("notice_id", "rule_id", "code", "crossing", "account", "owner", "currency"),
    *("balance", "amount", "at", "sequence", "rules_version"),
)
# What the fraud rules did, where a customer notices it; anything else is refused or accepted.
NOTICED: Final = {"BLOCK": "blocked", "REVIEW": "review", "STEP_UP": "step_up"}

Data = Mapping[str, str | int | None]


class Event(NamedTuple):
    """One thing that happened. `event_id` is the fact's own id: the same fact has it for ever."""

    event_id: str
    type: str
    at: int  # microseconds, the ledger's time
    wallet_id: str
    reason: str  # empty where there is none
    data: Data


def of_change(fact: TransactionFact) -> Event:
    """Return the event of a change of a transaction, transfer, hold or top-up."""
    state = "changed" if fact.state is None else fact.state.lower()
    return Event(
        f"transaction:{fact.change_id}",
        f"{fact.thing.lower()}.{state}",
        fact.decided_at,
        fact.wallet_id,
        fact.reason or "",
        _told(fact, TransactionFact.__match_args__),
    )


def of_attempt(fact: AttemptFact) -> Event:
    """Return the event of an attempt to pay."""
    usual = "refused" if fact.outcome == "REJECTED" else "accepted"
    return Event(
        f"attempt:{fact.attempt_id}",
        f"attempt.{NOTICED.get(fact.action or '', usual)}",
        fact.decided_at,
        fact.wallet_id,
        fact.reason or "",
        _told(fact, ATTEMPT_FIELDS),
    )


def of_notice(notice: AutomationNotice) -> Event | None:
    """Return the event of a notice; None of what is about rules and no wallet."""
    if notice.kind is NoticeKind.RAISED:
        kind = f"notice.{notice.code.lower()}"
    elif notice.kind is NoticeKind.COMMAND_REFUSED:
        kind = "automation.refused"
    else:
        return None
    return Event(
        f"notice:{notice.notice_id}",
        kind,
        notice.at,
        notice.owner,
        notice.code,
        _told(notice, NOTICE_FIELDS),
    )


def body_of(event: Event) -> str:
    """Return the JSON that is sent, the same bytes at every attempt."""
    document = {
        "id": event.event_id,
        "type": event.type,
        "timestamp": instant(event.at).isoformat(),
        "data": event.data,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _told(fact: object, names: tuple[str, ...]) -> Data:
    return {name: getattr(fact, name) for name in names}
