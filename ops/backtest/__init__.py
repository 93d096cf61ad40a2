"""`ledgerctl back-test`: what a ruleset would have said about everything in the log.

Owns: the proof that the log is decided again byte for byte, the candidate beside it, the report.
Never: changes what follows: state is always that of the recorded log.
"""
