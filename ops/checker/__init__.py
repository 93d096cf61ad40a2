"""The checker: after a run, everything against everything, from the topics and stores alone.

Owns: the seventeen checks, one file per natural group, and the report of what they found.
Never: samples, repairs, or believes a worker, a sink or a client; what these said is checked too.
"""
