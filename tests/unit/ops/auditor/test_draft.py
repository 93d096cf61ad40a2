"""A draft of the auditor's books: whatever is done in it, the books stay as they are."""

from copy import deepcopy

import pytest

from ops.auditor.books import Attempt, Books, Consumed, Hold, Wallet
from ops.auditor.draft import draft_of
from schemas.messages.vocabulary import Tier
from tests.support.builders import partition_of, policy, ruleset


def books():
    made = Books(0, partition_of(1), policy(), ruleset())
    attempt = Attempt(1, 5, 1)
    made.wallets["ann"] = Wallet(Tier.BASIC, ("EUR",), attempts=[attempt])
    made.wallets["bob"] = Wallet(Tier.BASIC, ("EUR",))
    made.holds["ann", "h"] = Hold("bob", "EUR", 5, 0, Consumed(attempt, 1, 1, 5))
    made.balances["W.AVL", "ann", "EUR"] = -5
    made.open_credits[1] = {1, 2}
    made.set_timer(9, 0, ("ann", "h"))
    return made


def facts(made):
    """Everything in the books; rulesets by what they hold, since two of them are never equal."""
    found = {name: each for name, each in vars(made).items() if name != "partition_of"}
    return {**found, "rulesets": vars(made.rulesets)}


def test_nothing_of_a_draft_reaches_the_books():
    made = books()
    before = deepcopy(facts(made))
    draft = draft_of(made)
    draft.wallets["ann"].attempts.append(Attempt(2, 1, 1))
    draft.wallets["carl"] = Wallet(Tier.BASIC, ())
    draft.post("EUR", ("W.AVL", "ann", 3), ("EXP.CHB", "", -3))
    draft.open_credits[1].add(3)
    draft.references.add(("card", "r"))
    draft.drop_timer(9, 0, ("ann", "h"))
    del draft.wallets["bob"]
    draft.at, draft.sequence = 7, 7
    assert facts(made) == before


def test_a_draft_has_what_was_done_in_it():
    draft = draft_of(books())
    del draft.wallets["bob"]
    draft.wallets["carl"] = Wallet(Tier.BASIC, ())
    assert (list(draft.wallets), len(draft.wallets)) == (["ann", "carl"], 2)
    assert "bob" not in draft.wallets
    assert draft.wallets.get("bob") is None
    with pytest.raises(KeyError):
        del draft.wallets["bob"]
    draft.wallets["bob"] = Wallet(Tier.PREMIUM, ())
    assert draft.wallets["bob"].tier is Tier.PREMIUM


def test_what_two_facts_have_in_common_stays_one():
    draft = draft_of(books())
    draft.holds["ann", "h"].consumed.attempt.amount = 1
    assert draft.wallets["ann"].attempts[0].amount == 1


def test_a_draft_of_a_draft_is_apart_from_it():
    first = draft_of(books())
    second = draft_of(first)
    second.wallets["ann"].closed = True
    assert not first.wallets["ann"].closed
