"""`check_apart`: every check in a process of its own, on compiled code where there is any.

Owns: the order to that process and its answer: pickles between a parent and its own child.
Never: judges; `check.py` does, over there.

Whoever asks for the checks has often imported the pure core already, and has other work to do.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import Final, final

from ops.checker.report import Report
from ops.checker.targets import NOTHING_TOLD, Targets, Told
from schemas.codec import decode, encode
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.results import Result

MODULE: Final = "ops.checker"


@final
@dataclass(frozen=True, slots=True)
class Order:
    """What to check. Messages go as bytes: a pure one is nothing to compiled code."""

    targets: Targets
    told: Told
    results: tuple[bytes, ...]
    genesis: tuple[bytes, bytes] | None

    @classmethod
    def of(cls, targets: Targets, told: Told) -> Order:
        """Pack the arguments of `check_everything`."""
        genesis = targets.genesis and (encode(targets.genesis[0]), encode(targets.genesis[1]))
        results = tuple(map(encode, told.results))
        return cls(replace(targets, genesis=None), replace(told, results=()), results, genesis)

    def unpacked(self) -> tuple[Targets, Told]:
        """Return what was packed."""
        genesis = self.genesis and (
            decode(Policy, self.genesis[0]),
            decode(Ruleset, self.genesis[1]),
        )
        results = [decode(Result, each) for each in self.results]
        return replace(self.targets, genesis=genesis), replace(self.told, results=results)


def check_apart(targets: Targets, told: Told = NOTHING_TOLD) -> Report:
    """Do what `check_everything` does, in a child.

    Raises `RuntimeError` with the child's last words when it ends without a report.
    """
    done = subprocess.run(
        (sys.executable, "-m", MODULE),
        input=pickle.dumps(Order.of(targets, told)),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        words = done.stderr.decode(errors="replace")
        raise RuntimeError(f"the checker ended with {done.returncode}:\n{words}")
    report: Report = pickle.loads(done.stdout)  # noqa: S301 - from our own child
    return report
