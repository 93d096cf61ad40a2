"""Every event that has words says them of the wallet it is about, and of nobody else."""

import ast
import sys
from enum import Enum
from types import NoneType, UnionType
from typing import get_args

import pytest

from ledger.words import SAID, words_of
from schemas.messages.events import (
    AdjustmentRecorded,
    EntryPosted,
    HoldExtended,
    InterestMoved,
    MerchantTermsSet,
    ReviewResolved,
    ScheduleMoved,
    TierChanged,
    ToppedUp,
    TransactionMoved,
    TransferCancelAsked,
    TransferSettled,
    WalletOpened,
    WalletStatusChanged,
)
from tests.support.sources import tree_of

SIMPLE = {str: "", int: 1, bool: False, bytes: b""}


def made(kind, **given):
    """A message, with anything for what is not given."""
    return kind(**{name: given.get(name, anything(hint)) for name, hint in hints_of(kind)})


def hints_of(kind):
    """The fields of a message and their types, from its source: a compiled class has none."""
    module = sys.modules[kind.__module__]
    (source,) = (
        each
        for each in tree_of(f"{kind.__module__.replace('.', '/')}.py").body
        if isinstance(each, ast.ClassDef) and each.name == kind.__name__
    )
    (init,) = (each for each in source.body if getattr(each, "name", "") == "__init__")
    return [
        (each.arg, eval(ast.unparse(each.annotation), vars(module))) for each in init.args.args[1:]
    ]


def anything(hint):
    if isinstance(hint, UnionType):
        return None if NoneType in get_args(hint) else anything(get_args(hint)[0])
    if hint in SIMPLE:
        return SIMPLE[hint]
    if get_args(hint):
        return ()
    return next(iter(hint)) if issubclass(hint, Enum) else made(hint)


SAYING = [
    (made(AdjustmentRecorded, wallet_id="w"), "ADJUSTMENT SEEN"),
    (made(EntryPosted, wallet_id="w"), ""),
    (made(HoldExtended, wallet_id="w"), "HOLD EXTENDED"),
    (made(InterestMoved, wallet_id="w"), "INTEREST"),
    (made(MerchantTermsSet, wallet_id="w"), "TERMS SET"),
    (made(ReviewResolved, wallet_id="w"), "REVIEW "),
    (made(ScheduleMoved, wallet_id="w"), "SCHEDULE "),
    (made(TierChanged, wallet_id="w"), "TIER "),
    (made(TransactionMoved, wallet_id="w", reason="late"), "(late)"),
    (made(TransferCancelAsked, from_wallet_id="w"), "ANSWER ASKED FOR"),
    (made(TransferSettled, from_wallet_id="w"), "SETTLED"),
    (made(WalletOpened, wallet_id="w"), "WALLET OPENED"),
    (made(WalletStatusChanged, wallet_id="w"), "WALLET "),
]


@pytest.mark.parametrize(("event", "said"), SAYING, ids=lambda each: type(each).__name__)
def test_an_event_says_its_word_of_its_wallet(event, said):
    words = words_of([event, made(ToppedUp, wallet_id="other")])
    assert list(words) == ["w"]
    assert said in words["w"]


def test_every_event_with_words_is_here():
    assert {type(event) for event, _ in SAYING} == SAID


def test_what_says_nothing_and_what_is_of_nobody():
    assert words_of([made(ToppedUp, wallet_id="w")]) == {}
    assert words_of([made(EntryPosted, wallet_id="")]) == {}


def test_a_transaction_without_a_reason_has_no_brackets():
    assert "(" not in words_of([made(TransactionMoved, wallet_id="w", reason="")])["w"]


def test_the_last_word_on_a_thing_counts():
    extended = made(HoldExtended, wallet_id="w", hold_id="h")
    asked = made(TransferCancelAsked, from_wallet_id="w", transfer_id="t")
    settled = made(TransferSettled, from_wallet_id="w", transfer_id="t")
    assert words_of([extended, asked, settled]) == {"w": "HOLD EXTENDED, SETTLED"}
