"""Comparison: a prediction and the Decision it predicted, field by field.

Owns: what a Decision must say as predicted: sequence, time, outcome, postings, balances, limits
used, the fraud decision, legs.
Never: predicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ops.auditor.answer import AccountKey, Answer, Assessed, Foreseen
from ops.auditor.books import WALLET_ACCOUNTS, Books, Used
from ops.auditor.difference import Difference
from ops.auditor.limits import came_from
from schemas.messages.decisions import Decision
from schemas.messages.events import (
    InflowConsumed,
    InflowGivenBack,
    LegSent,
    MerchantSold,
    OutflowConsumed,
    OutflowGivenBack,
)
from schemas.messages.journal import BalanceAfter, JournalEntry
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import OutflowFamily


def compare(books: Books, decision: Decision, answer: Answer) -> Iterator[Difference]:
    """Yield every field in which a Decision is not what was predicted."""
    pairs = [
        ("sequence", books.sequence, decision.sequence),
        ("decided_at", books.at, decision.decided_at),
        ("outcome", answer.outcome, decision.outcome),
        ("reason", answer.reason, decision.reason),
        ("stage", answer.stage, decision.stage),
        ("duplicate of", answer.duplicate_of, decision.duplicate_of),
        ("policy", *_in_force(books, decision)),
        ("ruleset", books.rulesets.name(), decision.ruleset_hash),
        ("postings", without_zero(books.posted), without_zero(_posted(decision.entries))),
        ("balances", balances_of(books), _stated(decision.balances)),
        ("dry run", books.foreseen, _would_be(decision)),
        ("limits used", sorted(books.limits), sorted(_used(decision))),
        ("risk", books.risk, _assessed(decision)),
        ("merchant rules", _found(books), _said_of_sales(decision)),
        ("legs", [_said(each) for each in books.legs], [_said(each) for each in _sent(decision)]),
    ]
    if answer.detail is not None:
        pairs.append(("detail", answer.detail, decision.detail))
    for predicted, leg in zip(books.legs, _sent(decision), strict=False):
        if not 1 <= leg.final_below <= predicted.final_below:
            pairs.append(("final below, at most", predicted.final_below, leg.final_below))
    for what, expected, found in pairs:
        if expected != found:
            yield Difference(
                decision.partition, decision.sequence, decision.wallet_id, what, expected, found
            )


def _assessed(decision: Decision) -> Assessed | None:
    risk = decision.risk
    if risk is None:
        return None
    scores = tuple((each.typology_id, each.score) for each in risk.typologies)
    fired = tuple((each.feature, each.value, each.weight) for each in risk.fired)
    return risk.action, risk.score, scores, fired, risk.missing


def _found(books: Books) -> list[object]:
    trades = [books.wallets[each].traded for each in sorted(books.touched)]
    return [found for each in trades for at, found in each.found if at == books.sequence]


def _said_of_sales(decision: Decision) -> list[object]:
    return [
        (
            *(each.wallet_id, each.payer, each.base_amount, each.day, each.night),
            *(each.score, each.reserve_bp),
            tuple((one.feature, one.value, one.weight) for one in each.fired),
            each.missing,
        )
        for each in decision.events
        if isinstance(each, MerchantSold)
    ]


def _in_force(books: Books, decision: Decision) -> tuple[str, str]:
    """A document that this very Decision activates is in force from the next one on."""
    if decision.input and books.controls.get(decision.command_id) == books.sequence:
        return decision.policy_version, decision.policy_version
    return books.policy.version, decision.policy_version


def _would_be(decision: Decision) -> Foreseen | None:
    said = decision.dry_run
    if said is None:
        return None
    return said.stage, without_zero(_posted(said.entries)), _stated(said.balances)


def _posted(entries: Iterable[JournalEntry]) -> dict[AccountKey, int]:
    found: dict[AccountKey, int] = {}
    for entry in entries:
        for line in entry.postings:
            key = (line.account, line.owner, line.currency)
            found[key] = found.get(key, 0) + line.amount
    return found


def without_zero(amounts: Mapping[AccountKey, int]) -> dict[AccountKey, int]:
    """Return what was posted in all, account by account."""
    return {key: amount for key, amount in sorted(amounts.items()) if amount}


def balances_of(books: Books) -> dict[AccountKey, tuple[int, int]]:
    """Return every touched balance with the sequence of its owner."""
    return {
        key: (
            books.balances[key],
            books.wallets[key[1]].sequence if key[0] in WALLET_ACCOUNTS else books.sequence,
        )
        for key in sorted(books.posted)
    }


def _stated(balances: Iterable[BalanceAfter]) -> dict[AccountKey, tuple[int, int]]:
    stated = {
        (each.account, each.owner, each.currency): (each.minor, each.owner_sequence)
        for each in balances
    }
    return dict(sorted(stated.items()))


def _used(decision: Decision) -> list[Used]:
    """Return what the events take of limits, and give back."""
    used: list[Used] = []
    for event in decision.events:
        if isinstance(event, OutflowConsumed):
            used.append((f"out {event.family.name}", *_of(event), event.new_payee))
        elif isinstance(event, OutflowGivenBack):
            withdrawn = event.family is OutflowFamily.WITHDRAWAL
            what = "back withdrawn" if withdrawn else "back"
            used.append((what, *_of(event), event.whole))
        elif isinstance(event, InflowConsumed):
            what = came_from(event.from_wallet_id, event.instrument)
            used.append((what, *_of(event), event.card))
        elif isinstance(event, InflowGivenBack):
            used.append(("in back", *_of(event), False))
    return used


def _of(
    event: OutflowConsumed | OutflowGivenBack | InflowConsumed | InflowGivenBack,
) -> tuple[str, int, int, int]:
    return event.wallet_id, event.base_amount, event.day, event.month


def _sent(decision: Decision) -> list[Leg]:
    return [event.leg for event in decision.events if isinstance(event, LegSent)]


def _said(leg: Leg) -> tuple[object, ...]:
    """Return what a leg says; `final_below` is compared on its own, as a bound."""
    return (
        leg.kind,
        leg.src_partition,
        leg.dst_partition,
        leg.pair_seq,
        leg.credit_seq,
        leg.transfer_id,
        leg.purpose,
        leg.from_wallet_id,
        leg.to_wallet_id,
        leg.currency,
        leg.amount,
        leg.reason,
        leg.about,
    )
