"""`python -m sinks`: start the sinks of one store, or of all, an auditor, webhooks, or the lake.

Owns: the process's arguments, environment and exit code, and the choice of the native build.
Never: anything else; `sinks/app.py` is the composition root, `sinks/audit/app.py`
that of the auditors, `sinks/webhooks/app.py` that of webhooks, `sinks/lake/app.py` the lake's.
"""

from __future__ import annotations

import os
import sys

from schemas.native import prefer_native

if __name__ == "__main__":
    CODE = prefer_native(os.environ)
    # Imported after the choice, because it brings `schemas` and `ledger` with it.
    if sys.argv[1:2] == ["audit"]:
        from sinks.audit.app import main as audit

        sys.exit(audit(sys.argv[2:], os.environ))
    if sys.argv[1:2] == ["webhooks"]:
        from sinks.webhooks.app import main as webhooks

        sys.exit(webhooks(sys.argv[2:], os.environ))
    if sys.argv[1:2] == ["lake"]:
        from sinks.lake.app import main as lake

        sys.exit(lake(sys.argv[2:], os.environ))
    from sinks.app import main

    sys.exit(main(sys.argv[1:], os.environ, CODE))
