"""`ledgerctl lag`: how far each sink is behind the log, in Decisions.

Owns: the words on the command line.
Never: computes lag from offsets.
"""
