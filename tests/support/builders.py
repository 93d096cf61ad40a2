"""Builders: policies, rulesets and a whole partition of the ledger in memory.

Owns: `Rig`, which does to a view what the wallet job does: decide, apply, note, log, fire timers.
Never: a rule; whatever a rig answers was decided by `ledger`.

A wallet's partition is the number after the last dash of its id: `bob-1` lives on partition 1,
`alice` on 0.
"""

from hashlib import sha256

from ledger.candidate import decides
from ledger.decider import decide
from ledger.dry_run import without_effect
from ledger.effects import apply
from ledger.fold import close_group, fold, head_of, note
from ledger.inputs import CommandInput, ControlInput, LegInput, TimerInput
from ledger.place import Place
from ledger.programme import Programme
from ledger.view import ONE, memory_view
from schemas.codec import encode
from schemas.messages.commands import OpenWallet, WalletCommand
from schemas.messages.control import Control
from schemas.messages.decisions import Decision, InputSource, TimerSource
from schemas.messages.events import LegSent
from schemas.messages.policy import (
    CurrencyRule,
    FeeRule,
    Policy,
    Ruleset,
    TierLimits,
    Zone,
    ZoneTransition,
)
from schemas.messages.vocabulary import FeeFlow, InputTopic, LegKind, Tier, WalletKind
from streams.wallet.genesis import ruleset_hash
from streams.wallet.identity import identify

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# 2025-06-15 12:00:00 UTC, a Sunday; in the zone of the test policy it is 14:00.
NOON = 1_749_988_800 * SECOND
INT64_MAX = 2**63 - 1
GENEROUS = 10**15


def tier(name=Tier.BASIC, **changed):
    """Ceilings that nothing reaches, except those named."""
    values = dict.fromkeys(
        (
            "per_tx_out",
            "per_tx_in",
            "day_out",
            "day_in",
            "month_out",
            "month_in",
            "rolling_24h_out",
            "count_out_hour",
            "balance_cap",
        ),
        GENEROUS,
    )
    return TierLimits(**{"tier": name, **values, "transfer_out": True, **changed})


def policy(*, limits=None, **changed):
    """A policy without fees and with generous ceilings; `limits` changes those of tier BASIC."""
    values = {
        "version": "test",
        "base_currency": "EUR",
        "currencies": (
            CurrencyRule("EUR", 2, 10**9),
            CurrencyRule("USD", 2, 900_000_000),
            CurrencyRule("JPY", 0, 610_000_000),
        ),
        "zone": Zone("Europe/Amsterdam", "test", (ZoneTransition(0, 7_200),)),
        "tiers": (
            tier(Tier.UNVERIFIED, transfer_out=False),
            tier(Tier.BASIC, **(limits or {})),
            tier(Tier.ENHANCED),
            tier(Tier.PREMIUM),
        ),
        "fees": (),
        "hold_ttl_s": 7 * 86_400,
        "review_ttl_s": 86_400,
        "saga_cancel_after_s": 60,
        "saga_max_attempts": 3,
        "max_active_holds": 100,
        "max_payees": 10_000,
        "max_outflow_entries": 2_000,
        "claim_ttl_s": 30 * 86_400,
        "adjustment_ttl_s": 86_400,
        "adjustment_two_checkers_minor": 10_000,
        "fx_tolerance_bp": 100,
    }
    return Policy(**{**values, **changed})


def fees(basis_points, minimum=0):
    """The same fee for every flow."""
    return tuple(FeeRule(flow, basis_points, minimum) for flow in FeeFlow)


def ruleset(*rules, typologies=(), **changed):
    """A ruleset; without rules it allows everything."""
    values = {"step_up_at": 300, "review_at": 500, "block_at": 700, **changed}
    return Ruleset("test", rules, typologies=typologies, **values)


def partition_of(partitions):
    """Route by the number after the last dash."""

    def route(wallet_id):
        _, _, number = wallet_id.rpartition("-")
        return int(number) % partitions if number.isdecimal() else 0

    return route


class Rig:
    """One partition: its view, its clock, its log and the legs it sent."""

    def __init__(self, partition=0, partitions=2, policy_=None, ruleset_=None, at=NOON):
        self.view = memory_view()
        self.place = Place("test", partition, partition_of(partitions))
        self.genesis = (policy_ or policy(), ruleset_ or ruleset())
        self.at = at
        self.log = []
        self.records = []  # key and value of each Decision's input; None for a timer
        self.legs = []
        self.grouping = False  # True leaves the transaction open until `seal`

    @property
    def programme(self):
        return self.programme_for("")

    def programme_for(self, wallet_id):
        """The programme by which a wallet's inputs are decided now."""
        trial = self.view.candidate.get(ONE)
        tried = trial is not None and decides(trial, wallet_id)
        in_force = self.view.ruleset.get(ONE) or self.genesis[1]
        return Programme.compile(
            self.view.policy.get(ONE) or self.genesis[0],
            trial.ruleset if tried else in_force,
        )

    def command(
        self,
        wallet_id,
        body,
        command_id=None,
        *,
        key=None,
        issued_at=None,
        conditions=(),
        dry_run=False,
        origin=None,
    ):
        """Decide a command now."""
        command_id = command_id or f"c{len(self.log)}"
        issued_at = self.at if issued_at is None else issued_at
        fingerprint, checks = identify(body, conditions)
        key = wallet_id.encode() if key is None else key
        command = WalletCommand(command_id, wallet_id, issued_at, body, conditions, dry_run, origin)
        given = CommandInput(key, command, fingerprint, checks)
        hashes = (b"", b"") if dry_run else (fingerprint, checks)
        return self.decide(given, (wallet_id, command_id), hashes)

    def leg(self, leg):
        """Decide a leg from another partition."""
        wallet_id = leg.to_wallet_id
        if leg.kind in {LegKind.ACK, LegKind.NACK}:
            wallet_id = leg.from_wallet_id
        given = LegInput(leg, digest_of(leg))
        return self.decide(given, (wallet_id, leg.transfer_id), (b"", b""), InputTopic.LEGS)

    def control(self, body, control_id="control", key=None, *, issuer="ops", approver="bea"):
        """Decide a control record."""
        key = str(self.place.partition).encode() if key is None else key
        given = ControlInput(key, Control(control_id, self.at, issuer, body, approver))
        return self.decide(given, ("", control_id), (b"", b""), InputTopic.CONTROL)

    def fire(self):
        """Decide the first timer, at its due time; None when there is none."""
        first = self.view.timers.first(1)
        if not first:
            return None
        timer = first[0][1]
        source = TimerSource(timer.kind, timer.due, timer.wallet_id, timer.timer_id)
        address = (timer.wallet_id, timer.timer_id)
        now, self.at = self.at, max(head_of(self.view).decided_at, timer.due)
        decision = self.decide(TimerInput(timer), address, (b"", b""), source)
        self.at = max(now, self.at)
        return decision

    def wait(self, duration):
        """Let time pass."""
        self.at += duration
        return self

    def decide(self, given, address, hashes, source=InputTopic.COMMANDS):
        """Decide, apply and note one input; log its Decision."""
        sequence = head_of(self.view).sequence + 1
        programme = self.programme_for(address[0])
        verdict = decide(self.view, given, self.at, programme, self.place)
        would_be = None
        if isinstance(given, CommandInput) and given.command.dry_run:
            verdict, would_be = without_effect(self.view, verdict, sequence)
        entries, balances = apply(self.view, verdict.events, self.at, sequence)
        if isinstance(source, InputTopic):
            source = InputSource(source, sequence, self.at, b"")
        kept = verdict.reason is None or verdict.reason.name not in {"MISROUTED", "KEY_MISMATCH"}
        decision = Decision(
            self.place.ledger_id,
            self.place.partition,
            sequence,
            1,
            self.at,
            source,
            b"",
            0,
            b"",
            *address,
            *(hashes if kept else (b"", b"")),
            "test",
            ruleset_hash(programme.ruleset),
            verdict.outcome,
            verdict.reason,
            verdict.detail,
            verdict.stage,
            verdict.duplicate_of,
            verdict.risk,
            verdict.events,
            entries,
            balances,
            None,
            would_be,
        )
        note(self.view, decision)
        self.log.append((decision, not self.grouping))
        self.records.append(record_of(given))
        self.legs += [event.leg for event in verdict.events if isinstance(event, LegSent)]
        if not self.grouping:
            close_group(self.view, bytes(32))
        return decision

    def seal(self):
        """End the open transaction."""
        if self.log:
            self.log[-1] = (self.log[-1][0], True)
        close_group(self.view, bytes(32))

    def replayed(self):
        """Return the view that a fold of the log gives."""
        view = memory_view()
        for decision, sealed in self.log:
            fold(view, decision)
            if sealed:
                close_group(view, bytes(32))
        return view

    def open(self, wallet_id, tier_=Tier.BASIC, currencies=("EUR",), kind=WalletKind.CUSTOMER):
        """Open a wallet."""
        return self.command(wallet_id, OpenWallet(kind, tier_, currencies))


def record_of(given):
    """The record that an input of the core was read from."""
    if isinstance(given, CommandInput):
        return given.key, encode(given.command)
    if isinstance(given, ControlInput):
        return given.key, encode(given.control)
    return (b"", encode(given.leg)) if isinstance(given, LegInput) else None


def digest_of(leg):
    """The digest that the inbox keeps of a leg."""
    return sha256(encode(leg)).digest()[:16]
