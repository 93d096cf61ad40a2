"""A log, the stores job that follows it, and a store whose rows can be damaged."""

from ledger.tally import Tally, bucket_of, rows_of, sequences_of
from schemas.codec import decode, encode
from schemas.messages.recon import (
    Attestation,
    BreakClosed,
    BreakOpened,
    JournalHeld,
    ReconEvent,
    RepairOrdered,
)
from schemas.messages.vocabulary import Store
from streams.reconciliation.stores.job import StoresJob
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord
from streams.runtime.overlay import OverlayState
from streams.sealed import SealedJob
from topics.catalog import EVENTS, SINK_ATTESTATIONS

SECOND = 1_000_000


class Depot:
    """One partition: the job on a disk that survives it, and what a store holds."""

    def __init__(self, log):
        self.log = log
        self.disk = FakeDisk()
        self.read = 0  # records of the log that the job was shown
        self.now = SECOND
        self.said = []
        self.told = 0
        self.held = {each.sequence: rows_of(each) for each in log.decisions}
        self.seals = [group[-1].sequence for group in log.groups]
        self._bind()

    def _bind(self):
        job = SealedJob(StoresJob())
        self.overlay = OverlayState(job.tables, self.disk.open())
        self.steps = job.open(self.overlay, self.log.partition)

    def again(self):
        """Another process on the same disk."""
        self.disk.locked = False
        self._bind()

    def follow(self, sequence=None):
        """Show the job the log, up to the seal of a sequence; commit after every record."""
        while self.read < len(self.log.records):
            offset, value, _ = self.log.records[self.read]
            if sequence is not None and self._stands() >= sequence:
                return self
            self.read += 1
            self._step(InputRecord(EVENTS.name, 0, offset, self.now, b"k", value))
        return self

    def _stands(self):
        row = self.overlay.table(StoresJob.tables[4]).get("")
        return 0 if row is None else row.number

    def attest(self, bucket, watermark):
        """Hand the job what an auditor would say that reads a bucket at a watermark."""
        self.tell(JournalHeld(bucket, watermark, self.attested(bucket, watermark)))
        return self

    def attested(self, bucket, watermark):
        """What the store holds of a bucket."""
        first, last = sequences_of(bucket)
        tally = Tally(bucket)
        beyond = 2**63 if bucket == bucket_of(watermark) else last
        for sequence, rows in self.held.items():
            honest = first <= sequence <= min(watermark, last)
            if honest or (sequence not in range(1, self.log.sequence + 1) and sequence <= beyond):
                tally.add(sequence, rows)
        return tally.result()

    def tell(self, body, store=Store.POSTGRES):
        value = encode(Attestation(store, body))
        self.told += 1
        place = (SINK_ATTESTATIONS.name, 0, self.told, self.now)
        self._step(InputRecord(*place, b"k", value))

    def _step(self, record):
        outputs = self.steps.step(record)
        self.overlay.fold()
        self.overlay.flush(b"applied")
        self.said += [decode(ReconEvent, each.value) for each in outputs]

    def wait(self, seconds):
        self.now += seconds * SECOND
        return self

    def bodies(self, kind):
        return [each.body for each in self.said if isinstance(each.body, kind)]

    @property
    def opened(self):
        return self.bodies(BreakOpened)

    @property
    def orders(self):
        return self.bodies(RepairOrdered)

    @property
    def closed(self):
        return self.bodies(BreakClosed)
