"""`ledgerctl policy activate`.

Owns: options, output and the sending.
Never: checks a document; `plan.py` does.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import click
from confluent_kafka import Producer

from ingress.sdk.client import partition_count, producer_config
from ops import operations
from ops.console import execute_option, show_plan
from ops.operations import reason_option
from ops.policy.plan import activation_of, control_records, on_trial
from ops.settings import read_settings
from schemas.messages.vocabulary import ActivationMode
from topics.catalog import CONTROL
from topics.errors import TopicRefusedError

TIMEOUT_S = 10.0
NS_PER_US = 1_000
QUEUE_MAX = 10_000

file_type = click.Path(path_type=Path, dir_okay=False)


@click.group()
def policy() -> None:
    """Bring a policy, a ruleset or a rate table into force."""


@policy.command()
@click.option("--policy", "policy_file", type=file_type, help="A policy as JSON.")
@click.option("--ruleset", "ruleset_file", type=file_type, help="A ruleset as JSON.")
@click.option("--rates", "rates_file", type=file_type, help="A rate table as JSON.")
@click.option(
    "--mode",
    type=click.Choice([each.name for each in ActivationMode], case_sensitive=False),
    default=ActivationMode.LIVE.name,
    show_default=True,
    help="Of a ruleset: SHADOW is only asked, CANARY decides for some wallets.",
)
@click.option("--canary-percent", type=int, default=0, help="With CANARY: 1 to 99.")
@click.option("--control-id", help="To repeat an activation safely; default: a new one.")
@reason_option
@execute_option
def activate(  # noqa: PLR0913 - one parameter per option
    policy_file: Path | None,
    ruleset_file: Path | None,
    rates_file: Path | None,
    mode: str,
    canary_percent: int,
    control_id: str | None,
    reason: str,
    *,
    execute: bool,
) -> None:
    """Write ACTIVATE, with the whole document, to every partition of the control topic.

    Each partition switches at the record's offset; Decisions after it name the new version. To go
    back, activate the earlier file again. A ruleset may be tried first: in SHADOW it is asked
    beside the one in force and answers on risk.shadow.v1, as a CANARY it decides for a share of the
    wallets, always the same ones. One is on trial at most; the next LIVE activation ends it.
    """
    operations.require_reason(reason, execute=execute)
    read = activation_of(policy_file, ruleset_file, rates_file)
    activation = on_trial(read, ActivationMode[mode.upper()], canary_percent)
    settings = read_settings()
    producer = Producer(producer_config(settings.broker(), QUEUE_MAX, 0))
    partitions = partition_count(producer, settings.broker(), CONTROL.name, TIMEOUT_S)
    chosen = control_id or f"{activation.kind}-{uuid.uuid4()}"
    issued_at_us = time.time_ns() // NS_PER_US
    records = control_records(activation, chosen, operations.who(), issued_at_us, partitions)

    def act() -> None:
        _send(producer, records)
        operations.record(settings.state_dir, f"activate {activation.named} as {chosen}", reason)

    show_plan(activation.lines(chosen, partitions), execute=execute, act=act)


def _send(producer: Producer, records: Sequence[tuple[bytes, bytes, int]]) -> None:
    for key, value, number in records:
        producer.produce(CONTROL.name, value, key, number)
    if producer.flush(TIMEOUT_S):
        raise TopicRefusedError(CONTROL.name, f"not acknowledged within {TIMEOUT_S:.0f} s")
