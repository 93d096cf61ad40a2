"""Golden bytes: write the files of new schema versions, `python -m tests.contract.golden`.

Owns: one file per subject and version: the bytes fastavro wrote, and what they mean.
Never: changes a file that exists; `--reset` starts again and is refused after a release.
"""

import argparse
import json
import sys
from io import BytesIO
from pathlib import Path

from fastavro import parse_schema, schemaless_writer

from schemas.lock import read_lock
from schemas.registry import CHANGELOG_PATH, refused_reset
from tests.contract.golden.samples import SAMPLES, Sampler

FOLDER = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.contract.golden", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="remove all files first")
    if parser.parse_args().reset:
        problems = refused_reset(CHANGELOG_PATH)
        if problems:
            sys.exit("\n".join(problems))
        for path in FOLDER.glob("*.json"):
            path.unlink()
    wanted = golden_files()
    for name, text in wanted.items():
        path = FOLDER / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            sys.exit(f"{name} exists and differs: golden bytes are for ever")
    sys.stdout.write(f"{len(wanted)} golden files\n")


def golden_files():
    """The text of every golden file by name, made from the lock alone."""
    return {
        f"{subject}.v{number}.json": golden_text(subject, version)
        for subject, versions in sorted(read_lock().items())
        for number, version in enumerate(versions, 1)
    }


def golden_text(subject, version):
    samples = {}
    for sample in SAMPLES:
        value = Sampler(sample).value(version.schema)
        frame = b"\x00" + version.schema_id.to_bytes(4, "big")
        samples[sample] = {
            "hex": (frame + written(version.schema, value)).hex(),
            "value": shown(value),
        }
    document = {"subject": subject, "fingerprint": version.fingerprint, "samples": samples}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def written(schema, value):
    out = BytesIO()
    schemaless_writer(out, parse_schema(schema), value)
    return out.getvalue()


def shown(value):
    """The value as JSON: bytes as hex, a record of a union as {its name: record}."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return {value[0]: shown(value[1])}
    if isinstance(value, list):
        return [shown(each) for each in value]
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    return value


if __name__ == "__main__":
    main()
