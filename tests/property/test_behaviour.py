"""Features of behaviour: bounded rows see what a look at the whole history sees."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.flags import FLAGGER
from ledger.fraud import FEATURES
from ops.auditor.auditor import Auditor, Given
from schemas.messages.commands import (
    CancelWithdrawal,
    ChangeTier,
    Origin,
    PlaceHold,
    ReturnTopUp,
    SubmitBankTopUp,
    TopUp,
    Transfer,
    VoidHold,
    Withdraw,
)
from schemas.messages.events import InflowGivenBack, OutflowGivenBack
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import Authentication, OutflowFamily, RiskAction, Tier
from tests.support.builders import DAY, HOUR, MINUTE, SECOND, Rig, partition_of, policy, ruleset
from tests.support.flag_days import flag_drawn

# Every feature is in every Decision; nothing is refused for it.
SEEN = ruleset(
    *(Rule("SEEN", each, (Band(0, None, 0, RiskAction.ALLOW),), 0) for each in sorted(FEATURES)),
    structuring_at=(1_000, 5_000),
    denied_countries=("KP", "IR"),
    denied_mccs=("7995",),
    denied_rails=("sct",),
)
POLICY = policy(
    limits={
        "per_tx_out": 8_000,
        "week_out": 90_000,
        "count_out_30d": 120,
        "withdrawal_day_out": 9_000,
    }
)
PAUSES = (
    0,
    SECOND,
    29 * MINUTE,
    30 * MINUTE,
    30 * MINUTE + 1,
    HOUR,
    HOUR + 1,
    DAY - 1,
    DAY,
    2 * DAY,
)
LONG = (7 * DAY, 8 * DAY, 30 * DAY, 31 * DAY, 89 * DAY, 91 * DAY)
DEEDS = {
    "pay": 60,
    "hold": 8,
    "void": 5,
    "withdraw": 6,
    "cancel": 3,
    "card": 7,
    "bank": 16,
    "return": 8,
    "come": 8,
    "tier": 1,
}
FLAGGED = 0.1
PAYERS = tuple(f"from{number}" for number in range(30))
AMOUNTS = (1, 40, 45, 799, 800, 900, 999, 1_000, 4_000, 4_999, 5_000, 6_400, 7_999, 8_000)


def lived(seed, length):
    """One wallet's life: it is filled, pays, reserves and takes back, by minutes and by months."""
    random, telling = Random(seed), Random(f"flags {seed}")
    rig = Rig(policy_=POLICY, ruleset_=SEEN)
    for wallet_id in ("alice", "bob", "carl", "dora", *PAYERS):
        rig.open(wallet_id, currencies=("EUR", "JPY"))
    for wallet_id in ("alice", "bob", *PAYERS):
        rig.command(wallet_id, TopUp("EUR", 300_000, "card", wallet_id))
    begun = {PlaceHold: [], Withdraw: [], SubmitBankTopUp: []}
    rush = Rush(random)
    for number in range(length):
        rig.wait(rush.pause())
        while (first := rig.view.timers.first(1)) and first[0][1].due <= rig.at:
            rig.fire()
        if telling.random() < FLAGGED:
            rig.control(flag_drawn(telling, "alice", rig.at), f"f{number}", issuer=FLAGGER)
        wallet_id, body = deed(random, number, begun, rush.kind())
        rig.command(wallet_id, body, f"n{number}", origin=origin(random))
        if type(body) in begun:
            begun[type(body)].append(f"n{number}")
    return rig


class Rush:
    """Now and then everybody pays one wallet within minutes, or it is topped up again and again."""

    def __init__(self, random):
        self._random = random
        self._left = 0
        self._what = ""

    def pause(self):
        """How long nothing happens before the next deed."""
        if self._left == 0 and self._random.random() < 0.01:
            self._left = self._random.choice((20, 60))
            self._what = self._random.choice(("come", "card"))
        self._left = max(0, self._left - 1)
        if self._left > 0:
            return self._random.choice((0, SECOND, MINUTE, 29 * MINUTE))
        return self._random.choice(LONG if self._random.random() < 0.04 else PAUSES)

    def kind(self):
        """What is done in it; None = anything."""
        return self._random.choice((self._what, self._what, "pay", None)) if self._left else None


def origin(random):
    """What the caller says of where a command comes from."""
    if random.random() < 0.2:
        return None
    devices = ("", "phone", "phone", "tablet", *[f"d{number}" for number in range(9)])
    return Origin(
        f"card{random.randrange(10)}",
        random.choice(devices),
        random.choice(("", "NL", "KP")),
        random.choice(("", "5411", "7995")),
        random.choices(tuple(Authentication), (2, 6, 1))[0],
    )


def deed(random, number, begun, kind):
    """What is done next, and by whom."""
    amount = random.choice(AMOUNTS) if random.random() < 0.7 else random.randint(1, 8_000)
    payee = random.choice(("bob", "bob", "carl", "dora", "eve-1"))
    payee = f"new{number}-1" if random.random() < 0.05 else payee
    kind = kind or random.choices(tuple(DEEDS), tuple(DEEDS.values()))[0]
    bodies = {
        "pay": lambda: Transfer(payee, "EUR", amount),
        "come": lambda: Transfer("alice", "EUR", amount),
        "hold": lambda: PlaceHold(payee, "EUR", amount, 3 * 86_400),
        "void": lambda: VoidHold(latest(begun[PlaceHold])),
        "withdraw": lambda: Withdraw(
            "EUR", amount, random.choice(("ach", "sct")), random.choice(("NL91", "NL92"))
        ),
        "cancel": lambda: CancelWithdrawal(latest(begun[Withdraw])),
        "card": lambda: TopUp("EUR", amount * random.choice((1, 5)), "card", f"ref{number}"),
        "bank": lambda: SubmitBankTopUp("EUR", amount, "ach", f"ref{number}"),
        "return": lambda: ReturnTopUp(latest(begun[SubmitBankTopUp]), "R01"),
        "tier": lambda: ChangeTier(random.choice((Tier.BASIC, Tier.ENHANCED))),
    }
    senders = ("bob", "bob", *PAYERS)
    return random.choice(senders) if kind == "come" else "alice", bodies[kind]()


def latest(begun):
    return begun.pop() if begun else "none"


def differences_of(rig):
    auditor = Auditor(partition_of(2), POLICY, SEEN)
    found = []
    for (decision, _), record in zip(rig.log, rig.records, strict=True):
        read = None if record is None else Given(decision.source.append_time, *record)
        found += [each for each in auditor.take(decision, read) if each.what != "policy"]
    return found


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(1, 150))
def test_bounded_rows_see_what_the_whole_history_says(seed, length):
    assert differences_of(lived(seed, length)) == []


def test_long_lives_give_every_feature_its_values_and_reach_every_bound():
    rigs = [lived(seed, 600) for seed in (38, 39)]
    assert [differences_of(rig) for rig in rigs] == [[], []]
    log = [decision for rig in rigs for decision, _ in rig.log]
    events = [event for decision in log for event in decision.events]
    assert any(isinstance(each, InflowGivenBack) for each in events)
    backs = [each.family for each in events if isinstance(each, OutflowGivenBack)]
    assert {OutflowFamily.PAYMENT, OutflowFamily.WITHDRAWAL} == set(backs)
    fired = {}
    for decision in log:
        for each in decision.risk.fired if decision.risk else ():
            fired.setdefault(each.feature, set()).add(each.value)
    assert fired.keys() == FEATURES
    for feature, values in fired.items():
        assert len(values) > 1, feature
    assert (max(fired["senders_24h"]), max(fired["instruments_7d"])) == (24, 8)
    profile = rigs[0].view.profiles.get("alice")
    assert len(profile.devices) == 8
    assert (len(profile.amounts), len(profile.digits)) == (20, 100)
    assert len(rigs[0].view.outflow_days.get("alice").max_days) <= 91
