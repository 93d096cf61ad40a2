"""Generate: `schemas/messages/**` from `schemas/avro/*.avsc`.

Owns: the generated files; `--check` says which ones differ (drift) and writes nothing.
Never: touches the lock or golden bytes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.emit_classes import HEADER, module_source
from schemas.emit_codec import codec_source
from schemas.emit_subjects import subjects_source
from schemas.model import AVRO_FOLDER, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.model import Catalogue

MESSAGES_FOLDER = Path(__file__).parent / "messages"
WIDTH = ["--line-length", "100"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the generated files, or with `--check` compare them; 1 when they differ."""
    parser = argparse.ArgumentParser(prog="python -m schemas.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which files differ")
    options = parser.parse_args(arguments)
    files = generated_files(load(AVRO_FOLDER))
    changed = differences(files)
    if options.check:
        sys.stdout.writelines(f"differs: {each}\n" for each in changed)
        return int(bool(changed))
    write(files)
    sys.stdout.write(f"{len(files)} files generated, {len(changed)} changed\n")
    return 0


def generated_files(catalogue: Catalogue) -> Mapping[str, str]:
    """Return the formatted text of every generated file by path below `messages/`."""
    files = {
        "__init__.py": HEADER.format(title="one module per namespace"),
        "codec/__init__.py": HEADER.format(title="bytes, one module per namespace"),
        "subjects.py": subjects_source(catalogue),
    }
    for module, definitions in catalogue.modules().items():
        files[f"{module}.py"] = module_source(module, definitions)
        files[f"codec/{module}.py"] = codec_source(module, catalogue)
    return {path: _formatted(text) for path, text in files.items()}


def differences(files: Mapping[str, str], folder: Path = MESSAGES_FOLDER) -> list[str]:
    """Return the paths that are missing, stale or no longer generated."""
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py")}
    stale = [
        path
        for path, text in files.items()
        if path not in present or (folder / path).read_text(encoding="utf-8") != text
    ]
    return sorted({*stale, *present.difference(files)})


def write(files: Mapping[str, str], folder: Path = MESSAGES_FOLDER) -> None:
    """Make the folder hold exactly these files."""
    for path in differences(files, folder):
        target = folder / path
        if path not in files:
            target.unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(files[path], encoding="utf-8")


def _formatted(text: str) -> str:
    """Sort imports and format with the project's ruff."""
    ruff = [sys.executable, "-m", "ruff"]
    name = ["--stdin-filename", str(MESSAGES_FOLDER / "generated.py"), "-"]
    sort = ["check", "--select", "I", "--fix-only", "--quiet", *WIDTH]
    for command in (sort, ["format", "--quiet", *WIDTH]):
        done = subprocess.run(
            [*ruff, *command, *name],
            input=text,
            text=True,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"ruff {command[0]} failed:\n{done.stderr}")
        text = done.stdout
    return text


if __name__ == "__main__":
    sys.exit(main())
