"""State: does the command fit the state of what it is about?

Owns: UNKNOWN_WALLET, WALLET_EXISTS, UNKNOWN_ACCOUNT (a rail or wallet without one),
INVALID_TRANSITION, DUPLICATE_EXTERNAL_REF, HOLD_NOT_ACTIVE, HOLD_EXCEEDED.
Never: money in the wallet, limits.

A command id may come again once its identity row has expired (35 days). It also names the transfer,
review or hold it started, so while such a thing still stands a new one of that name is refused
INVALID_TRANSITION, detail `command_id`.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.chart import CUSTOMER_DEBT, MERCHANT_DEBT
from ledger.debts import debt_of
from ledger.guards import families, treasury
from ledger.holds import OPEN, remaining_of
from ledger.programme import BASIS_POINTS
from ledger.rails import CARD_IN
from ledger.refusal import Refusal
from ledger.standing import standing_of
from ledger.wallet_status import thaw_refusal, transition_refusal
from schemas.messages.commands import (
    CaptureHold,
    ChangeWalletStatus,
    Command,
    OpenWallet,
    PlaceHold,
    ResolveReview,
    TopUp,
    Transfer,
    VoidHold,
)
from schemas.messages.vocabulary import RejectionReason, StatusAction, WalletKind

DEBTS: Final = (CUSTOMER_DEBT, MERCHANT_DEBT)


def check(case: Case) -> Refusal | None:
    """Refuse what the state of wallet, reference, hold or review does not allow."""
    body = case.command.body
    if isinstance(body, OpenWallet):
        if case.wallet is not None:
            return Refusal(RejectionReason.WALLET_EXISTS, case.wallet_id)
        return None
    if case.wallet is None:
        return Refusal(RejectionReason.UNKNOWN_WALLET, case.wallet_id)
    if case.wallet.kind is WalletKind.TREASURY:
        return treasury.account_refusal(body) or _of_type(case, body)
    return _of_type(case, body)


def _of_type(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, Transfer):
        return _movement_in_use(case)
    if isinstance(body, TopUp):
        return _collection(case, body)
    if isinstance(body, (PlaceHold, CaptureHold, VoidHold)):
        return _of_hold(case, body)
    if isinstance(body, ResolveReview):
        return _review(case, body)
    if isinstance(body, ChangeWalletStatus):
        return _status(case, body)
    return families.state(case, body)


def _status(case: Case, body: ChangeWalletStatus) -> Refusal | None:
    refusal = transition_refusal(case.owner(), body.action)
    if refusal is None and body.action is StatusAction.UNFREEZE:
        frozen_by = standing_of(case.moment.view, case.wallet_id).authority
        refusal = thaw_refusal(frozen_by, body.authority)
    return refusal or _debt(case, body)


def _of_hold(case: Case, body: PlaceHold | CaptureHold | VoidHold) -> Refusal | None:
    if isinstance(body, VoidHold):
        return _hold(case, body.hold_id, 0)
    if isinstance(body, CaptureHold):
        return _movement_in_use(case) or _hold(case, body.hold_id, body.amount)
    if case.moment.view.holds.get((case.wallet_id, case.command.command_id)) is not None:
        return Refusal(RejectionReason.INVALID_TRANSITION, "command_id")
    return None


def _collection(case: Case, body: TopUp) -> Refusal | None:
    if body.rail not in CARD_IN:
        return Refusal(RejectionReason.UNKNOWN_ACCOUNT, body.rail)
    if case.moment.view.external_refs.get((body.rail, body.ext_ref)) is not None:
        return Refusal(RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    return None


def _movement_in_use(case: Case) -> Refusal | None:
    """Refuse an id whose earlier movement is still open."""
    if case.owner().open_movements == 0:
        return None  # the common case needs no look at tables
    key = (case.wallet_id, case.command.command_id)
    view = case.moment.view
    if view.sagas.get(key) is None and view.reviews.get(key) is None:
        return None
    return Refusal(RejectionReason.INVALID_TRANSITION, "command_id")


def _hold(case: Case, hold_id: str, amount: int) -> Refusal | None:
    row = case.moment.view.holds.get((case.wallet_id, hold_id))
    if row is None or row.status not in OPEN:
        return Refusal(RejectionReason.HOLD_NOT_ACTIVE, "hold_id")
    over = row.authorized * case.moment.programme.policy.over_capture_bp // BASIS_POINTS
    if amount > remaining_of(row) + over:
        return Refusal(RejectionReason.HOLD_EXCEEDED, "amount")
    return None


def _debt(case: Case, body: ChangeWalletStatus) -> Refusal | None:
    """Refuse to close a wallet that owes us something."""
    if body.action is StatusAction.CLOSE:
        for currency in case.owner().currencies:
            if any(debt_of(case.moment.view, case.wallet_id, currency, each) > 0 for each in DEBTS):
                return Refusal(RejectionReason.INVALID_TRANSITION, "debt")
    return None


def _review(case: Case, body: ResolveReview) -> Refusal | None:
    if case.moment.view.reviews.get((case.wallet_id, body.review_id)) is None:
        return Refusal(RejectionReason.INVALID_TRANSITION, "review_id")
    return None
