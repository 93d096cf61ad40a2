"""Audit: what the log says, added up on its own, to hold everything else against.

Owns: the sums of a log, and the comparison of state and stores with it.
Never: trusts a number that a worker or sink computed.
"""
