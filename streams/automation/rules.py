"""Rules: what makes a document of rules usable, and rules made ready for the step.

Owns: the catalogue of features, the check that names a wrong field, look-ups by account.
Never: reads text. A document becomes a message outside (`ops.automation`), as a ruleset does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, get_args

from ledger.calendar import SECOND_US
from ledger.chart import CHART, WALLET_ACCOUNTS, Nature
from ledger.errors import ProgrammeError
from schemas.codec import CodecError, decode
from schemas.messages.automation import (
    Action,
    AutomationRule,
    AutomationRules,
    Bound,
    GiveCommand,
    RulesRow,
    Watch,
)
from schemas.messages.commands import (
    Command,
    MoveFromPot,
    MoveToPot,
    Transfer,
    WalletCommand,
    Withdraw,
)
from schemas.messages.decisions import Event
from schemas.values import COMMAND_ID, CURRENCIES, WALLET_ID

RULES_MAX: Final = 100
BOUNDS_MAX: Final = 8
RULE_ID_MAX: Final = 32  # command ids carry it, with the account's digest and the crossing
NAME_MAX: Final = 64
COOLDOWN_MAX_S: Final = 366 * 86_400
DEBIT_SIDE: Final = frozenset({Nature.ASSET, Nature.EXPENSE, Nature.CLEARING})
EVENTS: Final = frozenset(each.__name__ for each in get_args(Event))
BALANCE: Final = "balance"


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at an account: minor units on the account's own side, so that money is positive."""

    owner: str
    balance: int
    amount: int  # by how much it moved
    at: int
    sequence: int


Feature = Callable[[Seen], int]
FEATURES: Final[Mapping[str, Feature]] = MappingProxyType(
    {BALANCE: lambda seen: seen.balance, "amount": lambda seen: seen.amount}
)
# Commands whose amount a rule may compute.
Levelled = Transfer | MoveToPot | MoveFromPot | Withdraw


def natural(account: str, minor: int) -> int:
    """Return a debit-positive amount as the account's owner sees it."""
    return minor if CHART[account].nature in DEBIT_SIDE else -minor


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with its features looked up and its command decoded."""

    rule: AutomationRule
    since: int
    cooldown_us: int
    kinds: frozenset[str]
    bounds: tuple[tuple[Feature, Bound], ...]
    body: Command | None  # what a GiveCommand commands

    def asks(self, kinds: frozenset[str]) -> bool:
        """Tell whether a Decision with these events is one that it looks at."""
        return not self.kinds or not self.kinds.isdisjoint(kinds)

    def holds(self, seen: Seen) -> bool:
        """Tell whether every bound holds."""
        return all(_inside(bound, feature(seen)) for feature, bound in self.bounds)


class ReadyRules:
    """The rules of one row, by what they watch and by id."""

    def __init__(self, since: int, row: RulesRow) -> None:
        self.since: Final = since
        self.version: Final = row.version
        self.by_id: Final = {each.rule.rule_id: ready(each.since, each.rule) for each in row.rules}
        self._watching: Final[dict[tuple[str, str], list[ReadyRule]]] = {}
        for each in self.by_id.values():
            watch = each.rule.watch
            self._watching.setdefault((watch.account, watch.currency), []).append(each)

    def watching(self, account: str, owner: str, currency: str) -> list[ReadyRule]:
        """Return the rules that look at an account, in the order of the document."""
        found = self._watching.get((account, currency), [])
        return [each for each in found if each.rule.watch.owner in ("", owner)]


def ready(since: int, rule: AutomationRule) -> ReadyRule:
    """Make a checked rule ready."""
    bounds = tuple((FEATURES[each.feature], each) for each in rule.when)
    kinds = frozenset(rule.events)
    return ReadyRule(rule, since, rule.cooldown_s * SECOND_US, kinds, bounds, _body_of(rule.then))


def check_rules(rules: AutomationRules) -> None:
    """Raise `ProgrammeError` naming the field, unless the job can work by these rules."""
    _require(1 <= len(rules.version) <= NAME_MAX, "version")
    _require(len(rules.rules) <= RULES_MAX, "rules")
    seen: set[str] = set()
    for index, rule in enumerate(rules.rules):
        path = f"rules[{index}]"
        _require(rule.rule_id not in seen, f"{path}.rule_id")
        seen.add(rule.rule_id)
        _check_rule(rule, path)


def _check_rule(rule: AutomationRule, path: str) -> None:
    is_id = COMMAND_ID.fullmatch(rule.rule_id) is not None
    _require(is_id and len(rule.rule_id) <= RULE_ID_MAX, f"{path}.rule_id")
    _check_watch(rule.watch, f"{path}.watch")
    for index, event in enumerate(rule.events):
        _require(event in EVENTS, f"{path}.events[{index}]")
    _require(1 <= len(rule.when) <= BOUNDS_MAX, f"{path}.when")
    for index, bound in enumerate(rule.when):
        _check_bound(bound, f"{path}.when[{index}]")
    _require(0 <= rule.cooldown_s <= COOLDOWN_MAX_S, f"{path}.cooldown_s")
    _check_action(rule, f"{path}.then")


def _check_watch(watch: Watch, path: str) -> None:
    _require(watch.account in CHART, f"{path}.account")
    _require(len(watch.owner) <= NAME_MAX, f"{path}.owner")
    _require(watch.currency in CURRENCIES, f"{path}.currency")


def _check_bound(bound: Bound, path: str) -> None:
    _require(bound.feature in FEATURES, f"{path}.feature")
    _require(bound.low is not None or bound.high is not None, f"{path}.low")
    if bound.low is not None and bound.high is not None:
        _require(bound.low < bound.high, f"{path}.high")


def _check_action(rule: AutomationRule, path: str) -> None:
    then = rule.then
    if isinstance(then, GiveCommand):
        _check_command(rule.watch, then, path)
    else:
        _require(COMMAND_ID.fullmatch(then.code) is not None, f"{path}.code")
    if then.level is not None:
        # At its level the balance must not be where the rule raises: an action that reached it
        # would leave the rule raised for ever, and one from it would have no amount.
        bounds = [each for each in rule.when if each.feature == BALANCE]
        left = bool(bounds) and not all(_inside(each, then.level) for each in bounds)
        _require(left, f"{path}.level")


def _check_command(watch: Watch, then: GiveCommand, path: str) -> None:
    if then.wallet_id:
        _require(WALLET_ID.fullmatch(then.wallet_id) is not None, f"{path}.wallet_id")
    else:
        _require(watch.account in WALLET_ACCOUNTS, f"{path}.wallet_id")
    try:
        body = _body_of(then)
    except CodecError as error:
        raise ProgrammeError(f"{path}.template") from error
    if then.level is not None:
        same = isinstance(body, Levelled) and body.currency == watch.currency
        _require(same, f"{path}.level")


def _body_of(then: Action) -> Command | None:
    return decode(WalletCommand, then.template).body if isinstance(then, GiveCommand) else None


def _inside(bound: Bound, value: int) -> bool:
    return (bound.low is None or value >= bound.low) and (bound.high is None or value < bound.high)


def _require(holds: bool, field: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise ProgrammeError(field)
