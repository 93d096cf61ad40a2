"""Plan: the control records that bring a document into force, one per partition.

Owns: reading and checking the document, the four fields of a control record.
Never: sends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from ledger.candidate import check_mode
from ledger.documents import check_policy, check_ruleset
from ledger.errors import ProgrammeError
from ops.errors import DocumentError
from ops.json_file import json_in
from ops.per_partition import Record, to_every_partition
from schemas.codec import CodecError, encode
from schemas.documents import message_from_json
from schemas.messages.control import (
    ActivatePolicy,
    ActivateRuleset,
    Control,
    ControlAction,
    SetRates,
)
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.rows import RatesRow
from schemas.messages.vocabulary import ActivationMode

HASH_DIGITS: Final = 32


@dataclass(frozen=True, slots=True)
class Activation:
    """A document to bring into force. `hash` is how Decisions name it."""

    body: ControlAction
    kind: str
    version: str
    hash: str

    @property
    def named(self) -> str:
        """Return kind, version, hash and how far it comes into force."""
        body = self.body
        named = f"{self.kind} {self.version} ({self.hash})"
        if not isinstance(body, ActivateRuleset) or body.mode is ActivationMode.LIVE:
            return named
        if body.mode is ActivationMode.SHADOW:
            return f"{named} in shadow"
        return f"{named} for {body.canary_percent} % of the wallets"

    def lines(self, control_id: str, partitions: int) -> list[str]:
        """Return what will be done, in words."""
        return [
            f"activate {self.named} as control {control_id} on partition {number}"
            for number in range(partitions)
        ]


def activation_of(
    policy: Path | None, ruleset: Path | None, rates: Path | None = None
) -> Activation:
    """Read one of the files. Raises `DocumentError` naming file and field."""
    given = [
        (file, read)
        for file, read in ((policy, _policy), (ruleset, _ruleset), (rates, _rates))
        if file is not None
    ]
    if len(given) != 1:
        raise DocumentError("give one of --policy FILE, --ruleset FILE and --rates FILE")
    ((file, read),) = given
    return _from_file(file, read)


def ruleset_of(file: Path) -> Ruleset:
    """Read a ruleset alone. Raises `DocumentError` naming file and field."""
    body = _from_file(file, _ruleset).body
    assert isinstance(body, ActivateRuleset), "this is what a ruleset's file becomes"
    return body.ruleset


def on_trial(activation: Activation, mode: ActivationMode, percent: int) -> Activation:
    """Return the activation in a mode. Raises `DocumentError` naming the option."""
    body = activation.body
    if not isinstance(body, ActivateRuleset):
        if mode is not ActivationMode.LIVE or percent:
            raise DocumentError("--mode and --canary-percent are about a ruleset")
        return activation
    tried = ActivateRuleset(body.ruleset, mode, percent)
    try:
        check_mode(tried)
    except ProgrammeError as error:
        raise DocumentError("--canary-percent: 1 to 99 with --mode CANARY, else none") from error
    return Activation(tried, activation.kind, activation.version, activation.hash)


def _from_file(file: Path, read: Callable[[dict[str, Any]], Activation]) -> Activation:
    document = json_in(file)
    try:
        return read(document)
    except CodecError as error:
        raise DocumentError(f"{file}: {error}") from error
    except ProgrammeError as error:
        raise DocumentError(f"{file}: {error.field}: not what the core can decide by") from error


@dataclass(frozen=True, slots=True)
class Signed:
    """Who brings something into force, under which id and when; nobody need have approved it."""

    control_id: str
    issued_at_us: int
    issuer: str
    approver: str = ""


def control_records(activation: Activation, signed: Signed, partitions: int) -> list[Record]:
    """Return key, value and partition of every record."""
    head = (signed.control_id, signed.issued_at_us, signed.issuer)
    value = encode(Control(*head, activation.body, signed.approver))
    return to_every_partition(value, partitions)


def policy_activation(policy: Policy) -> Activation:
    """Return the activation of a policy. Raises `ProgrammeError`."""
    check_policy(policy)
    return Activation(ActivatePolicy(policy), "policy", policy.version, _hash(policy))


def ruleset_activation(ruleset: Ruleset) -> Activation:
    """Return the activation of a ruleset. Raises `ProgrammeError`."""
    check_ruleset(ruleset)
    return Activation(ActivateRuleset(ruleset), "ruleset", ruleset.version, _hash(ruleset))


def _policy(document: dict[str, Any]) -> Activation:
    return policy_activation(message_from_json(Policy, document))


def _ruleset(document: dict[str, Any]) -> Activation:
    return ruleset_activation(message_from_json(Ruleset, document))


def _rates(document: dict[str, Any]) -> Activation:
    """Read a rate table; each partition checks it against the policy that it has in force."""
    table = message_from_json(RatesRow, document)
    body = SetRates(table.rate_id, table.rates, table.valid_until)
    return Activation(body, "rates", table.rate_id, _hash(table))


def _hash(message: object) -> str:
    return sha256(encode(message)).hexdigest()[:HASH_DIGITS]
