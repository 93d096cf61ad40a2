"""`python -m sinks`: start the sinks of one store, or of all.

Owns: the process's arguments, environment and exit code, and the choice of the native build.
Never: anything else; `sinks/app.py` is the composition root.
"""

from __future__ import annotations

import os
import sys

from schemas.native import prefer_native

if __name__ == "__main__":
    CODE = prefer_native(os.environ)
    # Imported after the choice, because it brings `schemas` and `ledger` with it.
    from sinks.app import main

    sys.exit(main(sys.argv[1:], os.environ, CODE))
