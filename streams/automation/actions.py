"""Actions: what a rule raises, with ids that a repetition gives again.

Owns: the ids of commands and notices, the amount that a level gives.
Never: decides when.

The id is the rule, the account and the number of the crossing, so that one crossing commands once,
however often it is commanded: the ledger answers DUPLICATE to a repetition.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from ledger.chart import WALLET_ACCOUNTS
from schemas.codec import encode
from schemas.messages.automation import AutomationNotice, GiveCommand, NoticeKind, Watch
from schemas.messages.commands import (
    Command,
    MoveFromPot,
    MoveToPot,
    Transfer,
    WalletCommand,
    Withdraw,
)
from schemas.messages.decisions import Decision
from streams.automation.rules import ReadyRule, Seen
from streams.job_commands import commanded
from streams.runtime.job import Output
from topics.catalog import AUTOMATION_NOTICES
from topics.partitioning import partition_of

PREFIX: Final = "auto-"
DIGEST_CHARS: Final = 12


def place_of(watch: Watch, owner: str) -> str:
    """Return the name of one account: its owner stands last, since owners may hold a colon."""
    return f"{watch.account}:{watch.currency}:{owner}"


def owner_of(place: str) -> str:
    """Return whose account a place is."""
    return place.split(":", 2)[2]


def action_id(watch: Watch, rule_id: str, owner: str, crossing: int, partition: int) -> str:
    """Return the id of what one crossing raises.

    A system account exists once per partition, and each of them crosses for itself.
    """
    place = place_of(watch, owner)
    if watch.account not in WALLET_ACCOUNTS:
        place = f"{partition}/{place}"
    digest = sha256(place.encode()).hexdigest()[:DIGEST_CHARS]
    return f"{PREFIX}{rule_id}-{digest}-{crossing}"


def rule_of(command_id: str) -> str:
    """Return the rule that an action's id names."""
    return command_id.removeprefix(PREFIX).rsplit("-", 2)[0]


def command(ready: ReadyRule, seen: Seen, command_id: str, partitions: int) -> Output:
    """Give the rule's command; it goes to the partition of the wallet that decides."""
    rule, body = ready.rule, ready.body
    assert isinstance(rule.then, GiveCommand), "a notice is no command"
    assert body is not None, "the body of a command is read with its rule"
    if rule.then.level is not None:
        body = _with_amount(body, abs(rule.then.level - seen.balance))
    wallet_id = rule.then.wallet_id or seen.owner
    home = partition_of(wallet_id, partitions)
    return commanded(home, WalletCommand(command_id, wallet_id, seen.at, body))


def notice(
    ready: ReadyRule, seen: Seen, notice_id: str, crossing: int, version: str
) -> AutomationNotice:
    """Return the rule's notice."""
    rule = ready.rule
    assert not isinstance(rule.then, GiveCommand), "a command is no notice"
    level = rule.then.level
    return AutomationNotice(
        NoticeKind.RAISED,
        notice_id,
        rule.rule_id,
        rule.then.code,
        crossing,
        rule.watch.account,
        seen.owner,
        rule.watch.currency,
        seen.balance,
        0 if level is None else abs(level - seen.balance),
        seen.at,
        seen.sequence,
        version,
    )


def refused(decision: Decision) -> AutomationNotice:
    """Say that the ledger refused a command of a rule."""
    why = decision.reason.name if decision.reason is not None else ""
    code = f"{why} {decision.detail}".rstrip()
    return AutomationNotice(
        NoticeKind.COMMAND_REFUSED,
        decision.command_id,
        rule_of(decision.command_id),
        code,
        0,
        "",
        decision.wallet_id,
        "",
        *(0, 0, decision.decided_at, decision.sequence),
        "",
    )


def about_rules(kind: NoticeKind, control_id: str, what: str, at: int) -> AutomationNotice:
    """Say that rules were taken (what: their version), or not (what: the field that is wrong)."""
    taken = kind is NoticeKind.RULES_TAKEN
    code, version = ("", what) if taken else (what, "")
    return AutomationNotice(kind, control_id, "", code, 0, "", "", "", 0, 0, at, 0, version)


def told(said: AutomationNotice, partition: int) -> Output:
    """Return a notice as a record, in the order of its partition."""
    key = said.owner or str(partition)
    return Output(AUTOMATION_NOTICES.name, partition, key.encode(), encode(said))


def _with_amount(body: Command, amount: int) -> Command:
    if isinstance(body, Transfer):
        return Transfer(body.to_wallet_id, body.currency, amount)
    if isinstance(body, MoveToPot):
        return MoveToPot(body.pot, body.currency, amount)
    if isinstance(body, MoveFromPot):
        return MoveFromPot(body.pot, body.currency, amount)
    assert isinstance(body, Withdraw), "a level is for commands that have an amount to compute"
    return Withdraw(body.currency, amount, body.rail, body.beneficiary)
