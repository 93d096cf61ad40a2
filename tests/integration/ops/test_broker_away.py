"""No broker at all: every command names the address and exits with 3."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
NOBODY = "127.0.0.1:1"
COMMANDS = (
    ("topics", "plan"),
    ("topics", "apply", "--execute"),
    ("send", "VoidHold", "--wallet-id", "w", "hold_id=h"),
    ("feed", "ops/demo/first_day.jsonl"),
    ("wallet", "show", "w"),
    ("log", "tail"),
    ("verify", "log"),
    ("trace", "c-1"),
    ("lag",),
    ("dlq", "list"),
    ("doctor",),
    (
        *("policy", "activate", "--policy", "streams/wallet/genesis/policy.json"),
        *("--execute", "--reason", "test"),
    ),
)


def test_every_command_names_the_address_and_exits_3(tmp_path):
    env = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    env |= {"LEDGER_KAFKA": NOBODY, "LEDGER_STATE_DIR": str(tmp_path)}
    running = {
        arguments: subprocess.Popen(
            [sys.executable, "-m", "ops.cli", *arguments],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for arguments in COMMANDS
    }
    ended = {
        arguments: (each.communicate()[0], each.returncode) for arguments, each in running.items()
    }
    for arguments, (output, code) in ended.items():
        assert code == 3, (arguments, output)
        assert NOBODY in output, (arguments, output)
    assert not (tmp_path / "operations.jsonl").exists()
