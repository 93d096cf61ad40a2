"""Lives: short stories in which every kind of command has its place, told in order.

Owns: what each story says, and to whom. Its wallets are its own, so that stories do not meet.
Never: sends anything; knows what the ledger answers.
"""

from itertools import count

from ingress.sdk import stamp
from schemas.messages.commands import (
    AcceptClaim,
    AccrueInterest,
    AdviseChargeback,
    AllocateSale,
    AllocateSuspense,
    ApproveAdjustment,
    AvailableAtLeast,
    BookTreasury,
    BulkItem,
    BulkTransfer,
    CancelClaim,
    CancelPayout,
    CancelRequest,
    CancelSchedule,
    CancelWithdrawal,
    CaptureHold,
    ChangeCreditLimit,
    ChangeTier,
    ChangeWalletStatus,
    ClearTopUp,
    CompleteSchedule,
    Convert,
    CreateSchedule,
    ExtendHold,
    FreezePayout,
    FundEscrow,
    IncrementHold,
    MigrateBalance,
    MoveFromPot,
    MoveToPot,
    OpenDispute,
    OpenWallet,
    Origin,
    PauseSchedule,
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
    ResumeSchedule,
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
    Recurrence,
    ReviewVerdict,
    ScheduledKind,
    StatusAction,
    Tier,
    TreasuryFlow,
    WalletKind,
)
from topics.partitioning import partition_of

PARTITIONS = 8
DAY_US = 86_400_000_000
MID_E9 = 1_086_956_522  # dollars to the euro
SLOWLY = SetMerchantTerms(200, 10, 500, 3_600, FeeBack.PRO_RATA, reserve_for_s=7_200)
AT_ONCE = SetMerchantTerms(200, 10, 0, 1, FeeBack.PRO_RATA)


class Story:
    """What is said so far, in order; `number` makes its wallets its own."""

    def __init__(self, number, issued_at_us):
        self.said, self.at = [], issued_at_us
        self._number = number

    def wallet(self, name):
        return f"{name}-{self._number}"

    def lives(self, name):
        return partition_of(self.wallet(name), PARTITIONS)

    def say(self, name, body, command_id=None, **envelope):
        """Add a command; its id, which is what things that it makes are called."""
        identity = command_id or f"s{self._number}-{len(self.said)}"
        envelope["issued_at_us"] = self.at
        self.said.append(stamp(self.wallet(name), body, command_id=identity, **envelope))
        return identity

    def opened(self, name, fund=0, kind=WalletKind.CUSTOMER, tier=Tier.PREMIUM):
        self.say(name, OpenWallet(kind, tier, ("EUR", "USD")))
        if fund:
            self.say(name, TopUp("EUR", fund, "card", f"first-{self.wallet(name)}"))


def banks(story):
    """Money comes by bank and card and goes by bank, and some of it comes back."""
    story.opened("ben")
    for number, comes in enumerate((True, False)):
        top_up = story.say("ben", SubmitBankTopUp("EUR", 400_00, "ach", f"{story.at}-{number}"))
        next_ = ClearTopUp(top_up, 400_00) if comes else ReturnTopUp(top_up, "R01")
        story.say("ben", next_)
    for ends in (SettleTransaction, ReturnWithdrawal, CancelWithdrawal):
        out = story.say("ben", Withdraw("EUR", 30_00, "ach", "NL91"))
        if ends is not CancelWithdrawal:
            story.say("ben", SubmitWithdrawal(out, f"{out}-bank"))
        story.say("ben", ends(out) if ends is CancelWithdrawal else ends(out, "AC04"))
    story.opened("cid", 100_00)
    story.say("cid", TopUp("EUR", 50_00, "card", f"second-{story.wallet('cid')}"))
    for order, won in (("first", True), ("second", False)):
        reference = f"{order}-{story.wallet('cid')}"
        charged = story.say("cid", AdviseChargeback("card", reference, 20_00))
        story.say("cid", ResolveChargeback(charged, won))


def shops(story):
    """Sales, what is given back of them, and what is argued about."""
    story.opened("shop", kind=WalletKind.MERCHANT)
    story.say("shop", SLOWLY)
    story.opened("sue", 1_000_00)
    sales = [
        f"{story.wallet('sue')}/{story.say('sue', Pay(story.wallet('shop'), 'EUR', 50_00, 'o'))}"
        for _ in range(4)
    ]
    story.say("shop", RefundPayment(sales[0], 20_00))
    story.say("shop", RefundPayment(sales[0], 30_01))
    for sale, ends in ((sales[1], ResolveDispute), (sales[2], WithdrawDispute)):
        dispute = story.say("shop", OpenDispute(sale, 30_00, "file-1"))
        story.say("shop", SubmitEvidence(dispute, "file-2", "ab" * 32))
        story.say("shop", ends(dispute, 10_00) if ends is ResolveDispute else ends(dispute))
    story.say("shop", ReleaseReserve(sales[3]))
    story.opened("desk", kind=WalletKind.TREASURY)
    # A suspended sale is named by the sequence that suspended it, and no two ledgers number alike.
    story.say("desk", AllocateSale(sales[3], 10**9, story.wallet("shop")))


def third_parties(story):
    """Money that waits for somebody: escrows and claims."""
    story.opened("eva", 1_000_00)
    story.opened("fay")
    fay = story.wallet("fay")
    escrow = story.say("eva", FundEscrow(fay, "EUR", 80_00, None))
    for body in (ReleaseEscrow(escrow, 50_00), ReleaseEscrow(escrow, 30_01), RefundEscrow(escrow)):
        story.say("eva", body)
    found, lost = (story.say("eva", SendToAlias("9f" * 32, "EUR", 40_00)) for _ in range(2))
    story.say("eva", AcceptClaim(found, fay))
    story.say("eva", CancelClaim(lost))


def requests(story):
    """Bills, requests for money, and pots of one's own."""
    story.opened("una", 1_000_00)
    story.opened("vic")
    una, vic = story.wallet("una"), story.wallet("vic")
    story.say("una", RejectBill(story.say("una", PayBill("water", "EUR", 30_00, "7/26")), "AC04"))
    asked, unasked = (story.say("vic", RequestMoney(una, "EUR", 30_00, 3_600)) for _ in range(2))
    story.say("vic", CancelRequest(unasked))
    for request in (asked, asked, unasked):
        story.say("una", PayRequest(vic, request, "EUR", 30_00))
    story.say("una", MoveToPot(2, "EUR", 60_00))
    story.say("una", MoveFromPot(2, "EUR", 60_01))
    story.say("una", MoveFromPot(2, "EUR", 10_00))


def orders(story):
    """Holds and what changes them, and what a command may carry."""
    story.opened("gus", 1_000_00)
    story.opened("hal")
    hal = story.wallet("hal")
    for end in (CaptureHold, VoidHold):
        hold = story.say("gus", PlaceHold(hal, "EUR", 20_00, None))
        story.say("gus", IncrementHold(hold, 5_00))
        story.say("gus", ExtendHold(hold, 86_400))
        captured = (25_00, False) if end is CaptureHold else ()
        story.say("gus", end(hold, *captured))
    pay = Transfer(hal, "EUR", 5_00)
    story.say("gus", pay, conditions=(AvailableAtLeast("EUR", 10_000_00),))
    story.say("gus", pay, conditions=(AvailableAtLeast("EUR", 100_00),))
    story.say("gus", pay, dry_run=True)
    story.say("gus", pay, origin=Origin("card-1", "phone-1", "NL", "5411"))
    again = story.say("gus", pay)
    story.say("gus", pay, again)
    story.say("gus", Transfer(hal, "EUR", 5_01), again)


def later(story):
    """Schedules, and several payments at once, to a payee who may live elsewhere."""
    story.opened("wim", 1_000_00)
    story.opened("xia")
    xia = story.wallet("xia")
    rent = (ScheduledKind.TRANSFER, xia, "EUR", 5_00, story.at + DAY_US, Recurrence.DAILY)
    for end in (CancelSchedule, CompleteSchedule):
        schedule = story.say("wim", CreateSchedule(*rent))
        story.say("wim", PauseSchedule(schedule, "why"))
        story.say("wim", ResumeSchedule(schedule))
        story.say("wim", end(schedule))
    near = next(f"near{n}" for n in count() if story.lives(f"near{n}") == story.lives("wim"))
    story.opened(near)
    for payee in (near, "xia"):
        items = (BulkItem(story.wallet(payee), "EUR", 1_00 + n, f"r{n}") for n in range(3))
        story.say("wim", BulkTransfer(tuple(items)))


def office(story):
    """What the office receives for somebody, and corrects with four eyes."""
    story.opened("bank", kind=WalletKind.TREASURY)
    story.opened("ida")
    ida, receipt = story.wallet("ida"), f"line-{story.at}-{story.wallet('bank')}"
    story.say("bank", BookTreasury(TreasuryFlow.F19_1, "EUR", 100_00, receipt, "safe"))
    story.say("bank", AllocateSuspense(receipt, ida, "EUR", 60_00))
    story.say("bank", AllocateSuspense(receipt, ida, "EUR", 40_01))
    for verdict in (ApproveAdjustment, RejectAdjustment):
        more = AdjustmentDirection.CREDIT_WALLET
        body = ProposeAdjustment("EXP.GOODWILL", "EUR", 5_00, more, "sorry", "T-1", "ann", None)
        proposed = story.say("ida", body)
        story.say("ida", verdict(proposed, "ann"))
        story.say("ida", verdict(proposed, "bea"))
    story.say("ida", ProposeAdjustment("EXP.GOODWILL", "EUR", 5_00, more, "why", "T-2", "ann"))


def desk(story):
    """What is brought over, exchanged, paid as interest, lent and closed."""
    story.opened("kai")
    kai, until = story.wallet("kai"), story.at + DAY_US
    story.say("kai", MigrateBalance("EUR", 100_00, f"old-{kai}"))
    story.say("kai", Convert("EUR", "USD", 92_00, 99_50, MID_E9, f"q-{kai}", until))
    story.say("kai", Convert("EUR", "USD", 92_00, 150_00, MID_E9, f"r-{kai}", until))
    story.say("kai", AccrueInterest("EUR", 1_00, "2026-11"))
    story.say("kai", PayInterest("EUR", 1_01, "2026-11"))
    story.say("kai", PayInterest("EUR", 1_00, "2026-11"))
    story.say("kai", ChangeCreditLimit("EUR", 50_00))
    story.opened("jim", 20_00)
    story.say("jim", ChangeWalletStatus(StatusAction.FREEZE_BOTH, Authority.COMPLIANCE))
    story.say("jim", SweepResidual("EUR", Authority.COMPLIANCE))
    story.say("jim", ChangeWalletStatus(StatusAction.CLOSE, Authority.COMPLIANCE))


def watched(story):
    """Somebody whose tier changed and who pays many new payees is looked at by a person."""
    story.opened("kim", 500_00, tier=Tier.ENHANCED)
    story.say("kim", ChangeTier(Tier.PREMIUM))
    payees = [f"lou{number}" for number in range(5)]
    for name in payees:
        story.opened(name)
    for review in [story.say("kim", Transfer(story.wallet(x), "EUR", 11_00)) for x in payees]:
        story.say("kim", ResolveReview(review, ReviewVerdict.APPROVE, "rose"))


def merchants_begin(story):
    """Sales that mature within a second; `merchants_end` is told when they have."""
    story.opened("mart", kind=WalletKind.MERCHANT)
    story.say("mart", AT_ONCE)
    story.opened("ned", 1_000_00)
    story.say("ned", Pay(story.wallet("mart"), "EUR", 50_00, "order-1"))


def merchants_end(story):
    """What matured is paid out, stopped, returned, and paid out again."""
    stopped = story.say("mart", FreezePayout("EUR"))
    story.say("mart", CancelPayout(stopped))
    for rail in ("card", "sct"):
        payout = story.say("mart", FreezePayout("EUR"))
        story.say("mart", SubmitPayout(payout, rail, f"P-{payout}"))
        story.say("mart", ReturnPayout(payout, "AC04"))


BESIDE = (banks, shops, third_parties, requests, orders, later, office, desk, watched)
STORIES = (*BESIDE, merchants_begin)
