"""`ledgerctl policy activate | rollback`.

Owns: options and output.
Never: checks a document (`plan.py`), looks for one (`history.py`), sends (`sending.py`).
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from ops import operations
from ops.console import execute_option, show_plan
from ops.operations import reason_option
from ops.policy.history import history_of, rollback_of_policy, rollback_of_ruleset
from ops.policy.plan import activation_of, on_trial
from ops.policy.sending import sending_of
from ops.reading import TopicReader, raise_damage, sealed
from ops.settings import read_settings
from schemas.messages.vocabulary import ActivationMode
from streams.wallet.genesis import genesis_policy, genesis_ruleset
from topics.catalog import EVENTS

approver_option = click.option(
    "--approver", default="", help="Who else saw it; a policy may demand somebody."
)
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
@approver_option
@reason_option
@execute_option
def activate(  # noqa: PLR0913 - one parameter per option
    policy_file: Path | None,
    ruleset_file: Path | None,
    rates_file: Path | None,
    mode: str,
    canary_percent: int,
    control_id: str | None,
    approver: str,
    reason: str,
    *,
    execute: bool,
) -> None:
    """Write ACTIVATE, with the whole document, to every partition of the control topic.

    Each partition switches at the record's offset; Decisions after it name the new version, and
    `rollback` goes back. A ruleset may be tried first: in SHADOW it is asked beside the one in
    force and answers on risk.shadow.v1, as a CANARY it decides for a share of the wallets, always
    the same ones. One is on trial at most; the next LIVE activation ends it.
    """
    operations.require_reason(reason, execute=execute)
    read = activation_of(policy_file, ruleset_file, rates_file)
    activation = on_trial(read, ActivationMode[mode.upper()], canary_percent)
    sending = sending_of(read_settings(), activation, control_id, approver)
    show_plan(sending.lines(), execute=execute, act=lambda: sending.send(reason))


@policy.command()
@click.option("--policy", "of_policy", is_flag=True, help="The policy instead of the ruleset.")
@approver_option
@reason_option
@execute_option
def rollback(approver: str, reason: str, *, of_policy: bool, execute: bool) -> None:
    """Activate what was in force before the present ruleset again.

    The log says what that is. A canary is taken back first: then the set in force is activated
    again, for all wallets. A second rollback goes forward again.
    """
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    with closing(TopicReader(settings.broker(), EVENTS.name)) as reader:
        log = (placed.decision for placed in sealed(reader.read(), raise_damage))
        genesis = (genesis_policy(), genesis_ruleset())
        history = history_of(log, reader.partitions, genesis)
    found = rollback_of_policy(history) if of_policy else rollback_of_ruleset(history)
    sending = sending_of(settings, found.back, None, approver)
    lines = [found.line(), *sending.lines()]
    show_plan(lines, execute=execute, act=lambda: sending.send(reason))
