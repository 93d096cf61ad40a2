#!/usr/bin/env python3
"""Check an exported ledger without anything of ours: the standard library and `cryptography`.

    ledgerctl checkpoints export FOLDER --key 'name+12ab34cd+AQ...'
    python verifier/verify_ledger.py FOLDER 'name+12ab34cd+AQ...'

The folder holds `schemas.json` (what a Decision looks like, by the id in its frame), `log-P.jsonl`
(one record a line: offset, value, chain) and `checkpoints.jsonl` (signed notes). Checked of every
record: sequence, seal, link in the hash chain, entries that sum to zero; of every checkpoint: its
signature, and that the log has what was signed. What does not hold is printed; exits with 1 then.
"""

import base64
import json
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FRAME_BYTES = 5  # a zero and the id of the schema


class Damage(Exception): ...


def read_long(data, at):
    shift = number = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (number >> 1) ^ -(number & 1), at
        shift += 7


def named_in(schema):
    if isinstance(schema, list):
        return {name: kind for each in schema for name, kind in named_in(each).items()}
    if not isinstance(schema, dict):
        return {}
    fields = [each["type"] for each in schema.get("fields", ())]
    return {schema.get("name"): schema, **named_in([*fields, schema.get("items")])}


def read_value(kind, names, data, at):
    if isinstance(kind, list):
        branch, at = read_long(data, at)
        return read_value(kind[branch], names, data, at)
    shape = kind["type"] if isinstance(kind, dict) else kind
    match shape:
        case "null":
            return None, at
        case "boolean":
            return data[at] == 1, at + 1
        case "int" | "long":
            return read_long(data, at)
        case "bytes" | "string":
            size, at = read_long(data, at)
            if size < 0 or at + size > len(data):
                raise IndexError(size)
            return data[at : at + size], at + size
        case "enum":
            index, at = read_long(data, at)
            return kind["symbols"][index], at
        case "array":
            items = []
            while count := (head := read_long(data, at))[0]:
                at = head[1] if count > 0 else read_long(data, head[1])[1]  # or its length too
                for _ in range(abs(count)):
                    item, at = read_value(kind["items"], names, data, at)
                    items.append(item)
            return items, head[1]
        case "record":
            found = {}
            for field in kind["fields"]:
                found[field["name"]], at = read_value(field["type"], names, data, at)
            return found, at
    return read_value(names[shape], names, data, at)


def grown(subtrees, size, leaf):
    """Add a leaf to a tree of `size` leaves: RFC 6962, one hash for each 1-bit of the size."""
    while size & 1:
        leaf, size = sha256(b"\x01" + subtrees.pop() + leaf).digest(), size >> 1
    subtrees.append(leaf)


def root_of(subtrees):
    root = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        root = sha256(b"\x01" + left + root).digest()
    return root


def check_partition(number, lines, schemas):
    """Return {size: (ledger id, root, chain)} of every sealed beginning of the partition."""
    heads, subtrees, waiting, offset = {}, [], [], -1
    head = chain = bytes(32)
    for line in lines:
        record = json.loads(line)
        value, stored = (base64.b64decode(record[name]) for name in ("value", "chain"))
        where = f"partition {number}, offset {record['offset']}"
        try:
            schema, names = schemas[int.from_bytes(value[1:FRAME_BYTES], "big")]
            decision, end = read_value(schema, names, value, FRAME_BYTES)
        except (IndexError, KeyError, TypeError) as error:
            raise Damage(
                f"{where}, after sequence {len(heads) + len(waiting)}: unreadable"
            ) from error
        sequence = decision["sequence"]
        where = f"{where}, sequence {sequence}"
        if waiting and sequence == len(heads) + 1:
            waiting, head = [], chain  # a torn transaction that was decided again
        if sequence != len(heads) + len(waiting) + 1 or record["offset"] <= offset:
            raise Damage(f"{where}: {len(heads) + len(waiting) + 1} must follow")
        offset = record["offset"]
        if end != len(value) or decision["partition"] != number:
            raise Damage(f"{where}: not a Decision of this partition")
        leaf = sha256(b"\x00" + value).digest()
        head = sha256(b"\x02" + head + leaf).digest()
        if head != stored:
            raise Damage(f"{where}: breaks the hash chain")
        for entry in decision["entries"]:
            sums = Counter()
            for posting in entry["postings"]:
                sums[posting["currency"]] += posting["amount"]
            if any(sums.values()):
                raise Damage(f"{where}: an entry does not sum to zero: {dict(sums)}")
        waiting.append((leaf, decision["ledger_id"].decode(), head))
        seal = decision["seal"]
        if seal is None:
            continue
        if (seal["first_sequence"], seal["count"]) != (len(heads) + 1, len(waiting)):
            raise Damage(f"{where}: its seal is of another group")
        for leaf, ledger_id, link in waiting:
            grown(subtrees, len(heads), leaf)
            heads[len(heads) + 1] = (ledger_id, root_of(subtrees), link)
        waiting, chain = [], head
    return heads


def check_note(note, keys):
    """Return the signed text. A key: name+id+base64 of 0x01 and the Ed25519 public key."""
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        name, _, made = line.removeprefix("\N{EM DASH} ").partition(" ")
        signature = base64.b64decode(made)
        if (name, signature[:4].hex()) in keys:
            try:
                keys[name, signature[:4].hex()].verify(signature[4:], f"{text}\n".encode())
            except InvalidSignature as error:
                raise Damage(f"checkpoint {text.splitlines()[:2]}: wrong signature") from error
            return text
    raise Damage(f"checkpoint {text.splitlines()[:2]}: signed by nobody who is trusted")


def check_checkpoint(text, heads):
    origin, size, root, chain = text.splitlines()
    ledger_id, _, number = origin.rsplit("/", 2)
    if (known := heads.get(int(number), {})) is None:
        return 0  # its partition is damaged, and that has been told
    signed = (ledger_id, base64.b64decode(root), base64.b64decode(chain.removeprefix("chain ")))
    if known.get(int(size)) != signed:
        raise Damage(f"partition {number}: its first {size} Decisions are not those signed for")
    return 1


def main(folder, *trusted):
    keys, heads, damage, notes = {}, {}, [], 0
    for each in trusted:
        name, key_id, key = each.split("+", 2)
        keys[name, key_id] = Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:])
    shapes = json.loads(Path(folder, "schemas.json").read_text(encoding="utf-8"))
    schemas = {int(number): (shape, named_in(shape)) for number, shape in shapes.items()}
    for path in sorted(Path(folder).glob("log-*.jsonl")):
        number = int(path.stem.removeprefix("log-"))
        try:
            with path.open(encoding="utf-8") as lines:
                heads[number] = check_partition(number, lines, schemas)
        except Damage as error:
            heads[number] = None
            damage.append(str(error))
    for line in Path(folder, "checkpoints.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            notes += check_checkpoint(check_note(json.loads(line), keys), heads)
        except Damage as error:
            damage.append(str(error))
    total = sum(len(known) for known in heads.values() if known)
    print(f"{total} Decisions of {len(heads)} partitions, {notes} signed checkpoints hold")
    print("\n".join(damage) or "no difference")
    return 1 if damage else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if sys.argv[1:] else __doc__)
