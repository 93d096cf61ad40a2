"""`python -m streams`: start one stream worker.

Owns: the process's arguments, environment and exit code, and the choice of the native build.
Never: anything else; `streams/app.py` is the composition root.
"""

from __future__ import annotations

import os
import sys

from schemas.native import prefer_native

if __name__ == "__main__":
    CODE = prefer_native(os.environ)
    # Imported after the choice, because they bring `schemas` and `ledger` with them.
    from streams.app import main
    from streams.runtime.host.exits import end

    end(lambda: main(sys.argv[1:], os.environ, CODE))
