"""Where a figure comes from: said with every one.

Owns: what a bench says of the machine, the interpreter, the code that ran and the broker.
Never: measures.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Final

from ops.stack import versions
from schemas import codec

UNKNOWN: Final = "unknown processor"


def about_this() -> dict[str, str]:
    """Return machine, versions, and whether compiled or pure code runs in this process."""
    code = "pure" if codec.__file__.endswith(".py") else "native"
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory_gib()} GiB",
        "versions": f"Python {platform.python_version()}, Kafka {versions.KAFKA}",
        "code": code,
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, UNKNOWN)


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
