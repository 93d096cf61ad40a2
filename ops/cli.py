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
    "dlq": Noun("ops.dlq.command", "dlq", "List dead letters."),
    "partitions": Noun("ops.partitions.command", "partitions", "Show and release partitions."),
    "policy": Noun("ops.policy.command", "policy", "Activate a policy or a ruleset."),
    "back-test": Noun(
        "ops.backtest.command", "back_test", "Say what a ruleset would have done about the log."
    ),
    "alias": Noun("ops.alias.command", "alias", "Say which wallet is behind an alias."),
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
}
EXTRA_MISSING: Final = (
    "ledgerctl needs packages that are not installed ({name}).\n"
    "Install the extras it uses: pip install 'wallet-ledger[ops,worker,sinks,stack]'"
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
