"""Lock: refresh requirements.lock from pyproject.toml.

Owns: the one command that resolves versions, for every supported Python and machine.
Never: writes where a file came from; an index address in the lock is refused.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
# The oldest supported Python: a universal resolution covers it and everything newer.
OLDEST_PYTHON = "3.11"
HEADER = (
    "# Every extra, every supported Python, x86_64 and aarch64; each file checked by its hash.\n"
    "# Written by `make lock` from pyproject.toml.\n"
)


def main() -> int:
    """Resolve, check and write the lock."""
    resolved = resolve()
    offending = [line for line in resolved.splitlines() if "://" in line or line.startswith("-")]
    if offending:
        sys.stderr.write(f"lock: an address or an option in the output: {offending[0]}\n")
        return 1
    LOCK.write_text(HEADER + resolved, encoding="utf-8")
    pins = sum("==" in line for line in resolved.splitlines())
    print(f"lock: {pins} pins written to {LOCK.name}; run: make setup")
    return 0


def resolve() -> str:
    """Run the resolver and return its output without headers and annotations."""
    command = ["uv", "pip", "compile", "--universal", f"--python-version={OLDEST_PYTHON}"]
    command += ["--all-extras", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "pyproject.toml"]
    uv = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [str(uv), *command[1:]], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
