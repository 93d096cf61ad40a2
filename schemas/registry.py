"""Registry: which schema versions exist, and whether a new one may.

Owns: `registry.lock.json`: subject to versions, each with its id for ever.
Never: talks to a network; the codec reads the lock only.

A changed subject must be registered, and its new version must read everything written under
every older one (BACKWARD_TRANSITIVE): readers are upgraded first.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from avro.compatibility import (
    ReaderWriterCompatibilityChecker,
    SchemaCompatibilityType,
)
from avro.schema import parse

from schemas.lock import LOCK_PATH, Lock, Version, read_lock, write_lock
from schemas.model import load
from schemas.normal import fingerprint, normal_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHANGELOG_PATH = Path(__file__).parent.parent / "CHANGELOG.md"
# A heading such as `## [1.2.0]` or `## 1.2.0`; `Unreleased` is none.
RELEASE = re.compile(r"^##\s*\[?v?\d+\.\d+", re.MULTILINE)

GOLDEN_HINT = "now `python -m tests.contract.golden` writes golden bytes of new versions"

Normals = dict[str, dict[str, object]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, register or reset; 0 when the lock fits the schemas, else 1."""
    parser = argparse.ArgumentParser(prog="python -m schemas.registry", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true", help="say what is missing or incompatible")
    action.add_argument("--register", action="store_true", help="add changed subjects as versions")
    action.add_argument("--reset", action="store_true", help="start again, before any release only")
    parser.add_argument("--base", type=Path, help="an older lock whose versions must still be here")
    options = parser.parse_args(arguments)
    normals = current_normals()
    lock = read_lock()
    problems = removed(read_lock(options.base), lock) if options.base else []
    if options.reset:
        problems += refused_reset(CHANGELOG_PATH)
        lock = {} if not problems else lock
    problems += incompatible(normals, lock)
    if options.check:
        problems += unregistered(normals, lock)
    elif not problems:
        write_lock(registered(normals, lock), LOCK_PATH)
        sys.stdout.write(f"locked {len(normals)} subjects; {GOLDEN_HINT}\n")
    sys.stdout.writelines(f"{each}\n" for each in problems)
    return int(bool(problems))


def current_normals() -> Normals:
    """Return the normal form of every subject as the `.avsc` files say today."""
    catalogue = load()
    return {each.fullname: normal_form(each.fullname, catalogue) for each in catalogue.subjects()}


def registered(normals: Mapping[str, dict[str, object]], lock: Lock) -> Lock:
    """Return the lock with a new version of every subject that changed."""
    last = max((v.schema_id for versions in lock.values() for v in versions), default=0)
    result = dict(lock)
    for subject, normal in sorted(normals.items()):
        versions = lock.get(subject, ())
        if not versions or versions[-1].schema != normal:
            last += 1
            result[subject] = (*versions, Version(last, fingerprint(normal), normal))
    return result


def unregistered(normals: Mapping[str, dict[str, object]], lock: Lock) -> list[str]:
    """Name the subjects whose schema is not the newest locked version."""
    found = [
        f"{subject}: differs from its newest locked version; run with --register"
        for subject, normal in normals.items()
        if not lock.get(subject) or lock[subject][-1].schema != normal
    ]
    gone = [f"{subject}: locked, but has no schema any more" for subject in lock.keys() - normals]
    return found + sorted(gone)


def incompatible(normals: Mapping[str, dict[str, object]], lock: Lock) -> list[str]:
    """Name the locked versions that today's schema cannot read, with the reasons."""
    found = []
    for subject, normal in normals.items():
        for number, version in enumerate(lock.get(subject, ()), 1):
            if version.schema == normal:
                continue
            reasons = unreadable_because(normal, version.schema)
            found += [f"{subject}: cannot read version {number}: {each}" for each in reasons]
    return found


def unreadable_because(reader: object, writer: object) -> list[str]:
    """Say why one schema cannot read what the other wrote; empty when it can."""
    checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]
    verdict = checker.get_compatibility(parse(json.dumps(reader)), parse(json.dumps(writer)))
    if verdict.compatibility is SchemaCompatibilityType.compatible:
        return []
    return sorted(
        f"{why} at {where}" for why, where in zip(verdict.messages, verdict.locations, strict=False)
    )


def removed(base: Lock, lock: Lock) -> list[str]:
    """Name the versions of an older lock that were changed or dropped."""
    return [
        f"{subject}: a locked version was changed or dropped"
        for subject, versions in sorted(base.items())
        if lock.get(subject, ())[: len(versions)] != versions
    ]


def refused_reset(changelog: Path) -> list[str]:
    """Refuse once a version was released: bytes under those ids exist outside."""
    if changelog.exists() and RELEASE.search(changelog.read_text(encoding="utf-8")):
        return [f"{changelog.name} names a release: ids are for ever, use --register"]
    return []


if __name__ == "__main__":
    sys.exit(main())
