"""The identity of a command: the same content is known again, a difference is named."""

from typing import get_args

import pytest

from ledger.content import CONTENT_FIELDS
from schemas.messages.commands import (
    AcceptClaim,
    AccrueInterest,
    AdviseChargeback,
    AllocateSale,
    AllocateSuspense,
    ApproveAdjustment,
    BookTreasury,
    CancelClaim,
    CancelPayout,
    CancelRequest,
    CancelWithdrawal,
    CaptureHold,
    ChangeCreditLimit,
    ChangeTier,
    ChangeWalletStatus,
    ClearTopUp,
    Command,
    Convert,
    ExtendHold,
    FreezePayout,
    FundEscrow,
    IncrementHold,
    MigrateBalance,
    MoveFromPot,
    MoveToPot,
    OpenDispute,
    OpenWallet,
    Pay,
    PayBill,
    PayInterest,
    PayRequest,
    PlaceHold,
    ProposeAdjustment,
    RefundEscrow,
    RefundPayment,
    RejectAdjustment,
    RejectBill,
    ReleaseEscrow,
    ReleaseReserve,
    RequestMoney,
    ResolveChargeback,
    ResolveDispute,
    ResolveReview,
    ReturnPayout,
    ReturnTopUp,
    ReturnWithdrawal,
    SendToAlias,
    SetMerchantTerms,
    SettleTransaction,
    SubmitBankTopUp,
    SubmitEvidence,
    SubmitPayout,
    SubmitWithdrawal,
    SweepResidual,
    TopUp,
    Transfer,
    VoidHold,
    Withdraw,
    WithdrawDispute,
)
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    Authority,
    FeeBack,
    PayoutPlan,
    ReviewVerdict,
    StatusAction,
    Tier,
    TreasuryFlow,
    WalletKind,
)
from streams.wallet.identity import FINGERPRINT_BYTES, identify

TO = AdjustmentDirection.CREDIT_WALLET
# Each kind of command, and another value for each of its fields.
BODIES = (
    (
        OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",)),
        {"kind": WalletKind.MERCHANT, "tier": Tier.PREMIUM, "currencies": ("EUR", "USD")},
    ),
    (
        ChangeWalletStatus(StatusAction.UNFREEZE, Authority.OPERATOR),
        {"action": StatusAction.CLOSE, "authority": Authority.COURT},
    ),
    (ChangeTier(Tier.BASIC), {"tier": Tier.PREMIUM}),
    (
        TopUp("EUR", 100, "card", "ref"),
        {"currency": "USD", "amount": 101, "rail": "sepa", "ext_ref": "ref2"},
    ),
    (
        Transfer("bob", "EUR", 100),
        {"to_wallet_id": "carl", "currency": "USD", "amount": -100},
    ),
    (
        PlaceHold("shop", "EUR", 5, None),
        {"to_wallet_id": "inn", "currency": "USD", "amount": 50, "ttl_s": 0},
    ),
    (CaptureHold("h", 5, True), {"hold_id": "i", "amount": 6, "keep_open": False}),
    (VoidHold("h"), {"hold_id": "H"}),
    (
        ResolveReview("r", ReviewVerdict.APPROVE, "ann"),
        {"review_id": "s", "verdict": ReviewVerdict.REJECT, "reviewer": "bob"},
    ),
    (
        SubmitBankTopUp("EUR", 100, "ach", "ref"),
        {"currency": "USD", "amount": 101, "rail": "sct", "ext_ref": "ref2"},
    ),
    (ClearTopUp("t", 5), {"transaction_id": "u", "amount": 6}),
    (ReturnTopUp("t", "R01"), {"transaction_id": "u", "reason_code": "R10"}),
    (
        Withdraw("EUR", 100, "ach", "NL91"),
        {"currency": "USD", "amount": 101, "rail": "sct", "beneficiary": "NL92"},
    ),
    (SubmitWithdrawal("t", "ref"), {"transaction_id": "u", "ext_ref": "ref2"}),
    (CancelWithdrawal("t"), {"transaction_id": "u"}),
    (ReturnWithdrawal("t", "AC04"), {"transaction_id": "u", "reason_code": "AC06"}),
    (SettleTransaction("t", "line"), {"transaction_id": "u", "ext_ref": "line2"}),
    (
        AdviseChargeback("card", "ref", 5),
        {"rail": "amex", "ext_ref": "ref2", "amount": 6},
    ),
    (ResolveChargeback("t", True), {"chargeback_id": "u", "won": False}),
    (
        MigrateBalance("EUR", 5, "old"),
        {"currency": "USD", "amount": 6, "ext_ref": "new"},
    ),
    (
        BookTreasury(TreasuryFlow.F1_2, "EUR", 5, "ref", None, None, None, None, None),
        {
            "flow": TreasuryFlow.F1_3,
            "currency": "USD",
            "amount": 6,
            "ext_ref": "ref2",
            "account": "b1",
            "rail": "card",
            "cost": 0,
            "other_currency": "USD",
            "other_amount": 0,
        },
    ),
    (
        AllocateSuspense("ref", "bob", "EUR", 5),
        {"ext_ref": "ref2", "to_wallet_id": "carl", "currency": "USD", "amount": 6},
    ),
    (
        ProposeAdjustment("SUSP", "EUR", 5, TO, "why", "T-1", "ann", None),
        {
            "account": "W.LIEN",
            "currency": "USD",
            "amount": 6,
            "direction": AdjustmentDirection.DEBIT_WALLET,
            "reason": "how",
            "ticket": "T-2",
            "maker": "bea",
            "corrects": "adj",
        },
    ),
    (ApproveAdjustment("a", "ann"), {"adjustment_id": "b", "checker": "bea"}),
    (RejectAdjustment("a", "ann"), {"adjustment_id": "b", "checker": "bea"}),
    (
        Convert("EUR", "USD", 5, 6, 7, "q", 8),
        {
            "from_currency": "JPY",
            "to_currency": "JPY",
            "sell_amount": 50,
            "buy_amount": 60,
            "mid_e9": 70,
            "quote_id": "r",
            "quote_expires_at": 80,
        },
    ),
    (AccrueInterest("EUR", 5, "June"), {"currency": "USD", "amount": 6, "period": "July"}),
    (PayInterest("EUR", 5, "June"), {"currency": "USD", "amount": 6, "period": "July"}),
    (
        SweepResidual("EUR", Authority.OPERATOR),
        {"currency": "USD", "authority": Authority.COMPLIANCE},
    ),
    (IncrementHold("h", 5), {"hold_id": "i", "amount": 6}),
    (ExtendHold("h", 60), {"hold_id": "i", "ttl_s": 61}),
    (
        FundEscrow("sel", "EUR", 5, None),
        {"seller_wallet_id": "bob", "currency": "USD", "amount": 6, "ttl_s": 60},
    ),
    (ReleaseEscrow("e", 5), {"escrow_id": "f", "amount": 6}),
    (RefundEscrow("e"), {"escrow_id": "f"}),
    (
        SendToAlias("hash", "EUR", 5),
        {"alias_hash": "other", "currency": "USD", "amount": 6},
    ),
    (AcceptClaim("c", "bob"), {"claim_id": "d", "to_wallet_id": "carl"}),
    (CancelClaim("c"), {"claim_id": "d"}),
    (
        PayBill("b", "EUR", 5, "bill"),
        {"biller": "c", "currency": "USD", "amount": 6, "bill_ref": "other"},
    ),
    (RejectBill("t", "why"), {"transaction_id": "u", "reason_code": "how"}),
    (
        RequestMoney("bob", "EUR", 5, 60),
        {"payer_wallet_id": "carl", "currency": "USD", "amount": 6, "ttl_s": 61},
    ),
    (CancelRequest("r"), {"request_id": "s"}),
    (
        PayRequest("ann", "r", "EUR", 5),
        {"requester_wallet_id": "bob", "request_id": "s", "currency": "USD", "amount": 6},
    ),
    (MoveToPot(1, "EUR", 5), {"pot": 2, "currency": "USD", "amount": 6}),
    (MoveFromPot(1, "EUR", 5), {"pot": 2, "currency": "USD", "amount": 6}),
    (
        SetMerchantTerms(290, 0, 500, 60, FeeBack.NONE),
        {
            "mdr_bp": 291,
            "mdr_fixed_minor": 1,
            "reserve_bp": 501,
            "mature_after_s": 61,
            "fee_back": FeeBack.PRO_RATA,
            "payout_plan": PayoutPlan.DAILY,
            "payout_rail": "sct",
            "reserve_for_s": 60,
        },
    ),
    (
        Pay("shop", "EUR", 5, "order"),
        {"to_wallet_id": "inn", "currency": "USD", "amount": 6, "order_ref": "other"},
    ),
    (RefundPayment("ann/p", 5), {"payment_id": "ann/q", "amount": 6}),
    (FreezePayout("EUR"), {"currency": "USD"}),
    (SubmitPayout("t", "sct", "ref"), {"transaction_id": "u", "rail": "ach", "ext_ref": "ref2"}),
    (CancelPayout("t"), {"transaction_id": "u"}),
    (ReturnPayout("t", "AC04"), {"transaction_id": "u", "reason_code": "AC01"}),
    (
        OpenDispute("ann/p", 5, "file"),
        {"payment_id": "ann/q", "amount": 6, "evidence_ref": "other"},
    ),
    (ResolveDispute("d", 5), {"dispute_id": "e", "to_buyer": None}),
    (WithdrawDispute("d"), {"dispute_id": "e"}),
    (ChangeCreditLimit("EUR", 5), {"currency": "USD", "limit": 0}),
    (AllocateSale("a/p", 5, "s"), {"payment_id": "a/q", "sequence": 6, "to_wallet_id": "t"}),
    (SubmitEvidence("d", "f", "ab"), {"dispute_id": "e", "evidence_ref": "g", "digest": "cd"}),
    (ReleaseReserve("ann/p"), {"payment_id": "ann/q"}),
)
CHANGES = [(body, field, value) for body, fields in BODIES for field, value in fields.items()]


def parts(checks):
    return [checks[at : at + 4] for at in range(0, len(checks), 4)]


def copied(body, **changed):
    return type(body)(**{**{name: getattr(body, name) for name in body.__match_args__}, **changed})


@pytest.mark.parametrize("body", [body for body, _ in BODIES])
def test_the_same_content_has_the_same_identity(body):
    fingerprint, checks = identify(body)
    assert identify(copied(body)) == (fingerprint, checks)
    assert len(fingerprint) == FINGERPRINT_BYTES
    assert len(parts(checks)) == 1 + len(body.__match_args__)


def test_every_field_of_every_command_is_tried_here():
    assert all(set(fields) == set(body.__match_args__) for body, fields in BODIES)


@pytest.mark.parametrize(("body", "field", "value"), CHANGES)
def test_a_changed_field_changes_the_fingerprint_and_exactly_its_check(body, field, value):
    fingerprint, checks = identify(body)
    other_fingerprint, other_checks = identify(copied(body, **{field: value}))
    assert fingerprint != other_fingerprint
    differing = [
        index
        for index, (ours, theirs) in enumerate(zip(parts(checks), parts(other_checks), strict=True))
        if ours != theirs
    ]
    assert differing == [1 + body.__match_args__.index(field)]


def test_another_type_with_equal_fields_is_another_content():
    assert identify(VoidHold("x"))[1][4:] != identify(ChangeTier(Tier.BASIC))[1][4:]
    assert len({identify(body)[0] for body, _ in BODIES}) == len(BODIES)
    assert len({identify(body)[1][:4] for body, _ in BODIES}) == len(BODIES)


def test_fields_cannot_run_into_each_other():
    """Without lengths, these two would be one text."""
    one = identify(TopUp("EUR", 1, "card\0ref", "x"))[0]
    other = identify(TopUp("EUR", 1, "card", "ref\0x"))[0]
    assert one != other


def test_content_fields_are_those_of_the_schema():
    bodies = {type(body) for body, _ in BODIES}
    assert {each.__name__: each.__match_args__ for each in bodies} == CONTENT_FIELDS
    assert bodies == set(get_args(Command))
