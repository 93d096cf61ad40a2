"""Genesis: policy and ruleset until the first ACTIVATE, and the compiled programme of any pair.

Owns: loading the committed documents of `genesis/`, and `Programmes`, which compiles a policy and
ruleset once.
Never: decides which is in force; the tables say.
"""

from __future__ import annotations

import json
from hashlib import sha256
from importlib.resources import files
from typing import Final, TypeVar, final

from ledger.programme import Programme
from schemas.codec import encode
from schemas.documents import message_from_json
from schemas.messages.policy import Policy, Ruleset

M = TypeVar("M")
HASH_BYTES: Final = 16


def genesis_policy() -> Policy:
    """Return the committed policy."""
    return _load(Policy, "policy.json")


def genesis_ruleset() -> Ruleset:
    """Return the committed ruleset."""
    return _load(Ruleset, "ruleset.json")


def ruleset_hash(ruleset: Ruleset) -> bytes:
    """Return the id of a ruleset: the first 16 bytes of the SHA-256 of its encoded bytes."""
    return sha256(encode(ruleset)).digest()[:HASH_BYTES]


@final
class Current:
    """A compiled programme and how Decisions name it."""

    __slots__ = ("policy", "policy_version", "programme", "ruleset", "ruleset_hash")

    def __init__(self, policy: Policy, ruleset: Ruleset) -> None:
        self.programme: Final = Programme.compile(policy, ruleset)
        self.policy: Final = policy
        self.ruleset: Final = ruleset
        self.policy_version: Final = policy.version
        self.ruleset_hash: Final = ruleset_hash(ruleset)


@final
class Programmes:
    """Compiles the pair in force; keeps the last one, since it changes a few times a year."""

    def __init__(self, policy: Policy, ruleset: Ruleset) -> None:
        self._genesis: Final = (policy, ruleset)
        self._pair = (policy, ruleset)
        self._current = Current(policy, ruleset)
        self._trial: Current | None = None

    def current(self, policy: Policy | None, ruleset: Ruleset | None) -> Current:
        """Return the programme of these rows; a missing one is the genesis document."""
        wanted = (policy or self._genesis[0], ruleset or self._genesis[1])
        if wanted[0] is not self._pair[0] or wanted[1] is not self._pair[1]:
            self._current = Current(*wanted)
            self._pair = wanted
        return self._current

    def candidate(self, policy: Policy | None, ruleset: Ruleset) -> Current:
        """Return the programme of a ruleset on trial; kept apart, as both decide in turn."""
        wanted = policy or self._genesis[0]
        kept = self._trial
        if kept is None or kept.policy is not wanted or kept.ruleset is not ruleset:
            kept = self._trial = Current(wanted, ruleset)
        return kept


def _load(kind: type[M], name: str) -> M:
    text = files("streams.wallet").joinpath("genesis", name).read_text(encoding="utf-8")
    return message_from_json(kind, json.loads(text))
