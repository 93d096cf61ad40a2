"""`python -m ops.checker`: an order on standard input, its report on standard output.

Owns: the choice of the native build, and the two pipes.
Never: meant for people; `ledgerctl verify all` is.
"""

from __future__ import annotations

import os
import pickle
import sys

from schemas.native import prefer_native

if __name__ == "__main__":
    prefer_native(os.environ)
    # Imported after the choice, because they bring `schemas` and `ledger` with them.
    from ops.checker.apart import Order
    from ops.checker.check import check_everything

    order: Order = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - from our own parent
    sys.stdout.buffer.write(pickle.dumps(check_everything(*order.unpacked())))
