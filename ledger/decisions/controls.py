"""Controls: a policy, ruleset or rate table comes into force, a cut is taken, an act is kept.

Owns: ACTIVATE and SetRates, which embed their document, so that each partition switches at a
definite offset, and the guards of every control record but a flag's.
Never: keeps a document it could not decide by; MALFORMED_FIELD names the field.

Every currency a wallet may hold must keep its rate and digits, and sums are counted in the base
currency: a policy that drops a currency, changes its exponent or the base currency is refused.
"""

from __future__ import annotations

from ledger.candidate import check_mode
from ledger.case import Moment
from ledger.decisions import acts, cuts, flags
from ledger.documents import check_policy, check_rates, check_ruleset
from ledger.errors import ProgrammeError
from ledger.inputs import ControlInput
from ledger.programme import Programme
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.control import (
    ActivatePolicy,
    ActivateRuleset,
    Control,
    RecordAct,
    RiskFlag,
    SetRates,
    TakeCut,
)
from schemas.messages.events import (
    ActRecorded,
    CutTaken,
    PolicyActivated,
    RatesSet,
    RulesetActivated,
)
from schemas.messages.policy import Policy
from schemas.messages.rows import RatesRow
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage
from schemas.values import COMMAND_ID

Document = ActivatePolicy | ActivateRuleset | SetRates | TakeCut | RecordAct


def activate(moment: Moment, given: ControlInput) -> Verdict:
    """Key, duplicate, shape, approval, then the document takes effect from the next Decision on."""
    control, body = given.control, given.control.body
    if given.key != str(moment.place.partition).encode():
        return rejected(Refusal(RejectionReason.KEY_MISMATCH, "key"))
    if isinstance(body, RiskFlag):
        return flags.receive(moment, control, body)
    earlier = moment.view.controls.get(control.control_id)
    if earlier is not None:
        return Verdict(Outcome.DUPLICATE, (), None, "", Stage.FINAL, earlier.sequence, None)
    refusal = _unfit(control) or _not_to_be(moment, control)
    if refusal is not None:
        return rejected(refusal)
    try:
        return accepted((_activated(moment.programme, control.control_id, body),))
    except ProgrammeError as refused:
        return rejected(Refusal(RejectionReason.MALFORMED_FIELD, refused.field))


def _unfit(control: Control) -> Refusal | None:
    if COMMAND_ID.fullmatch(control.control_id) is None:
        return Refusal(RejectionReason.MALFORMED_FIELD, "control_id")
    if control.approver and COMMAND_ID.fullmatch(control.approver) is None:
        return Refusal(RejectionReason.MALFORMED_FIELD, "approver")
    return None


def _not_to_be(moment: Moment, control: Control) -> Refusal | None:
    """Refuse a cut out of order, or what one pair of eyes saw; cuts and acts change nothing."""
    if isinstance(control.body, TakeCut):
        return cuts.refusal(moment.view, control.body)
    if isinstance(control.body, RecordAct):
        return acts.refusal(moment, control.issuer, control.body.act)
    return _unapproved(moment.programme.policy, control)


def _unapproved(policy: Policy, control: Control) -> Refusal | None:
    """Refuse what one pair of eyes saw, where the policy in force asks for two."""
    if not policy.control_four_eyes:
        return None
    # Somebody without a name would be another person than every approver.
    if COMMAND_ID.fullmatch(control.issuer) is None:
        return Refusal(RejectionReason.MALFORMED_FIELD, "issuer")
    if not control.approver:
        return Refusal(RejectionReason.APPROVAL_REQUIRED, "approver")
    if control.approver == control.issuer:
        return Refusal(RejectionReason.SELF_APPROVAL, "approver")
    return None


def _activated(
    programme: Programme, control_id: str, body: Document
) -> PolicyActivated | RulesetActivated | RatesSet | CutTaken | ActRecorded:
    if isinstance(body, RecordAct):
        return ActRecorded(control_id, body.act)
    if isinstance(body, TakeCut):
        return CutTaken(control_id, body.k, body.label)
    if isinstance(body, SetRates):
        check_rates(programme.policy, body)
        return RatesSet(control_id, RatesRow(body.rate_id, body.rates, body.valid_until))
    if isinstance(body, ActivatePolicy):
        check_policy(body.policy)
        check_continuity(programme.policy, body.policy)
        return PolicyActivated(control_id, body.policy)
    check_ruleset(body.ruleset)
    check_mode(body)
    return RulesetActivated(control_id, body.ruleset, body.mode, body.canary_percent)


def check_continuity(current: Policy, following: Policy) -> None:
    """Raise `ProgrammeError` unless what wallets hold stays known."""
    if following.base_currency != current.base_currency:
        raise ProgrammeError("base_currency")
    exponents = {each.code: each.exponent for each in following.currencies}
    if any(exponents.get(each.code) != each.exponent for each in current.currencies):
        raise ProgrammeError("currencies")
