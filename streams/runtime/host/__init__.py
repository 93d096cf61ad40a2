"""The Faust host: group membership, assignment and whole-batch hand-overs for the partitions.

Owns: everything that knows Faust, mode or aiokafka; the partitions' threads; how a worker process
starts and ends.
Never: decides, stores, produces, or commits an offset. Positions come from the job's log.
"""
