"""The life of a wallet: every transition there is and is not, and every cell of what it may do."""

import pytest

from ledger.wallet_status import TRANSITIONS
from schemas.messages.vocabulary import (
    RejectionReason,
    StatusAction,
    TimerKind,
)
from tests.support.looking import balance, rows_of, system_balance, trial_balance
from tests.unit.ledger.statuses import (
    ACTIVE,
    ASKED,
    BOTH,
    CLOSE,
    CLOSED,
    CLOSING,
    CREDIT,
    DEBIT,
    DORMANT,
    FROZEN,
    LIFT,
    PENDING,
    RESTRICT,
    RESTRICTED,
    REVERIFY,
    START_CLOSING,
    UNFREEZE,
    WAYS,
    YES,
    empty_by_office,
    set_status,
    standing,
)

NO_DEBIT = dict.fromkeys(("pay", "transfer", "withdraw", "convert"))
# Table 2.2 of the domain, a status a line: the reason of a refusal, and its detail.
CELLS = {
    "pending_kyc": {
        **dict.fromkeys(NO_DEBIT, ("WALLET_NOT_ACTIVE", "PENDING_KYC")),
    },
    "active": {},
    "restricted": dict.fromkeys(NO_DEBIT, ("STEP_UP_REQUIRED", "RESTRICTED")),
    "frozen debit": {
        **dict.fromkeys(NO_DEBIT, ("DEBIT_BLOCKED", "")),
        "close": ("INVALID_TRANSITION", "debit_blocked"),
    },
    "frozen debit, court": {
        **dict.fromkeys(NO_DEBIT, ("DEBIT_BLOCKED", "")),
        "capture": ("DEBIT_BLOCKED", "COURT"),
        "close": ("INVALID_TRANSITION", "debit_blocked"),
    },
    "frozen credit": {
        "top-up": ("CREDIT_BLOCKED", ""),
        "bank top-up": ("CREDIT_BLOCKED", ""),
        "incoming": ("RECIPIENT_REFUSED", "CREDIT_BLOCKED"),
    },
    "frozen both": {
        **dict.fromkeys(NO_DEBIT, ("DEBIT_BLOCKED", "")),
        "top-up": ("CREDIT_BLOCKED", ""),
        "bank top-up": ("CREDIT_BLOCKED", ""),
        "incoming": ("RECIPIENT_REFUSED", "CREDIT_BLOCKED"),
        "capture": ("DEBIT_BLOCKED", ""),
        "close": ("INVALID_TRANSITION", "debit_blocked"),
    },
    "dormant": {
        **dict.fromkeys(NO_DEBIT, ("STEP_UP_REQUIRED", "DORMANT")),
        "top-up": ("KYC_REQUIRED", "DORMANT"),
        "bank top-up": ("KYC_REQUIRED", "DORMANT"),
    },
    "closing": {
        **dict.fromkeys(NO_DEBIT, ("WALLET_NOT_ACTIVE", "CLOSING")),
        "top-up": ("WALLET_NOT_ACTIVE", "CLOSING"),
        "bank top-up": ("WALLET_NOT_ACTIVE", "CLOSING"),
        "incoming": ("RECIPIENT_REFUSED", "WALLET_NOT_ACTIVE"),
    },
    "closed": {
        **dict.fromkeys(NO_DEBIT, ("WALLET_NOT_ACTIVE", "CLOSED")),
        "top-up": ("WALLET_NOT_ACTIVE", "CLOSED"),
        "bank top-up": ("WALLET_NOT_ACTIVE", "CLOSED"),
        "incoming": ("RECIPIENT_REFUSED", "WALLET_NOT_ACTIVE"),
        "capture": ("HOLD_NOT_ACTIVE", "hold_id"),
        "close": ("INVALID_TRANSITION", "CLOSED"),
    },
}
# Where the money of a refund is; it cannot be refused.
REFUNDS = {
    **dict.fromkeys(WAYS, "W.AVL"),
    "frozen credit": "W.LIEN",
    "frozen both": "W.LIEN",
    "closing": "UNCLAIMED",
    "closed": "UNCLAIMED",
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("way", WAYS)
def test_what_each_status_answers(way, asked):
    rig = standing(way)
    decision = ASKED[asked](rig)
    wanted = CELLS[way].get(asked, (YES, ""))
    said = None if decision.reason is None else decision.reason.name
    assert (said, decision.detail) == wanted
    assert set(trial_balance(rig.view).values()) <= {0}
    assert rows_of(rig.replayed()) == rows_of(rig.view)


@pytest.mark.parametrize("way", WAYS)
def test_where_a_refund_ends(way):
    rig = standing(way)
    before = {each: balance(rig.view, "sam", each) for each in ("W.AVL", "W.LIEN")}
    ASKED["refund"](rig)
    gained = {each: balance(rig.view, "sam", each) - before[each] for each in before}
    gained["UNCLAIMED"] = -system_balance(rig.view, "UNCLAIMED")
    assert gained == {**dict.fromkeys(gained, 0), REFUNDS[way]: 100}


FREEZES = dict.fromkeys((DEBIT, CREDIT, BOTH), FROZEN)
LIFE = {
    PENDING: {**FREEZES, START_CLOSING: CLOSING, CLOSE: CLOSED},
    ACTIVE: {
        **FREEZES,
        RESTRICT: RESTRICTED,
        REVERIFY: ACTIVE,
        START_CLOSING: CLOSING,
        CLOSE: CLOSED,
        TimerKind.DORMANCY: DORMANT,
    },
    RESTRICTED: {**FREEZES, LIFT: ACTIVE, START_CLOSING: CLOSING, CLOSE: CLOSED},
    DORMANT: {**FREEZES, REVERIFY: ACTIVE, START_CLOSING: CLOSING, CLOSE: CLOSED},
    FROZEN: {**FREEZES, UNFREEZE: ACTIVE, CLOSE: CLOSED, TimerKind.FREEZE_EXPIRY: ACTIVE},
    CLOSING: {**FREEZES, CLOSE: CLOSED},
    CLOSED: {},
}


def test_the_table_is_this_one():
    assert dict(TRANSITIONS) == {
        (status, cause): after for status, life in LIFE.items() for cause, after in life.items()
    }


@pytest.mark.parametrize("action", StatusAction)
@pytest.mark.parametrize("way", WAYS)
def test_every_transition_happens_or_is_refused(way, action):
    rig = standing(way)
    if action is CLOSE:
        empty_by_office(rig)
    status = rig.view.wallets.get("sam").status
    decision = set_status(rig, action)
    after = LIFE[status].get(action)
    refused = after is None or (action is CLOSE and rig.view.wallets.get("sam").debit_blocked)
    refused |= (way, action) == ("frozen debit, court", UNFREEZE)  # an operator asks
    if refused:
        assert decision.reason is RejectionReason.INVALID_TRANSITION
        after = status
    assert rig.view.wallets.get("sam").status is after
    assert rows_of(rig.replayed()) == rows_of(rig.view)
