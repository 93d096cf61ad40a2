"""Simulate: the shipped runtime, job and sinks over a virtual broker, clock and disk, by seed.

Owns: everything around the shipped code that can go wrong, and the check that nothing came of it.
Never: changes or copies what it simulates. It reaches the runtime through `streams.runtime.ports`,
a sink through its source and its store, and nothing else.
"""
