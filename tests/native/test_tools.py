"""The tools for a person run on compiled code too, when they are a process of their own."""

import os
import subprocess
import sys

WHERE = """
import sys
from ops.cli import main
sys.argv = ["ledgerctl", "--help"]
main()
from schemas import codec
print(codec.__file__)
"""


def code_of(**more):
    done = subprocess.run(
        (sys.executable, "-c", WHERE),
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def test_ledgerctl_prefers_the_build():
    assert code_of().endswith(".so")
    assert code_of(LEDGER_PURE="1").endswith("codec.py")
