"""`python -m ingress`: start the HTTP entrance.

Owns: the process's environment and exit code, and the choice of the native build.
Never: anything else; `ingress/http/serve.py` is the composition root.
"""

from __future__ import annotations

import os
import sys

from schemas.native import prefer_native

if __name__ == "__main__":
    prefer_native(os.environ)
    # Imported after the choice, because it brings `schemas` with it.
    from ingress.http.serve import main

    sys.exit(main(os.environ))
