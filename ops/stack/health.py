"""Is the worker of this container ready? `python -m ops.stack.health` exits 0 when it is.

Owns: reading a worker's `status.json` for a container's health check.
Never: asks the broker or the worker itself.
"""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ops.stack import config

# The worker writes it every second or so; older than this it hangs.
STALE_AFTER_S: Final = 30.0


def problem(env: Mapping[str, str], now_s: float) -> str | None:
    """Say why the worker is not ready; None when it is."""
    file = Path(env.get("LEDGER_STATE_DIR", "")) / env.get("LEDGER_WORKER", "") / "status.json"
    try:
        age_s = now_s - file.stat().st_mtime
        status = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return f"no status: {error}"
    if age_s > STALE_AFTER_S:
        return f"the status is {age_s:.0f} s old"
    return None if status.get("ready") else "the worker is not ready"


def main() -> int:
    """Print what is wrong, if anything."""
    found = problem(config.environment(), time.time())
    if found:
        print(found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
