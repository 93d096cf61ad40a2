"""Memory: what every store must hold, in dictionaries; the reference of the tests.

Owns: the plainest possible sink, its reads and digest.
Never: used by a running system.
"""
