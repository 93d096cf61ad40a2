"""The exactly-once partition runtime, written once for every job.

Owns: positions, producers, bounds, overlays, local stores, the exits of a partition.
Never: decides anything of a job; knows Faust outside `host/`.

Theory: the broker's transaction is the only commit. A group of inputs is decided on an overlay, its
log records are acknowledged, then its outputs, then the transaction commits, then the local store
follows. Whatever dies in between is decided by the log at the next recovery.
"""
