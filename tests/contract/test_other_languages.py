"""The page for other languages: its hashes, bytes and schema id are those of this code."""

import re

from schemas.codec import decode, encode
from schemas.messages.commands import Transfer, WalletCommand
from tests.support.sources import ROOT
from topics.partitioning import murmur2, partition_of

PAGE = (ROOT / "docs/guides/other-languages.md").read_text(encoding="utf-8")
FRAME = re.compile(r"(?:putInt\(|AppendUint32\(\[]byte\{0}, |writeUInt32BE\()(\d+)")
LATEST = WalletCommand(
    "order-4711", "ann", 1_750_075_200_000_000, Transfer("ben", "EUR", 12_50), (), False, None
)


def test_keys_have_the_hashes_and_partitions_it_says():
    rows = re.findall(r"^\| `(\S+)` \| (-?\d+) \| (\d) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 5
    for key, hashed, partition in rows:
        assert (murmur2(key.encode()), partition_of(key, 8)) == (int(hashed), int(partition))


def test_the_bytes_are_those_of_the_command():
    (text,) = re.findall(r"```text\n([0-9a-f]+)\n```", PAGE)
    assert encode(LATEST).hex() == text
    assert decode(WalletCommand, bytes.fromhex(text)) == LATEST


def test_programs_frame_by_the_newest_schema():
    newest = int.from_bytes(encode(LATEST)[1:5], "big")
    programs = re.findall(r"```(?:java|go|js)\n(.*?)```", PAGE, re.DOTALL)
    framed = [FRAME.findall(each) for each in programs]
    assert framed == [[str(newest)]] * 3
