"""Native code: the compiled twins of the hot modules, where `make native` built them.

Owns: the choice between compiled and pure, made once, before any of these modules is imported.
Never: uses a build whose sources differ from those beside it: a stale one is ignored, loudly.

The twins lie in `.native/` beside the rooms, one shared object a module, and a finder in front of
Python's own hands them out. Nothing shadows an edited source: its build simply stops being used.
LEDGER_PURE=1 keeps to the pure path.
"""

from __future__ import annotations

import hashlib
import json
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final, TypedDict, final

ROOT: Final = Path(__file__).resolve().parents[1]
PURE: Final = "LEDGER_PURE"
MANIFEST: Final = "manifest.json"


class Manifest(TypedDict):
    """What a build says of itself."""

    sources: dict[str, str]  # path and SHA-256 of every file that it was made from
    modules: dict[str, str]  # name and file of every module that it has


@final
class NativeFinder:
    """Finds the modules of a build; everything else is left to the finders behind it."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files: Final = files

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Satisfy `importlib.abc.MetaPathFinder`."""
        del path, target
        file = self._files.get(name)
        return None if file is None else spec_from_file_location(name, file)


def native_folder(root: Path = ROOT) -> Path:
    """Return where the build for this interpreter belongs."""
    return root / ".native" / str(sysconfig.get_config_var("SOABI"))


def digests(sources: Iterable[str], root: Path = ROOT) -> dict[str, str]:
    """Return the SHA-256 of each source file; of one that is gone, nothing."""
    return {
        name: hashlib.sha256((root / name).read_bytes()).hexdigest()
        for name in sources
        if (root / name).is_file()
    }


def read_manifest(root: Path = ROOT) -> Manifest | None:
    """Return what the build says of itself, or None when there is none."""
    try:
        text = (native_folder(root) / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    manifest: Manifest = json.loads(text)
    return manifest


def is_fresh(manifest: Manifest, root: Path = ROOT) -> bool:
    """Say whether the build was made from the sources that lie there."""
    return manifest["sources"] == digests(manifest["sources"], root)


def prefer_native(environ: Mapping[str, str], root: Path = ROOT) -> str:
    """Put a fresh build in front of the sources; return what will run, in words."""
    if environ.get(PURE) == "1":
        return "pure (LEDGER_PURE=1)"
    folder = native_folder(root)
    manifest = read_manifest(root)
    if manifest is None:
        return "pure (no native build; make native)"
    if not is_fresh(manifest, root):
        return "pure (the native build is older than its sources; make native)"
    files = {name: folder / file for name, file in manifest["modules"].items()}
    loaded = sorted(files.keys() & sys.modules.keys())
    if loaded:
        message = f"{loaded[0]} is imported already: choose the build before anything else"
        raise ImportError(message)
    sys.meta_path.insert(0, NativeFinder(files))
    return "native"
