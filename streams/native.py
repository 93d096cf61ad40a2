"""Native code: the compiled twins of `schemas` and `ledger`, where `make native` built them.

Owns: the choice between compiled and pure, made once, before either room is imported.
Never: uses a build whose sources differ from those beside it: a stale one is ignored, loudly.

The twins lie in `.native/` beside the rooms, whole packages, so an edited source is never
shadowed: its build simply stops being used. LEDGER_PURE=1 keeps to the pure path.
"""

from __future__ import annotations

import hashlib
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = ("schemas", "ledger")
PURE: Final = "LEDGER_PURE"
MANIFEST: Final = "SOURCES"


def native_folder(root: Path = ROOT) -> Path:
    """Return where the build for this interpreter belongs."""
    return root / ".native" / str(sysconfig.get_config_var("SOABI"))


def sources_digest(root: Path = ROOT) -> str:
    """Return a digest of every source file of the compiled rooms."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in {".py", ".json"}:
                digest.update(f"{path.relative_to(root)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def prefer_native(environ: Mapping[str, str], path: list[str], root: Path = ROOT) -> str:
    """Put a fresh build in front of the import path; return what will run, in words."""
    folder = native_folder(root)
    manifest = folder / MANIFEST
    if environ.get(PURE) == "1" or not manifest.exists():
        return "pure"
    if manifest.read_text(encoding="utf-8") != sources_digest(root):
        return "pure: the build in .native is older than its sources; run make native"
    path.insert(0, str(folder))
    return "native"
