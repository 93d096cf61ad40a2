"""The seal: what makes a transaction's Decisions one group that can be seen to be whole.

Owns: encoding a group's log records, with the seal in the last and the chain in each header.
Never: touches state.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from ledger.sealing import CHAIN_HEADER, chain_after
from schemas.codec import encode
from schemas.messages.decisions import Decision, InputPosition, Seal
from streams.runtime.job import LogRecord, Output, Positions


def seal_group(
    decisions: Sequence[Decision], legs: Sequence[Output], positions: Positions, chain: bytes
) -> tuple[tuple[LogRecord, ...], bytes]:
    """Return the log records of a group and the chain head (32 bytes) after them."""
    seal = Seal(
        decisions[0].sequence,
        len(decisions),
        len(legs),
        sha256(b"".join([leg.value or b"" for leg in legs])).digest(),
        tuple([InputPosition(topic, offset) for topic, offset in sorted(positions.items())]),
    )
    records = []
    for decision in (*decisions[:-1], sealed(decisions[-1], seal)):
        value = encode(decision)
        chain = chain_after(chain, value)
        key = decision.wallet_id.encode()
        records.append(LogRecord(key, value, ((CHAIN_HEADER, chain),)))
    return tuple(records), chain


def sealed(decision: Decision, seal: Seal | None) -> Decision:
    """Return the same Decision with this seal, or none."""
    return Decision(
        decision.ledger_id,
        decision.partition,
        decision.sequence,
        decision.engine,
        decision.decided_at,
        decision.source,
        decision.input,
        decision.input_length,
        decision.input_hash,
        decision.wallet_id,
        decision.command_id,
        decision.fingerprint,
        decision.field_checks,
        decision.policy_version,
        decision.ruleset_hash,
        decision.outcome,
        decision.reason,
        decision.detail,
        decision.stage,
        decision.duplicate_of,
        decision.risk,
        decision.events,
        decision.entries,
        decision.balances,
        seal,
        decision.dry_run,
    )
