"""The automation of one partition: rules and the log of Decisions in, commands and notices out.

Owns: when a rule is armed, waits or has raised something, and which rules are in force.
Never: reads a clock or a store of others. What it knows of a balance is what a Decision said.

Rules are in force for Decisions made at or after the broker's time of their record, so a job that
is behind does not raise by today's rules what happened before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from ledger.errors import ProgrammeError
from schemas.codec import CodecError, decode
from schemas.messages.automation import (
    ActivateRules,
    AutomationNotice,
    GiveCommand,
    NoticeKind,
    RulesRow,
    StandingRule,
    WatchRow,
)
from schemas.messages.decisions import Decision
from schemas.messages.journal import BalanceAfter
from schemas.messages.vocabulary import Outcome
from streams.automation import actions
from streams.automation.actions import owner_of, place_of
from streams.automation.rules import ReadyRule, ReadyRules, Seen, check_rules, natural
from streams.automation.tables import Books, WatchKey
from streams.job_commands import given_by_a_job
from streams.runtime.job import InputRecord, Output
from topics.catalog import AUTOMATION_RULES

NONE_WAITS: Final = 0


@final
class AutomationSteps:
    """Satisfies `streams.runtime.changelog.Steps`."""

    def __init__(self, books: Books, partition: int, partitions: int) -> None:
        self._books: Final = books
        self._partition: Final = partition
        self._partitions: Final = partitions
        self._ready: ReadyRules | None = None

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Take rules, or follow one Decision."""
        if record.topic == AUTOMATION_RULES.name:
            return self._take(record)
        assert record.value is not None, "the log has no record without a value"
        return self.follow(decode(Decision, record.value))

    def follow(self, decision: Decision) -> Sequence[Output]:
        """Look at every account that a Decision touched."""
        outputs: list[Output] = []
        if _is_refused_of_ours(decision):
            outputs.append(self._told(actions.refused(decision)))
        rules = self._in_force(decision.decided_at)
        if rules is not None and decision.balances:
            kinds = frozenset([type(event).__name__ for event in decision.events])
            for balance in decision.balances:
                key = balance.account, balance.owner, balance.currency
                for rule in rules.watching(*key):
                    if rule.asks(kinds):
                        self._look(rule, _seen(decision, balance), rules.version, outputs)
        return outputs

    def fire(self, until: int) -> Sequence[Output] | None:
        """End the first cool-down due: what has crossed meanwhile and still holds is raised."""
        first = self._books.waiting.first(1)
        if not first or first[0][0][0] > until:
            return None
        due, key = first[0][0]
        self._books.waiting.delete((due, key))
        row = self._books.watches.get(key)
        assert row is not None, f"a cool-down of {key}, which has no row"
        seen = Seen(owner_of(key[1]), row.balance, row.amount, due, row.sequence)
        rules = self._in_force(due)
        rule = None if rules is None else rules.by_id.get(key[0])
        if rules is None or rule is None or rule.since != row.since:
            self._arm(key, row)  # by a rule that is not there any more
            return []
        return [self._raise(key, row, rule, seen, rules.version)]

    def _take(self, record: InputRecord) -> Sequence[Output]:
        """Note rules for the time from the record's on; refuse what cannot be worked by."""
        at = record.append_time
        try:
            given = decode(ActivateRules, record.value or b"")
        except CodecError:
            return [self._about(NoticeKind.RULES_REFUSED, f"offset-{record.offset}", "value", at)]
        if self._books.taken.get(given.control_id) is not None:
            return []
        try:
            check_rules(given.rules)
        except ProgrammeError as error:
            return [self._about(NoticeKind.RULES_REFUSED, given.control_id, error.field, at)]
        self._books.taken.put(given.control_id, b"")
        self._books.rules.put(at, self._standing(given, at))
        self._ready = None
        return [self._about(NoticeKind.RULES_TAKEN, given.control_id, given.rules.version, at)]

    def _standing(self, given: ActivateRules, at: int) -> RulesRow:
        """Return the rules with the time since when each is as it is."""
        earlier = [row for since, row in self._books.rules.first(MANY) if since <= at][-1:]
        before = {each.rule.rule_id: each for row in earlier for each in row.rules}
        standing = []
        for rule in given.rules.rules:
            kept = before.get(rule.rule_id)
            same = kept is not None and kept.rule == rule
            standing.append(kept if kept is not None and same else StandingRule(at, rule))
        return RulesRow(given.rules.version, tuple(standing))

    def _in_force(self, at: int) -> ReadyRules | None:
        """Return the rules of an instant; forget those before them, as time only goes on."""
        found = self._books.rules.first(2)
        while len(found) > 1 and found[1][0] <= at:
            self._books.rules.delete(found[0][0])
            found = self._books.rules.first(2)
        if not found or found[0][0] > at:
            return None
        since, row = found[0]
        if self._ready is None or self._ready.since != since:
            self._ready = ReadyRules(since, row)
        return self._ready

    def _look(self, rule: ReadyRule, seen: Seen, version: str, outputs: list[Output]) -> None:
        """Move one rule on for one account."""
        key = rule.rule.rule_id, place_of(rule.rule.watch, seen.owner)
        row = self._books.watches.get(key) or _never(rule)
        if row.since != rule.since:
            row = self._arm(key, row, rule.since)
        if not rule.holds(seen):
            if row.holds:
                self._arm(key, row)
        elif not row.holds:
            free_at = row.raised_at + rule.cooldown_us if row.crossings else seen.at
            if free_at > seen.at:
                self._wait(key, row, seen, free_at)
            else:
                outputs.append(self._raise(key, row, rule, seen, version))
        elif row.due != NONE_WAITS:
            self._wait(key, row, seen, row.due)

    def _arm(self, key: WatchKey, row: WatchRow, since: int | None = None) -> WatchRow:
        """Let the next crossing raise something; one that waited is over."""
        if row.due != NONE_WAITS:
            self._books.waiting.delete((row.due, key))
        by = row.since if since is None else since
        armed = WatchRow(by, False, row.crossings, row.raised_at, NONE_WAITS, 0, 0, 0)  # noqa: FBT003 - positional like the schema
        self._books.watches.put(key, armed)
        return armed

    def _wait(self, key: WatchKey, row: WatchRow, seen: Seen, due: int) -> None:
        """Keep a crossing, as it was seen last, until the cool-down is over."""
        waits = WatchRow(
            row.since,
            True,  # noqa: FBT003 - positional like the schema
            row.crossings,
            row.raised_at,
            due,
            *(seen.balance, seen.amount, seen.sequence),
        )
        self._books.watches.put(key, waits)
        self._books.waiting.put((due, key), b"")

    def _raise(
        self, key: WatchKey, row: WatchRow, rule: ReadyRule, seen: Seen, version: str
    ) -> Output:
        """Do what the rule says, under the next number."""
        crossing = row.crossings + 1
        watch, rule_id = rule.rule.watch, rule.rule.rule_id
        action_id = actions.action_id(watch, rule_id, seen.owner, crossing, self._partition)
        raised = WatchRow(
            row.since,
            True,  # noqa: FBT003 - positional like the schema
            crossing,
            seen.at,
            NONE_WAITS,
            *(seen.balance, seen.amount, seen.sequence),
        )
        self._books.watches.put(key, raised)
        if isinstance(rule.rule.then, GiveCommand):
            return actions.command(rule, seen, action_id, self._partitions)
        return self._told(actions.notice(rule, seen, action_id, crossing, version))

    def _about(self, kind: NoticeKind, control_id: str, what: str, at: int) -> Output:
        return self._told(actions.about_rules(kind, control_id, what, at))

    def _told(self, said: AutomationNotice) -> Output:
        return actions.told(said, self._partition)


MANY: Final = 1_000  # documents of rules that are not in force yet: a few at most


def _never(rule: ReadyRule) -> WatchRow:
    return WatchRow(rule.since, False, 0, 0, NONE_WAITS, 0, 0, 0)  # noqa: FBT003 - positional like the schema


def _seen(decision: Decision, balance: BalanceAfter) -> Seen:
    """Return a look at one account of a Decision."""
    key = balance.account, balance.owner, balance.currency
    moved = sum(
        [
            posting.amount
            for entry in decision.entries
            for posting in entry.postings
            if (posting.account, posting.owner, posting.currency) == key
        ]
    )
    return Seen(
        balance.owner,
        natural(balance.account, balance.minor),
        natural(balance.account, moved),
        decision.decided_at,
        decision.sequence,
    )


def _is_refused_of_ours(decision: Decision) -> bool:
    """Tell whether the ledger refused what a rule commanded; other jobs have other prefixes."""
    refused = decision.outcome is Outcome.REJECTED
    return given_by_a_job(decision) and refused and decision.command_id.startswith(actions.PREFIX)
