"""The pure core: decide, evolve, journal, limits, fraud.

Owns: every rule about money.
Never: I/O, clock, randomness or a framework.
"""
