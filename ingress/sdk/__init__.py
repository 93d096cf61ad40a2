"""The SDK: send commands to the ledger and follow their outcomes, with the base install alone.

    from ingress.sdk import LedgerProducer, ResultReader, Transfer

    with ResultReader("127.0.0.1:9092") as results, LedgerProducer("127.0.0.1:9092") as ledger:
        sent = ledger.send("w-1", Transfer("w-2", "EUR", 12_50)).result()
        print(results.wait("w-1", sent.command_id).outcome)

Amounts are whole minor units (cents); `Money.parse` reads decimal text exactly. Every error is an
`SdkError` and names the field, address or command it is about.

Owns: the public surface for producers.
Never: needs a web framework, a stream library or a store driver.
"""

from ingress.sdk.errors import (
    BrokerUnreachableError,
    ClosedError,
    CommandRefusedError,
    DeliveryFailedError,
    LineRefusedError,
    PositionLostError,
    QueueFullError,
    ResultTimeoutError,
    SdkError,
    TopicMissingError,
)
from ingress.sdk.producer import Delivered, LedgerProducer, ProducerSettings, stamp
from ingress.sdk.results import ReaderSettings, ResultReader
from schemas.messages.commands import (
    AccrueInterest,
    AllocateSuspense,
    ApproveAdjustment,
    BookTreasury,
    CaptureHold,
    ChangeTier,
    ChangeWalletStatus,
    Command,
    Convert,
    MigrateBalance,
    OpenWallet,
    PayInterest,
    PlaceHold,
    ProposeAdjustment,
    RejectAdjustment,
    ResolveReview,
    SweepResidual,
    TopUp,
    Transfer,
    VoidHold,
    WalletCommand,
)
from schemas.messages.results import Result
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    Authority,
    Outcome,
    RejectionReason,
    ReviewVerdict,
    Stage,
    StatusAction,
    Tier,
    TreasuryFlow,
    WalletKind,
)
from schemas.values import CURRENCIES, Currency, Money

__all__ = [
    "CURRENCIES",
    "AccrueInterest",
    "AdjustmentDirection",
    "AllocateSuspense",
    "ApproveAdjustment",
    "Authority",
    "BookTreasury",
    "BrokerUnreachableError",
    "CaptureHold",
    "ChangeTier",
    "ChangeWalletStatus",
    "ClosedError",
    "Command",
    "CommandRefusedError",
    "Convert",
    "Currency",
    "Delivered",
    "DeliveryFailedError",
    "LedgerProducer",
    "LineRefusedError",
    "MigrateBalance",
    "Money",
    "OpenWallet",
    "Outcome",
    "PayInterest",
    "PlaceHold",
    "PositionLostError",
    "ProducerSettings",
    "ProposeAdjustment",
    "QueueFullError",
    "ReaderSettings",
    "RejectAdjustment",
    "RejectionReason",
    "ResolveReview",
    "Result",
    "ResultReader",
    "ResultTimeoutError",
    "ReviewVerdict",
    "SdkError",
    "Stage",
    "StatusAction",
    "SweepResidual",
    "Tier",
    "TopUp",
    "TopicMissingError",
    "Transfer",
    "TreasuryFlow",
    "VoidHold",
    "WalletCommand",
    "WalletKind",
    "stamp",
]
