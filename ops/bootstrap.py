"""Bootstrap: build the virtual environment from the hashed lock.

Owns: `.venv` and the stamp that says what it was built from.
Never: imports anything but the standard library; nothing of ours is installed yet.

Run it with any supported Python: `python3 ops/bootstrap.py`. It does nothing when the stamp
matches the lock, the project file and the interpreter.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".setup-stamp"
# Inputs of the environment: a change in any of them makes the stamp stale.
INPUTS = ("requirements.lock", "pyproject.toml", "ops/bootstrap.py")
SUPPORTED = ((3, 11), (3, 14))
EXIT_UNSUPPORTED = 2


def main() -> int:
    """Create or refresh the environment and return the exit code."""
    refusal = refuse_interpreter()
    if refusal is not None:
        sys.stderr.write(f"setup: {refusal}\n")
        return EXIT_UNSUPPORTED
    wanted = fingerprint()
    if STAMP.exists() and PYTHON.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return 0
    started = time.monotonic()
    create_environment()
    install()
    STAMP.write_text(wanted, encoding="utf-8")
    say(f"ready in {time.monotonic() - started:.0f} s")
    return 0


def refuse_interpreter() -> str | None:
    """Say why this interpreter cannot be used, or None."""
    low, high = SUPPORTED
    version = sys.version_info[:2]
    if low <= version < high:
        return None
    supported = f"{low[0]}.{low[1]} to {high[0]}.{high[1] - 1}"
    return (
        f"Python {version[0]}.{version[1]} is not supported; use {supported}, "
        "for example: make setup PYTHON=python3.12"
    )


def fingerprint() -> str:
    """Digest of everything the environment is built from."""
    digest = hashlib.sha256()
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    digest.update(f"{sys.version}|{ROOT}".encode())
    return digest.hexdigest()


def create_environment() -> None:
    """Make an empty `.venv`; one of another Python or another place is replaced."""
    if VENV.exists() and environment_is_ours():
        STAMP.unlink(missing_ok=True)
        return
    say(f"creating .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError as failure:
        message = "setup: no pip for the new environment; install it with: apt install python3-venv"
        raise SystemExit(message) from failure


def environment_is_ours() -> bool:
    """Whether `.venv` runs and has this interpreter's version."""
    if not PYTHON.exists():
        return False
    code = "import sys; print(sys.version, sys.prefix, sep='|')"
    answer = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == f"{sys.version}|{VENV}"


def install() -> None:
    """Install the lock, every file checked by its hash, then the project itself, editable."""
    say("installing requirements.lock (hashes required)")
    lock = ROOT / "requirements.lock"
    pip("install", "--quiet", "--progress-bar=off", "--require-hashes", "-r", str(lock))
    say("installing the project, editable")
    # "compat" is one path entry for the root: a new room or tests.support is found at once.
    mode = "--config-settings=editable_mode=compat"
    pip("install", "-qq", "--no-deps", "--no-build-isolation", mode, "--editable", str(ROOT))


def pip(*arguments: str) -> None:
    """Run the environment's pip; its failure is the failure of the set-up."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    result = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if result.returncode:
        message = f"setup: pip failed with exit code {result.returncode}"
        raise SystemExit(message)


def say(text: str) -> None:
    """Print one line of progress at once."""
    sys.stdout.write(f"setup: {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
