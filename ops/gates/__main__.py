"""Entry point: `python -m ops.gates check|unit|test|integration|long|compose-smoke`."""

from __future__ import annotations

import sys

from ops.gates.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
