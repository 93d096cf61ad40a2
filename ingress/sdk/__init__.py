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
from ingress.sdk.split import SplitRequest, split_bill, split_equally
from schemas.messages.commands import (
    AcceptClaim,
    CancelClaim,
    CancelRequest,
    CaptureHold,
    ChangeTier,
    ChangeWalletStatus,
    Command,
    ExtendHold,
    FundEscrow,
    IncrementHold,
    MoveFromPot,
    MoveToPot,
    OpenWallet,
    PayBill,
    PayRequest,
    PlaceHold,
    RefundEscrow,
    RejectBill,
    ReleaseEscrow,
    RequestMoney,
    ResolveReview,
    SendToAlias,
    TopUp,
    Transfer,
    VoidHold,
    WalletCommand,
)
from schemas.messages.results import Result
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    RejectionReason,
    ReviewVerdict,
    Stage,
    StatusAction,
    Tier,
    WalletKind,
)
from schemas.values import CURRENCIES, Currency, Money

__all__ = [
    "CURRENCIES",
    "AcceptClaim",
    "Authority",
    "BrokerUnreachableError",
    "CancelClaim",
    "CancelRequest",
    "CaptureHold",
    "ChangeTier",
    "ChangeWalletStatus",
    "ClosedError",
    "Command",
    "CommandRefusedError",
    "Currency",
    "Delivered",
    "DeliveryFailedError",
    "ExtendHold",
    "FundEscrow",
    "IncrementHold",
    "LedgerProducer",
    "LineRefusedError",
    "Money",
    "MoveFromPot",
    "MoveToPot",
    "OpenWallet",
    "Outcome",
    "PayBill",
    "PayRequest",
    "PlaceHold",
    "PositionLostError",
    "ProducerSettings",
    "QueueFullError",
    "ReaderSettings",
    "RefundEscrow",
    "RejectBill",
    "RejectionReason",
    "ReleaseEscrow",
    "RequestMoney",
    "ResolveReview",
    "Result",
    "ResultReader",
    "ResultTimeoutError",
    "ReviewVerdict",
    "SdkError",
    "SendToAlias",
    "SplitRequest",
    "Stage",
    "StatusAction",
    "Tier",
    "TopUp",
    "TopicMissingError",
    "Transfer",
    "VoidHold",
    "WalletCommand",
    "WalletKind",
    "split_bill",
    "split_equally",
    "stamp",
]
