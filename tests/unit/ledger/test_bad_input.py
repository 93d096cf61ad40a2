"""Bad input, as a table: each has a code of the closed list, one line that names what was wrong,
and changes nothing but what counts attempts.

What no wallet command can be asked is asked elsewhere: bytes nobody can read and wrong routes in
`tests/unit/streams/wallet`, an amount finer than its currency in `tests/unit/ingress`.
"""

import pytest

from schemas.messages.commands import (
    CaptureHold,
    ChangeWalletStatus,
    Convert,
    OpenWallet,
    Pay,
    PlaceHold,
    RefundPayment,
    SetMerchantTerms,
    TopUp,
    Transfer,
    VoidHold,
    Withdraw,
)
from schemas.messages.control import SetRates
from schemas.messages.policy import FxRate
from schemas.messages.vocabulary import (
    Authority,
    FeeBack,
    Outcome,
    RejectionReason,
    StatusAction,
    Tier,
    WalletKind,
)
from tests.support.builders import DAY, HOUR, INT64_MAX, NOON, Rig, policy
from tests.support.looking import rows_of, trial_balance

CLOSE = ChangeWalletStatus(StatusAction.CLOSE, Authority.OPERATOR)
# What a refusal may change: where the log stands, who asked what, and what counts attempts.
COUNTERS = {"head", "identities", "outflows", "outflow_entries"}
EVEN = 1_250_000_000
# So that what is too large for 64 bits is not too large for a limit before.
ANY_AMOUNT = dict.fromkeys(("per_tx_in", "day_in", "month_in", "balance_cap"), INT64_MAX)

CASES = {
    "unknown currency": ("alice", Transfer("bob", "XXX", 5), "UNKNOWN_CURRENCY", "XXX"),
    "a currency the wallet has not": (
        "alice",
        Transfer("bob", "JPY", 5),
        "CURRENCY_NOT_HELD",
        "JPY",
    ),
    "amount of zero": ("alice", Transfer("bob", "EUR", 0), "AMOUNT_NOT_POSITIVE", "amount"),
    "negative amount": ("alice", TopUp("EUR", -1, "card", "r9"), "AMOUNT_NOT_POSITIVE", "amount"),
    "overflowing amount": (
        "bob",
        TopUp("EUR", INT64_MAX, "card", "r9"),
        "AMOUNT_OVERFLOW",
        "RAIL.RCV",
    ),
    "unknown wallet": ("nobody", Transfer("bob", "EUR", 5), "UNKNOWN_WALLET", "nobody"),
    "unknown recipient": (
        "alice",
        Transfer("nobody", "EUR", 5),
        "RECIPIENT_REFUSED",
        "UNKNOWN_WALLET",
    ),
    "transfer to oneself": ("alice", Transfer("alice", "EUR", 5), "SELF_TRANSFER", ""),
    "closed wallet": ("carl", Transfer("bob", "EUR", 5), "WALLET_NOT_ACTIVE", "CLOSED"),
    "closed recipient": (
        "alice",
        Transfer("carl", "EUR", 5),
        "RECIPIENT_REFUSED",
        "WALLET_NOT_ACTIVE",
    ),
    "expired quote": (
        "alice",
        Convert("EUR", "USD", 100, 124, EVEN, "q1", NOON - HOUR),
        "QUOTE_EXPIRED",
        "",
    ),
    "capture above the hold": ("alice", CaptureHold("hold", 501), "HOLD_EXCEEDED", "amount"),
    "void of an ended hold": ("alice", VoidHold("ended"), "HOLD_NOT_ACTIVE", "hold_id"),
    "refund above the payment": (
        "mart",
        RefundPayment("alice/sale", 1_001),
        "REFUND_EXCEEDED",
        "amount",
    ),
    "more than there is": ("bob", Withdraw("EUR", 900, "sct", "me"), "INSUFFICIENT_FUNDS", ""),
    "a wallet twice": (
        "alice",
        OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",)),
        "WALLET_EXISTS",
        "",
    ),
    "a reference twice": (
        "bob",
        TopUp("EUR", 7, "card", "r1"),
        "DUPLICATE_EXTERNAL_REF",
        "ext_ref",
    ),
}


def town():
    """Two customers with money, one who has left, a merchant with a sale, rates, two holds."""
    rig = Rig(policy_=policy(limits=ANY_AMOUNT))
    for wallet_id in ("alice", "bob", "carl"):
        rig.open(wallet_id, currencies=("EUR", "USD"))
    rig.command("alice", TopUp("EUR", 50_000, "card", "r1"))
    rig.command("carl", CLOSE)
    rig.open("mart", Tier.BASIC, ("EUR",), WalletKind.MERCHANT)
    rig.command("mart", SetMerchantTerms(100, 0, 0, 0, FeeBack.PRO_RATA))
    rig.control(SetRates("noon", (FxRate("EUR", 10**9), FxRate("USD", 8 * 10**8)), NOON + DAY), "r")
    rig.command("alice", Pay("mart", "EUR", 1_000, "order"), "sale")
    rig.command("alice", PlaceHold("bob", "EUR", 500), "hold")
    rig.command("alice", PlaceHold("bob", "EUR", 500), "ended")
    rig.command("alice", VoidHold("ended"))
    return rig


def changed(before, after):
    """The tables whose rows differ; of wallets all but the sequence counts."""
    found = {name for name in after if before[name] != after[name]}
    if "wallets" in found and _unnumbered(before) == _unnumbered(after):
        found.remove("wallets")
    return found


def _unnumbered(rows):
    return {
        wallet_id: [getattr(row, each) for each in type(row).__match_args__ if each != "sequence"]
        for wallet_id, row in rows["wallets"].items()
    }


@pytest.mark.parametrize("case", CASES)
def test_bad_input_has_its_code_and_line_and_changes_nothing(case):
    wallet_id, body, reason, named = CASES[case]
    rig = town()
    before, balances = rows_of(rig.view), trial_balance(rig.view)
    decision = rig.command(wallet_id, body, "bad")
    assert decision.outcome is Outcome.REJECTED
    assert decision.reason is RejectionReason[reason]
    assert named in decision.detail
    assert "\n" not in decision.detail
    assert (decision.entries, decision.balances) == ((), ())
    assert changed(before, rows_of(rig.view)) <= COUNTERS
    assert trial_balance(rig.view) == balances


def test_a_stale_command_is_refused_whatever_it_asks():
    rig = town()
    before = rows_of(rig.view)
    decision = rig.command("alice", Transfer("bob", "EUR", 5), issued_at=NOON - 40 * DAY)
    assert decision.reason is RejectionReason.STALE_COMMAND
    assert changed(before, rows_of(rig.view)) <= COUNTERS


def test_an_id_with_other_content_names_the_field():
    rig = town()
    before = rows_of(rig.view)
    decision = rig.command("alice", Pay("mart", "EUR", 1_001, "order"), "sale")
    assert decision.reason is RejectionReason.IDEMPOTENCY_MISMATCH
    assert "amount" in decision.detail
    assert changed(before, rows_of(rig.view)) <= COUNTERS
