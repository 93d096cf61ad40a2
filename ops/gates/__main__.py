"""Entry point: `python -m ops.gates NAME`; without a name it says which there are."""

from __future__ import annotations

import sys

from ops.gates.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
