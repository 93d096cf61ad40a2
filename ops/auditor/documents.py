"""Documents: policies and rulesets that come into force by a control record, cuts, and acts.

Owns: when one is good enough to decide by, and which cut follows which.
Never: names the wrong field; that is the ledger's own courtesy.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from ops.auditor import acts, flags
from ops.auditor.answer import ACCEPTED, Answer
from ops.auditor.books import INT64_MAX, Books
from ops.auditor.limits import FIRST_PAYMENTS_KEPT, NO_LIMIT
from ops.auditor.risk import FEATURES
from ops.auditor.rulesets import percents
from schemas.messages.control import (
    ActivatePolicy,
    ActivateRuleset,
    Control,
    RecordAct,
    RiskFlag,
    SetRates,
    TakeCut,
)
from schemas.messages.policy import Policy, Rule, Ruleset, Typology
from schemas.messages.vocabulary import Outcome, RejectionReason, Tier
from schemas.values import COMMAND_ID, COUNTRY, CURRENCIES, MCC

NAME_MAX: Final = 64
DAY_S: Final = 86_400
YEAR_S: Final = 366 * DAY_S
WHOLE: Final = 10_000  # basis points
MILLION: Final = 1_000_000
RULES_MAX: Final = 1_000
TYPOLOGIES_MAX: Final = 32
THRESHOLDS_MAX: Final = 8
DENIED_MAX: Final = 500
TWO: Final = 2  # pairs of eyes
TWICE: Final = 200  # percent
RATE_MAX: Final = 10**18
MONTHS: Final = 12
DAYS: Final = 31
ITEMS_MAX: Final = 500
Document = ActivatePolicy | ActivateRuleset | SetRates | TakeCut | RecordAct


def activate(books: Books, key: bytes, control: Control) -> Answer:
    """Put a document in force from the next Decision on, once."""
    if key != str(books.partition).encode():
        return Answer(Outcome.REJECTED, RejectionReason.KEY_MISMATCH)
    body = control.body
    if isinstance(body, RiskFlag):
        return flags.take(books, control, body)
    earlier = books.controls.get(control.control_id)
    if earlier is not None:
        return Answer(Outcome.DUPLICATE, duplicate_of=earlier)
    why = _refused(books, control, body)
    if why is not None:
        return Answer(Outcome.REJECTED, why)
    books.controls[control.control_id] = books.sequence
    return ACCEPTED


def _refused(books: Books, control: Control, body: Document) -> RejectionReason | None:
    """Return what is wrong with the names in it, with who saw it, or with its document."""
    watched = books.policy.control_four_eyes and not isinstance(body, (TakeCut, RecordAct))
    names = [control.control_id, *([control.issuer] if watched else [])]
    names += [control.approver] if control.approver else []
    if not all(COMMAND_ID.fullmatch(each) for each in names):
        return RejectionReason.MALFORMED_FIELD
    if isinstance(body, TakeCut):
        return _cut(books, body)
    if isinstance(body, RecordAct):
        return acts.refused(books, control, body.act)
    people = {control.issuer, control.approver} - {""}
    if watched and len(people) < TWO:
        alone = control.approver == ""
        return RejectionReason.APPROVAL_REQUIRED if alone else RejectionReason.SELF_APPROVAL
    return None if _taken(books, body) else RejectionReason.MALFORMED_FIELD


def _cut(books: Books, body: TakeCut) -> RejectionReason | None:
    """Take a cut with a number above the last one, and a date or nothing for a label."""
    if body.k < 1 or not _is_a_label(body.label):
        return RejectionReason.MALFORMED_FIELD
    if body.k <= books.last_cut:
        return RejectionReason.INVALID_TRANSITION
    books.last_cut = body.k
    return None


def _is_a_label(text: str) -> bool:
    if not text:
        return True
    year, *rest = text.split("-")
    digits = all(each.isascii() and each.isdigit() for each in (year, *rest))
    if not digits or [len(year), *map(len, rest)] != [4, 2, 2]:
        return False
    month, day = map(int, rest)
    return 1 <= month <= MONTHS and 1 <= day <= DAYS


def _taken(books: Books, body: ActivatePolicy | ActivateRuleset | SetRates) -> bool:
    """Take the document, if it is good enough to decide by."""
    if isinstance(body, ActivatePolicy):
        good = all(_policy_conditions(body.policy)) and _continues(books.policy, body.policy)
        books.policy = body.policy if good else books.policy
    elif isinstance(body, SetRates):
        good = all(_rate_conditions(books.policy, body))
        books.rates = body if good else books.rates
    else:
        good = all(_ruleset_conditions(body.ruleset))
        good = good and body.canary_percent in percents(body.mode)
        if good:
            books.rulesets.take(body)
    return good


def _policy_conditions(policy: Policy) -> Iterator[bool]:
    codes = [each.code for each in policy.currencies]
    yield 1 <= len(policy.version) <= NAME_MAX
    yield len(set(codes)) == len(codes)
    yield policy.base_currency in codes
    for each in policy.currencies:
        yield each.code in CURRENCIES
        yield CURRENCIES[each.code].exponent == each.exponent
        yield 0 < each.base_per_minor_e9 <= RATE_MAX
        yield each.code != policy.base_currency or each.base_per_minor_e9 == 10**9
    yield len(policy.zone.transitions) > 0
    yield all(abs(each.offset_s) <= DAY_S for each in policy.zone.transitions)
    yield all(one.at < other.at for one, other in pairwise(policy.zone.transitions))
    yield sorted(each.tier for each in policy.tiers) == sorted(Tier)
    yield from _tier_and_fee_conditions(policy)
    for seconds in (policy.hold_ttl_s, policy.review_ttl_s, policy.saga_cancel_after_s):
        yield 0 < seconds <= YEAR_S
    for seconds in (policy.claim_ttl_s,):
        yield 0 < seconds <= YEAR_S
    for count in (policy.saga_max_attempts, policy.max_active_holds, policy.max_payees):
        yield 0 <= count <= MILLION
    yield 0 < policy.max_outflow_entries <= MILLION
    yield 0 < policy.adjustment_ttl_s <= YEAR_S
    yield policy.adjustment_two_checkers_minor >= 0
    yield 0 <= policy.fx_tolerance_bp <= WHOLE
    yield 0 <= policy.dormant_after_s <= 30 * YEAR_S
    yield 0 <= policy.bulk_max_items <= ITEMS_MAX
    yield from _merchant_conditions(policy)


def _merchant_conditions(policy: Policy) -> Iterator[bool]:
    yield 0 <= policy.merchant_mdr_bp <= WHOLE
    yield policy.merchant_mdr_fixed_minor >= 0
    yield 0 <= policy.merchant_reserve_bp <= WHOLE
    yield 0 < policy.merchant_mature_after_s <= YEAR_S
    if policy.merchant_reserve_for_s:
        yield policy.merchant_mature_after_s <= policy.merchant_reserve_for_s <= YEAR_S
    yield 0 < policy.dispute_evidence_s <= YEAR_S
    yield 0 <= policy.dispute_window_days <= MILLION
    yield 0 <= policy.settlement_cutoff_s <= 22 * 60 * 60


def _tier_and_fee_conditions(policy: Policy) -> Iterator[bool]:
    for tier in policy.tiers:
        yield (
            min(
                tier.per_tx_out,
                tier.per_tx_in,
                tier.day_out,
                tier.day_in,
                tier.month_out,
                tier.month_in,
                tier.rolling_24h_out,
                tier.count_out_hour,
                tier.balance_cap,
            )
            >= 0
        )
        unlimited = (tier.week_out, tier.count_out_day, tier.count_out_30d, tier.withdrawal_day_out)
        yield min(*unlimited, tier.new_payees_day) >= NO_LIMIT
        yield tier.new_payees_day <= FIRST_PAYMENTS_KEPT
    flows = [each.flow for each in policy.fees]
    yield len(set(flows)) == len(flows)
    for fee in policy.fees:
        yield 0 <= fee.basis_points <= WHOLE
        yield 0 <= fee.minimum_minor <= INT64_MAX


def _continues(current: Policy, following: Policy) -> bool:
    """Every currency that a wallet may hold keeps its digits, and sums their currency."""
    kept = {(each.code, each.exponent) for each in following.currencies}
    return following.base_currency == current.base_currency and all(
        (each.code, each.exponent) in kept for each in current.currencies
    )


def _rate_conditions(policy: Policy, table: SetRates) -> Iterator[bool]:
    known = {each.code for each in policy.currencies}
    codes = [each.currency for each in table.rates]
    yield COMMAND_ID.fullmatch(table.rate_id) is not None
    yield 0 < len(codes) == len(set(codes))
    for each in table.rates:
        yield each.currency in known
        yield 0 < each.base_per_minor_e9 <= RATE_MAX
        yield each.currency != policy.base_currency or each.base_per_minor_e9 == 10**9


def _ruleset_conditions(ruleset: Ruleset) -> Iterator[bool]:
    yield 1 <= len(ruleset.version) <= NAME_MAX
    yield len(ruleset.rules) <= RULES_MAX
    yield 0 < ruleset.step_up_at <= ruleset.review_at <= ruleset.block_at
    for rule in ruleset.rules:
        yield 1 <= len(rule.rule_id) <= NAME_MAX
        yield rule.feature in FEATURES
        yield abs(rule.missing_weight) <= MILLION
        yield all(_band_conditions(rule))
    yield len(ruleset.typologies) <= TYPOLOGIES_MAX
    yield len({each.typology_id for each in ruleset.typologies}) == len(ruleset.typologies)
    for typology in ruleset.typologies:
        yield from _typology_conditions(typology)
    yield len(ruleset.structuring_at) <= THRESHOLDS_MAX
    yield min(ruleset.structuring_at, default=1) >= 1
    yield ruleset.small_top_up >= 0
    for names, form in (
        (ruleset.denied_countries, COUNTRY),
        (ruleset.denied_mccs, MCC),
        (ruleset.denied_rails, COMMAND_ID),
    ):
        yield len(names) <= DENIED_MAX
        yield all(form.fullmatch(each) for each in names)


def _typology_conditions(typology: Typology) -> Iterator[bool]:
    yield 1 <= len(typology.typology_id) <= NAME_MAX
    yield 0 < typology.step_up_at <= typology.review_at <= typology.block_at
    names = [each.feature for each in typology.shares]
    yield len(set(names)) == len(names)
    for share in typology.shares:
        yield share.feature in FEATURES
        yield 0 <= share.percent <= TWICE


def _band_conditions(rule: Rule) -> Iterator[bool]:
    bands = sorted(rule.bands, key=lambda band: band.low)
    for band in bands:
        yield abs(band.weight) <= MILLION
        yield band.high is None or band.low < band.high
    for one, other in pairwise(bands):
        yield one.high is not None and one.high <= other.low
