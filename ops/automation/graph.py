"""Graph: what a rule does, as steps and arrows that any notation can draw.

Owns: the words and the course of a rule.
Never: knows a notation.

The beginning of each rule is an event that happens when a condition becomes true and has to become
false before it can happen again: the conditional start event of BPMN, which is what the job does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ops.console import money_text
from schemas.codec import decode
from schemas.messages.automation import AutomationRule, Bound, GiveNotice
from schemas.messages.commands import WalletCommand

OWNERS: Final = "any owner"


class Kind(Enum):
    """What a step is."""

    START = auto()
    CHOICE = auto()
    WAIT = auto()
    COMMAND = auto()
    NOTICE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One step; column and row say where it is drawn."""

    name: str
    kind: Kind
    text: str
    column: int
    row: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """What comes after what, and on which answer."""

    source: str
    target: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """The course of one rule."""

    title: str
    condition: str
    cooldown_s: int
    steps: tuple[Step, ...]
    arrows: tuple[Arrow, ...]


def graph_of(rule: AutomationRule) -> Graph:
    """Return the course of a rule."""
    condition = _condition(rule)
    start = Step("start", Kind.START, condition, 0)
    if not rule.cooldown_s:
        act, done = _act(rule, 1), Step("done", Kind.END, "done", 2)
        arrows = (Arrow("start", "act"), Arrow("act", "done"))
        return Graph(rule.rule_id, condition, 0, (start, act, done), arrows)
    steps = (start, *_cooling(rule.cooldown_s), _act(rule, 4), Step("done", Kind.END, "done", 5))
    return Graph(rule.rule_id, condition, rule.cooldown_s, steps, COOLING)


COOLING: Final = (
    Arrow("start", "rested"),
    Arrow("rested", "act", "yes"),
    Arrow("rested", "wait", "no"),
    Arrow("wait", "still"),
    Arrow("still", "act", "yes"),
    Arrow("still", "over", "no"),
    Arrow("act", "done"),
)


def _cooling(cooldown_s: int) -> tuple[Step, ...]:
    return (
        Step("rested", Kind.CHOICE, "cool-down over?", 1),
        Step("wait", Kind.WAIT, f"{cooldown_s} s after the last action", 2, 1),
        Step("still", Kind.CHOICE, "still so?", 3, 1),
        Step("over", Kind.END, "over", 4, 1),
    )


def _condition(rule: AutomationRule) -> str:
    watch = rule.watch
    bounds = " and ".join([_bound(each, watch.currency) for each in rule.when])
    only = f" on {' or '.join(rule.events)}" if rule.events else ""
    return f"{watch.account} of {watch.owner or OWNERS}: {bounds}{only}"


def _bound(bound: Bound, currency: str) -> str:
    low = "" if bound.low is None else f" from {money_text(bound.low, currency)}"
    high = "" if bound.high is None else f" below {money_text(bound.high, currency)}"
    return f"{bound.feature}{low}{high}"


def _act(rule: AutomationRule, column: int) -> Step:
    then, currency = rule.then, rule.watch.currency
    level = "" if then.level is None else f", to the level of {money_text(then.level, currency)}"
    if isinstance(then, GiveNotice):
        return Step("act", Kind.NOTICE, f"notice {then.code}{level}", column)
    body = type(decode(WalletCommand, then.template).body).__name__
    return Step("act", Kind.COMMAND, f"{body} by {then.wallet_id or 'the owner'}{level}", column)
