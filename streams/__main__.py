"""`python -m streams`: start one stream worker.

Owns: the process's arguments, environment and exit code.
Never: anything else; `streams/app.py` is the composition root.
"""

from __future__ import annotations

import os
import sys

from streams.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
