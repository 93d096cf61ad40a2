"""Python's garbage collector in a sink: seldom.

Owns: how often it runs.
Never: frees anything that counting references does not; rows and messages hold no cycles.
"""

from __future__ import annotations

import gc
from typing import Final

# A batch is tens of thousands of rows that counting references frees; at Python's default of every
# 700 objects the collector walks them again and again in vain.
COLLECT_AFTER: Final = (50_000, 20, 50)


def collect_seldom() -> None:
    """Set the collector's pace, and leave what exists out of its sight: modules stay anyway."""
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
