"""RI05: two partitions say the same of the legs between them, and their IB accounts agree (I4).

Owns: what is compared at one end, and what when both ends have said the same number.
Never: compares at different numbers; a leg that the other end has not taken is lag.

Alone, each end shows that numbers have no gap and no repeat, that an answer ends a CREDIT and
nothing else does, and that IB:{peer} holds what was accepted less what was sent and not taken back.
Together, at equal numbers: what was sent is what was accepted and refused, and the running digests
are equal. A break names the pair and the legs since both ends were last equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from schemas.messages.events import TransferCompensated, TransferSettled
from schemas.messages.legs import Leg
from schemas.messages.recon import CurrencySum, PairFlow, PairPoint
from schemas.messages.vocabulary import LegKind, ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.internal.checks.check import Check
from streams.reconciliation.internal.sums import wrapped

CHECK: Final = Check(ReconCheck.RI05, ReconSeverity.CRITICAL, ReconAction.CRITICAL)


def misnumbered(what: str, last: int, pair_seq: int) -> str | None:
    """Return that a leg is not the next of its pair."""
    if pair_seq == last + 1:
        return None
    how = "came again" if pair_seq <= last else f"follows {last}"
    return f"leg {pair_seq} {what} {how}"


def unanswered(event: TransferSettled | TransferCompensated, answer: Leg | None) -> str | None:
    """Return that a CREDIT was ended by something else than its own answer: never on a timeout."""
    kind = LegKind.ACK if isinstance(event, TransferSettled) else LegKind.NACK
    if (
        answer is not None
        and (answer.kind, answer.credit_seq) == (kind, event.credit_seq)
        and answer.src_partition == event.to_partition
    ):
        return None
    return f"CREDIT {event.credit_seq} was ended without its {kind.name}"


def off_balance(peer: str, balance: int, flow: PairFlow) -> str | None:
    """Return that an IB account holds something else than the legs say."""
    expected = wrapped(flow.accepted - (flow.sent - flow.compensated))
    if balance == expected:
        return None
    return f"IB:{peer} {flow.currency} is {balance}, its legs say {expected}"


def apart(source: PairPoint, destination: PairPoint) -> str | None:
    """Return how both ends differ at the same number."""
    sent, taken = _said(source.sums), _said(destination.sums)
    if sent != taken:
        return f"sent {sent}, accepted and refused {taken}"
    if source.digest != destination.digest:
        return f"the same sums ({sent}), other legs: digests differ"
    return None


def _said(sums: Sequence[CurrencySum]) -> dict[str, int]:
    return {each.currency: each.minor for each in sums if each.minor != 0}
