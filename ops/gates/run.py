"""Run a gate and return its exit code.

Owns: processes of checks, their output and their order on the screen.
Never: hides output; a check that fails prints all it said.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from ops.gates.plan import (
    FAST_TESTS,
    LONG_DAYS_TESTS,
    NATIVE_RUNS,
    NATIVE_SIMULATION,
    NATIVE_TESTS,
    ON_NATIVE,
    PROPERTY_TESTS,
    SERVERLESS_TESTS,
    SIMULATION,
    STATIC_CHECKS,
    TEST_RUNS,
    Check,
)
from schemas.native import read_manifest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent
REPORTS = ROOT / ".report"
USAGE = f"usage: python -m ops.gates check|{'|'.join(TEST_RUNS)}"
EXIT_USAGE = 2


def main(arguments: Sequence[str]) -> int:
    """Run the gate named by the only argument."""
    match arguments:
        case ["check"]:
            return run_checks((*STATIC_CHECKS, FAST_TESTS))
        case ["test"]:
            forget_reports()
            return run_checks((*STATIC_CHECKS, *serverless())) or run_tests("test")
        case ["long"]:
            forget_reports()
            return run_tests("long") or run_tests("takeover")
        case [name] if name in TEST_RUNS:
            forget_reports()
            return run_tests(name)
        case _:
            sys.stderr.write(f"{USAGE}\n")
            return EXIT_USAGE


def serverless() -> tuple[Check, ...]:
    """Return the tests that need no server; without a compiler all of them run pure."""
    if read_manifest() is not None:
        return (SERVERLESS_TESTS, NATIVE_SIMULATION, NATIVE_TESTS, PROPERTY_TESTS)
    print("no native build: its tests are left out", flush=True)
    return (SERVERLESS_TESTS, SIMULATION, PROPERTY_TESTS, LONG_DAYS_TESTS)


def run_checks(checks: Sequence[Check]) -> int:
    """Run the checks side by side; all of them, also after a failure."""
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done in as_completed([pool.submit(run_check, check) for check in checks]):
            check, code, output, seconds = done.result()
            print(f"{'ok  ' if code == 0 else 'FAIL'} {check.name} ({seconds:.1f} s)", flush=True)
            if code:
                failed.append(check.name)
            if code or check.heard:
                print(output, flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def run_check(check: Check) -> tuple[Check, int, str, float]:
    """Run one check and keep what it says."""
    started = time.monotonic()
    done = subprocess.run(
        resolve(check.command),
        cwd=ROOT,
        env=environment(),
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return check, done.returncode, done.stdout, time.monotonic() - started


def run_tests(name: str) -> int:
    """Run pytest in the foreground, so that the user sees it live and Ctrl-C reaches it."""
    native = ON_NATIVE if name in NATIVE_RUNS and read_manifest() is not None else ()
    command = resolve((*TEST_RUNS[name], *native))
    child = subprocess.Popen(command, cwd=ROOT, env=environment())
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the child has got the same signal and is cleaning up
            continue


def forget_reports() -> None:
    """Make room for the coverage of this run."""
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir()


def resolve(command: Sequence[str]) -> list[str]:
    """Name the tool inside the environment that runs this gate."""
    return [str(SCRIPTS / command[0]), *command[1:]]


def environment() -> dict[str, str]:
    """The tools' environment: ours, with the environment's scripts first on the path."""
    return {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}"}
