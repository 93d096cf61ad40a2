"""An archive of a ledger of one partition, made without a broker."""

from ops.backup.archived import ARCHIVED
from ops.backup.create import Creation
from ops.backup.manifest import Manifest
from ops.backup.place import Archive
from ops.backup.segment import Entry
from tests.unit.ops.proof.logs import records_of
from topics.catalog import EVENTS

NOW_US = 1_800_000_000_000_000
RECORDS = records_of(commands=40)


def entry_of(record):
    return Entry(
        record.offset,
        record.append_time_us // 1_000,
        record.key,
        record.value,
        tuple(record.headers.items()),
    )


ENTRIES = [entry_of(record) for record in RECORDS]


class Topics:
    """What a broker has, for a `Creation` to read; satisfies `Source`."""

    def __init__(self, log=ENTRIES):
        self.log = {(EVENTS.name, 0): list(log)}
        self.firsts = {}
        self.after = {}
        self.read = []

    def first(self, topic, partition):
        return self.firsts.get((topic, partition), 0)

    def end(self, topic, partition):
        entries = self.log.get((topic, partition), ())
        return self.after.get((topic, partition), entries[-1].offset + 2 if entries else 0)

    def entries(self, topic, partition, start, end):
        for entry in self.log.get((topic, partition), ()):
            if start <= entry.offset < end:
                self.read.append((topic, entry.offset))
                yield entry


def created(folder, topics, manifest=None):
    """Run `create` once; the archive, its manifest, and what was added."""
    archive = Archive(str(folder))
    found = manifest or archive.manifest() or Manifest(partitions=1)
    creation = Creation(archive, topics, found, lambda _line: None)
    return archive, creation.run(lambda: NOW_US), creation.added


TOPICS = [topic.name for topic in ARCHIVED]
