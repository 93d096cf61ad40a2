"""History: which documents were in force before, as the log tells.

Owns: the order of policies or rulesets in every partition, and which one to go back to.
Never: sends, and never trusts a topic that forgets: control records are kept for 30 days only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from ledger.decisions.controls import check_continuity
from ledger.errors import ProgrammeError
from ops.errors import DocumentError
from ops.policy.plan import Activation, policy_activation, ruleset_activation
from schemas.messages.decisions import Decision
from schemas.messages.events import PolicyActivated, RulesetActivated
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.vocabulary import ActivationMode

D = TypeVar("D", Policy, Ruleset)


@dataclass(slots=True)
class Past(Generic[D]):
    """Documents of one partition in the order they came into force; `canary` decides beside."""

    documents: list[D]
    canary: Ruleset | None = None

    def add(self, document: D) -> None:
        """Take a document; the same one again is no step."""
        if document != self.documents[-1]:
            self.documents.append(document)


@dataclass(slots=True)
class History:
    """Both kinds of documents of every partition."""

    policies: dict[int, Past[Policy]] = field(default_factory=dict)
    rulesets: dict[int, Past[Ruleset]] = field(default_factory=dict)

    def take(self, decision: Decision) -> None:
        """Note what a Decision brings into force."""
        for event in decision.events:
            if isinstance(event, PolicyActivated):
                self.policies[decision.partition].add(event.policy)
            elif isinstance(event, RulesetActivated):
                self._ruleset(self.rulesets[decision.partition], event)

    def _ruleset(self, past: Past[Ruleset], event: RulesetActivated) -> None:
        if event.mode is ActivationMode.LIVE:
            past.add(event.ruleset)
        past.canary = event.ruleset if event.mode is ActivationMode.CANARY else None


@dataclass(frozen=True, slots=True)
class Rollback:
    """What is in force, and the activation that goes back."""

    present: Activation
    back: Activation

    def line(self) -> str:
        """Return both in words."""
        return f"from {self.present.named} back to {self.back.named}"


def history_of(
    decisions: Iterable[Decision], partitions: int, genesis: tuple[Policy, Ruleset]
) -> History:
    """Read the log; every partition begins with the genesis documents."""
    numbers: Final = range(partitions)
    history = History(
        {number: Past([genesis[0]]) for number in numbers},
        {number: Past([genesis[1]]) for number in numbers},
    )
    for decision in decisions:
        history.take(decision)
    return history


def rollback_of_ruleset(history: History) -> Rollback:
    """Return the way back to the ruleset before; a canary is what is taken back first."""
    present, previous = _at_one(history.rulesets, "ruleset")
    canaries = [past.canary for past in history.rulesets.values()]
    canary = next((each for each in canaries if each is not None), None)
    if canary is not None:
        return Rollback(ruleset_activation(canary), ruleset_activation(present))
    if previous is None:
        raise _nothing_before("ruleset", present.version)
    return Rollback(ruleset_activation(present), ruleset_activation(previous))


def rollback_of_policy(history: History) -> Rollback:
    """Return the way back to the policy before. Raises `DocumentError` when it is barred."""
    present, previous = _at_one(history.policies, "policy")
    if previous is None:
        raise _nothing_before("policy", present.version)
    try:
        check_continuity(present, previous)
    except ProgrammeError as error:
        why = f"{error.field}: what wallets hold now would not be known to it"
        raise DocumentError(f"policy {previous.version} cannot come back: {why}") from error
    return Rollback(policy_activation(present), policy_activation(previous))


def _at_one(pasts: dict[int, Past[D]], kind: str) -> tuple[D, D | None]:
    """Return present and previous. Raises `DocumentError` where partitions are not at one."""
    found = {number: (past.documents[-1], past.documents[-2:-1]) for number, past in pasts.items()}
    first = found[0]
    for number, each in found.items():
        if each != first:
            here, there = first[0].version, each[0].version
            raise DocumentError(
                f"partitions are not at one: {kind} {here} on 0, {there} on {number}, or what was "
                f"before differs; activate the wanted one by its file"
            )
    return first[0], first[1][0] if first[1] else None


def _nothing_before(kind: str, version: str) -> DocumentError:
    return DocumentError(f"{kind} {version} is in force since the beginning: nothing was before it")
