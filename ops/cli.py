"""`ledgerctl`: the composition root of the tools for a person.

Owns: the list of nouns and where each one lives, and the exit codes: 0 clean, 1 differences
found, 2 usage, 3 a dependency is away.
Never: imports a noun before it is asked for, so that `--help` is quick and needs the base install
alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ops.exits import CLEAN, INTERRUPTED, USAGE, explain
from schemas.native import prefer_native


@dataclass(frozen=True, slots=True)
class Noun:
    """A command of ledgerctl: the module and name of its click command, and one line about it."""

    module: str
    attribute: str
    about: str


NOUNS: Final = {
    "stack": Noun("ops.stack.command", "stack", "Start, stop and look at the local servers."),
    "demo": Noun("ops.demo.command", "demo", "Run a day of traffic and compare every store."),
    "topics": Noun("ops.topics.command", "topics", "Make a cluster's topics equal the catalogue."),
    "send": Noun("ops.send.command", "send", "Send one command."),
    "feed": Noun("ops.feed.command", "feed", "Send the commands of a JSON-lines file."),
    "wallet": Noun("ops.wallet.command", "wallet", "Show a wallet's balances and events."),
    "trace": Noun("ops.trace.command", "trace", "Show every stop a command passed."),
    "log": Noun("ops.log.command", "log", "Read the log of Decisions."),
    "verify": Noun("ops.verify.command", "verify", "Check chain, seals, sequences and balances."),
    "checkpoints": Noun(
        "ops.proof.command", "checkpoints", "Sign what the log is; receipts and their proof."
    ),
    "lag": Noun("ops.lag.command", "lag", "Show how far each sink is behind the log."),
    "dlq": Noun("ops.dlq.command", "dlq", "List dead letters, send one again."),
    "partitions": Noun(
        "ops.partitions.command", "partitions", "Show, release and drain partitions."
    ),
    "policy": Noun("ops.policy.command", "policy", "Activate a policy or a ruleset."),
    "recon": Noun("ops.recon.command", "recon", "Take cuts; show cuts and breaks."),
    "back-test": Noun(
        "ops.backtest.command", "back_test", "Say what a ruleset would have done about the log."
    ),
    "alias": Noun("ops.alias.command", "alias", "Say which wallet is behind an alias."),
    "api-key": Noun("ops.api_key.command", "api_key", "Make a key of the HTTP entrance."),
    "api-totp": Noun("ops.api_key.totp", "api_totp", "Make one-time codes for such a key."),
    "automation": Noun(
        "ops.automation.command", "automation", "Check, draw and activate rules on balances."
    ),
    "simulate": Noun(
        "ops.simulate.command", "simulate_command", "Run the money path over a virtual cluster."
    ),
    "doctor": Noun("ops.doctor.command", "doctor", "Check that everything needed is here."),
    "bench": Noun("ops.bench.command", "bench", "Measure throughput and latency."),
    "chaos": Noun(
        "ops.chaos.command", "chaos", "Break everything for a while, compare everything."
    ),
    "replay": Noun(
        "ops.replay.command", "replay", "Make rows again from the log, beside the live ones."
    ),
    "report": Noun("ops.reports.command", "report", "Accounts and statements, from the log."),
    "published": Noun(
        "ops.published.command", "published", "Hold the topics for analysts against the log."
    ),
    "state": Noun("ops.past.command", "state", "Rebuild a partition as it was."),
    "schemas": Noun("ops.registered.command", "schemas", "Check schemas against their lock."),
    "upgrade": Noun(
        "ops.upgrade.command", "upgrade", "Say whether this code decides as the log says."
    ),
    "webhooks": Noun(
        "ops.webhooks.command", "webhooks", "Who is told of events; what became of each telling."
    ),
    "notices": Noun("ops.notices.command", "notices", "What people want to be told, and how."),
    "day": Noun("ops.day.command", "day", "Close a business day; show closed days."),
    "audit": Noun("ops.acts.command", "audit", "Show what operators did, from the chain."),
    "acl": Noun("ops.acl.command", "acl", "Make the brokers' access lists equal the table."),
    "console": Noun("ops.web.command", "console", "Show the running ledger as pages."),
    "backup": Noun("ops.backup.command", "backup", "Archive the log; restore a ledger from it."),
}
EXTRA_MISSING: Final = (
    "ledgerctl needs packages that are not installed ({name}).\n"
    "Install the extras it uses:\n"
    "  pip install 'wallet-ledger[ops,worker,sinks,stack,reconciliation,http,notices]'"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ledgerctl and return its exit code; as a process of its own on compiled code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if argv is None:
        prefer_native(os.environ)
    try:
        from ops.root import run  # noqa: PLC0415 - click is an extra
    except ModuleNotFoundError as error:
        return _without_click(arguments, error)
    try:
        return run(NOUNS, arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except ModuleNotFoundError as error:
        print(EXTRA_MISSING.format(name=error.name), file=sys.stderr)
        return USAGE
    except Exception as error:  # what has no exit code is raised again
        code, message = explain(error)
        if code is None:
            raise
        print(f"error: {message}", file=sys.stderr)
        return code


def _without_click(arguments: Sequence[str], error: ModuleNotFoundError) -> int:
    """Show the nouns with the base install alone."""
    if arguments in ([], ["--help"]):
        print("Usage: ledgerctl NOUN VERB\n")
        for name, noun in NOUNS.items():
            print(f"  {name:<12}{noun.about}")
        print(f"\n{EXTRA_MISSING.format(name=error.name)}")
        return CLEAN
    print(EXTRA_MISSING.format(name=error.name), file=sys.stderr)
    return USAGE


if __name__ == "__main__":
    sys.exit(main())
