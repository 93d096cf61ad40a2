"""`make native`: compile the hot modules with mypyc into `.native/`.

Owns: the list of compiled modules, and the manifest that ties a build to its sources.
Never: writes into the rooms themselves; needed by anything: without it everything runs pure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Final

import grimp

from schemas.native import MANIFEST, ROOT, Manifest, digests, is_fresh, native_folder, read_manifest

ROOMS: Final = ("schemas", "ledger", "topics", "streams", "sinks")
# What every record and every row passes through, besides the whole core and the generated code.
HOT: Final = (
    "schemas/blame.py",
    "schemas/codec.py",
    "schemas/currencies.py",
    "schemas/wire.py",
    "sinks/cassandra/encoding.py",
    "sinks/cassandra/requests.py",
    "sinks/postgres/rows.py",
    "sinks/redis/rows.py",
    "streams/runtime/encoded.py",
    "streams/runtime/heads.py",
    "streams/runtime/job.py",
    "streams/runtime/overlay.py",
    "streams/runtime/tables.py",
    "streams/wallet/identity.py",
    "streams/wallet/outputs.py",
    "streams/wallet/reading.py",
    "streams/wallet/seal.py",
    "streams/wallet/step.py",
    "streams/wallet/tables.py",
)
# A table of classes and functions, read once: nothing to gain, and mypyc has no NamedTuple in it.
LEFT_OUT: Final = ("schemas/messages/subjects.py",)
# Run inside the copied tree: one C file a module, compiled side by side.
SCRIPT: Final = """
import json, os, sys
from concurrent.futures import ThreadPoolExecutor
from mypyc.build import mypycify
from setuptools import setup
from setuptools.command.build_ext import build_ext

class SideBySide(build_ext):
    def build_extensions(self):
        alone = self.compiler.compile
        def compile_all(sources, *args, **options):
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                objects = pool.map(lambda source: alone([source], *args, **options), sources)
                return [name for names in objects for name in names]
        self.compiler.compile = compile_all
        super().build_extensions()

files = json.loads(sys.argv.pop())
setup(
    name="native",
    packages=[],
    ext_modules=mypycify(files, opt_level="2", debug_level="0", multi_file=True),
    cmdclass={"build_ext": SideBySide},
)
"""
NO_COMPILER: Final = "native: no C compiler or no Python headers here (apt install gcc python3-dev)"


def compiled_files(folder: Path) -> list[str]:
    """Return the files of a tree that are compiled together."""
    found = {
        str(path.relative_to(folder))
        for pattern in ("schemas/messages/**/*.py", "ledger/**/*.py")
        for path in folder.glob(pattern)
        if path.name != "__init__.py"
    }
    return sorted({*found, *HOT} - set(LEFT_OUT))


def main() -> int:
    """Build what is missing or stale; without a compiler say so, and that all runs pure."""
    manifest = read_manifest()
    if manifest is not None and is_fresh(manifest) and is_whole(manifest):
        return 0
    if not can_compile():
        sys.stdout.write(f"{NO_COMPILER}: everything runs pure, at about half the speed\n")
        return 0
    began = time.monotonic()
    sys.stdout.write("native: compiling the core, some four minutes on two cores\n")
    sys.stdout.flush()
    build(native_folder())
    sys.stdout.write(f"native: ready in {time.monotonic() - began:.0f} s\n")
    return 0


def is_whole(manifest: Manifest) -> bool:
    """Say whether everything was built that is compiled today."""
    return manifest["sources"].keys() >= set(compiled_files(ROOT))


def can_compile() -> bool:
    """Say whether there is what a C extension needs."""
    headers = Path(sysconfig.get_paths()["include"]) / "Python.h"
    return headers.exists() and any(shutil.which(name) for name in ("cc", "gcc", "clang"))


def build(target: Path) -> None:
    """Compile a copy of the rooms, and put the result in place as a whole."""
    with tempfile.TemporaryDirectory(prefix="ledger-native-") as name:
        folder = Path(name)
        for room in ROOMS:
            shutil.copytree(ROOT / room, folder / room)
        files = compiled_files(folder)
        manifest: Manifest = {"sources": digests(sources_of(files), folder), "modules": {}}
        _compile(folder, files)
        shutil.rmtree(folder / "build")
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for built in sorted(folder.rglob("*.so")):
            module = str(built.relative_to(folder)).split(".")[0].replace(os.sep, ".")
            manifest["modules"][module] = f"{module}.so"
            shutil.copy2(built, target / f"{module}.so")
        (target / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def sources_of(files: list[str]) -> list[str]:
    """Return the files and whatever they import: compiled code holds constants of those too."""
    graph = grimp.build_graph(*ROOMS)
    names = {file.removesuffix(".py").replace("/", ".") for file in files}
    for name in tuple(names):
        names |= graph.find_upstream_modules(name)
    paths = (ROOT / name.replace(".", "/") for name in names)
    found = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py") for path in paths)
    return sorted(str(path.relative_to(ROOT)) for path in found)


def _compile(folder: Path, files: list[str]) -> None:
    command = (sys.executable, "-c", SCRIPT, "build_ext", "--inplace", json.dumps(files))
    settings = {**os.environ, "MYPY_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        command, cwd=folder, env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
        raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
