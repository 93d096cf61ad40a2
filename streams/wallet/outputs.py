"""What goes out with a group besides its Decisions: legs, results, dead letters.

Owns: building each from the Decision alone, so that a recovering owner sends the very same bytes
again. The one exception is what a ruleset in shadow says: nobody needs it, so it is sent once.
Never: decides anything. Receivers drop repeats: legs by pair number, results by command id and
sequence, dead letters by source coordinates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from ledger.results import results_of
from schemas.codec import encode
from schemas.messages.decisions import Decision, InputSource, RiskAssessment
from schemas.messages.events import LegSent
from schemas.messages.legs import Leg
from schemas.messages.results import DeadLetter
from schemas.messages.shadow import ShadowAssessment
from schemas.messages.vocabulary import LegKind, RejectionReason
from streams.runtime.job import InputRecord, Output, ReadInput
from streams.wallet.catalogued import TOPIC_NAMES
from topics.catalog import DEAD_LETTERS, LEGS, RESULTS, SHADOW

MAX_DEAD_LETTER_BYTES: Final = 524_288  # half a batch: with key and headers it always fits
# A key may be as long as a batch too; more of it would make a letter no producer takes.
MAX_DEAD_LETTER_KEY_BYTES: Final = 65_536
DEAD: Final = frozenset(
    {RejectionReason.UNREADABLE, RejectionReason.TOO_LARGE, RejectionReason.MISROUTED}
)
ANSWERS: Final = frozenset({LegKind.ACK, LegKind.NACK})


def outputs_of(decisions: Iterable[Decision]) -> tuple[list[Output], list[Output]]:
    """Return the legs of a group, in order, and its results."""
    legs: list[Output] = []
    results: list[Output] = []
    for decision in decisions:
        legs += [_leg(event.leg) for event in decision.events if isinstance(event, LegSent)]
        results += [
            Output(RESULTS.name, decision.partition, result.wallet_id.encode(), encode(result))
            for result in results_of(decision)
        ]
    return legs, results


def dead_letter_of(decision: Decision, record: InputRecord | None) -> Output | None:
    """Return the dead letter of a Decision, or None; without the record, its hash must do."""
    source = decision.source
    if decision.reason not in DEAD or not isinstance(source, InputSource):
        return None
    value = decision.input if record is None else record.value
    keep = value is not None and len(value) <= MAX_DEAD_LETTER_BYTES and record is not None
    # A Decision does not tell no key from an empty one; the record does.
    key = (source.key or None) if record is None else record.key
    letter = DeadLetter(
        TOPIC_NAMES[source.topic],
        decision.partition,
        source.offset,
        source.append_time,
        decision.reason,
        decision.detail,
        decision.sequence,
        decision.input_length,
        decision.input_hash or sha256(decision.input).digest(),
        None if key is None else key[:MAX_DEAD_LETTER_KEY_BYTES],
        value if keep else None,
    )
    record_key = None if key is None else source.key
    return Output(DEAD_LETTERS.name, decision.partition, record_key, encode(letter))


def shadow_of(
    decision: Decision, ruleset_hash: bytes, assessment: RiskAssessment, live: RiskAssessment
) -> Output:
    """Return what a candidate would have said about a command that the live set was asked about.

    It depends on the state before the Decision, so it is not sent again after a recovery.
    """
    record = ShadowAssessment(
        decision.partition,
        decision.sequence,
        decision.decided_at,
        decision.wallet_id,
        decision.command_id,
        ruleset_hash,
        assessment,
        decision.ruleset_hash,
        live,
    )
    key = decision.wallet_id.encode()
    return Output(SHADOW.name, decision.partition, key, encode(record))


def resent(decisions: Sequence[Decision], read_input: ReadInput) -> tuple[Output, ...]:
    """Return every output of a committed group again, rebuilt from its Decisions."""
    legs, results = outputs_of(decisions)
    letters = []
    for decision in decisions:
        source = decision.source
        if decision.reason in DEAD and isinstance(source, InputSource):
            name = TOPIC_NAMES[source.topic]
            letter = dead_letter_of(decision, read_input(name, decision.partition, source.offset))
            if letter is not None:
                letters.append(letter)
    return (*legs, *results, *letters)


def _leg(leg: Leg) -> Output:
    receiver = leg.from_wallet_id if leg.kind in ANSWERS else leg.to_wallet_id
    return Output(LEGS.name, leg.dst_partition, receiver.encode(), encode(leg))
