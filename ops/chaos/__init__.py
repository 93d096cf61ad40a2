"""Chaos: real processes, real servers, and everything that can happen to them, at random times.

Owns: the faults, the schedule drawn from a seed, the load, the proxy, and the report of a run.
Never: a switch in shipped code; faults come from outside: signals, files, sockets.
"""
