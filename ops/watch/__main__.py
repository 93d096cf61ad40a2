"""Entry point: `python -m ops.watch` writes the boards again from the panels."""

from __future__ import annotations

import sys
from pathlib import Path

from ops.watch.boards import text_of
from ops.watch.panels import BOARDS

FOLDER = Path(__file__).parent / "boards"


def main() -> int:
    """Write every board."""
    for board in BOARDS:
        (FOLDER / f"{board.name}.json").write_text(text_of(board), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
