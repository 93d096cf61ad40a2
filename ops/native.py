"""`make native`: compile `schemas` and `ledger` with mypyc into `.native/`.

Owns: the list of compiled files, and the manifest that ties a build to its sources.
Never: writes into the rooms themselves; needed by anything: without it everything runs pure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from streams.native import MANIFEST, ROOMS, ROOT, native_folder, sources_digest

SCHEMAS: Final = ("schemas/wire.py", "schemas/blame.py", "schemas/currencies.py")
# A table of classes and functions, read once: nothing to gain, and mypyc has no NamedTuple in it.
LEFT_OUT: Final = ("schemas/messages/subjects.py",)
SCRIPT: Final = """
import json, sys
from mypyc.build import mypycify
from setuptools import setup
setup(name="native", packages=[], ext_modules=mypycify(json.loads(sys.argv.pop()), opt_level="2"))
"""
EXIT_NO_COMPILER: Final = 3


def compiled_files(folder: Path) -> list[str]:
    """Return the files of a tree that are compiled together."""
    found = [
        str(path.relative_to(folder))
        for pattern in ("schemas/messages/**/*.py", "ledger/**/*.py")
        for path in folder.glob(pattern)
    ]
    return sorted({*found, *SCHEMAS} - set(LEFT_OUT))


def main() -> int:
    """Build, and put the result in place as a whole."""
    if not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        sys.stdout.write("native: no C compiler (apt install gcc python3-dev): workers run pure\n")
        return EXIT_NO_COMPILER
    began, digest, target = time.monotonic(), sources_digest(), native_folder()
    with tempfile.TemporaryDirectory(prefix="ledger-native-") as name:
        folder = Path(name)
        for room in ROOMS:
            shutil.copytree(ROOT / room, folder / room)
        sys.stdout.write("native: compiling, about three minutes on two cores\n")
        sys.stdout.flush()
        _compile(folder)
        shutil.rmtree(folder / "build")
        (folder / MANIFEST).write_text(digest, encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder, target)
    sys.stdout.write(f"native: ready in {time.monotonic() - began:.0f} s\n")
    return 0


def _compile(folder: Path) -> None:
    import json  # noqa: PLC0415 - only here

    files = json.dumps(compiled_files(folder))
    command = (sys.executable, "-c", SCRIPT, "build_ext", "--inplace", files)
    settings = {**os.environ, "MYPY_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        command, cwd=folder, env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
        raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
